"""A pytest plugin, loaded before Django: real PostgreSQL and Redis of the tests' own, apart from a demo's data.

Every xdist worker has a database of its own (pytest-django) and a Redis database of its own.
"""

import os
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
STATE = Path(os.environ.setdefault("HC_STATE_DIR", str(ROOT / ".run" / "test")))
os.environ.setdefault("LOG_LEVEL", "WARNING")
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the browser driver runs a loop in the test's own thread
for name in ("DATABASE_URL", "REDIS_URL", "PRODUCTION", "PUBLIC_URL"):
    os.environ.pop(name, None)

# Imported only now: settings read the environment.
from housing_credit import embedded  # noqa: E402

number = int(re.sub(r"\D", "", os.environ.get("PYTEST_XDIST_WORKER", "")) or 0)
os.environ["REDIS_URL"] = f"{embedded.addresses().redis_url}?db={number}"


def pytest_configure(config: pytest.Config) -> None:
    """Bring the servers up; they stop when the last test process has ended."""
    embedded.ensure_running()
