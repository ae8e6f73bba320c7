"""Template tags that every page may use: `look` for values, `parts` for pieces of a page (docs/screens.md)."""
