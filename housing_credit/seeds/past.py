"""A demonstration has no past, and the registry lets nobody date anything back. So its first cases are entered with the
calendar some days ago: by the same work modules, which read it as they always do.
"""

import contextlib
from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo
from unittest.mock import patch

from django.utils import timezone

from bureau import workdays


@contextlib.contextmanager
def days_ago(days: int) -> Iterator[None]:
    """Within this block it is so many days earlier, for this process; for nothing but seeds, before anybody works."""

    class Earlier(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) - timedelta(days=days)

    with patch.object(timezone, "datetime", Earlier), patch.object(workdays, "datetime", Earlier):
        yield
