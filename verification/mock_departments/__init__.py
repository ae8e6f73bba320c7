"""The mock departments: a separate program that plays all 24 sources. It shares no code with the check centre."""

from verification.mock_departments.serving import DEFAULT_PORT, serve

__all__ = ["DEFAULT_PORT", "serve"]
