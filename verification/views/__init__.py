"""The check centre's pages: what is read, and what is done."""
