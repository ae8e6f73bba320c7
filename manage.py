#!/usr/bin/env python
"""Every command of the system. Starts the embedded PostgreSQL and Redis for its own duration when none are
configured.
"""

import os
import sys

from django.core.management import execute_from_command_line

# These neither read nor write the database, so they need no services.
WITHOUT_SERVICES = {
    "collect_messages",
    "draw_moves",
    "help",
    "version",
    "collectstatic",
    "diffsettings",
    "mock_departments",
    "spectacular",
}


def main() -> None:
    """Run one management command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "housing_credit.settings")
    if len(sys.argv) > 1 and sys.argv[1] not in WITHOUT_SERVICES:
        # Imported here, as `help` is to work before anything is installed or running.
        from housing_credit.embedded import ensure_running  # noqa: PLC0415
        from housing_credit.first_use import lay_ground  # noqa: PLC0415

        ensure_running()
        if not os.environ.get("DATABASE_URL"):
            lay_ground(sys.argv[1])
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
