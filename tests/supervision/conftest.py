"""A calendar that goes on when a test says so, as for the registry."""

from tests.credit.conftest import later

__all__ = ["later"]
