"""`manage.py mock_departments`: the 24 sources of the demo, over real HTTP."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from verification.mock_departments.app import DEFAULT_SEED
from verification.mock_departments.serving import serve


class Command(BaseCommand):
    help = "Serve the mock departments until interrupted. They share no code with this system."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=settings.MOCK_PORT)
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument(
            "--seed", type=int, default=DEFAULT_SEED, help="the truth about invented people follows from it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stderr.write(f"Mock departments at http://{options['host']}:{options['port']}")
        serve(port=options["port"], seed=options["seed"], host=options["host"])
