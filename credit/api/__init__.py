"""The departments' door."""
