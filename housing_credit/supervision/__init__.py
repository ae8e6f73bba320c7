"""One view over all districts (监管一张网): what is under way and late, what is stuck, how fairly it is decided."""
