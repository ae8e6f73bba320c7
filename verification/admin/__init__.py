"""The administration of the check centre: sources, standards, exchanges, control persons. No household's data."""

from verification.admin import control_persons, sources, standards

__all__ = ["control_persons", "sources", "standards"]
