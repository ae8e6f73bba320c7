"""Enter a ban by hand. The ID number is read from standard input, so that it stands in no shell history and no
process list.
"""

import sys
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from bureau.errors import CaseError
from bureau.identifiers import IdentifierError
from bureau.models import Staff
from bureau.roles import Role
from credit import sanctions
from credit.policies import Severity


class Command(BaseCommand):
    help = "Ban a person from housing benefits for 1, 3 or 5 years. Give the ID number on standard input."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", required=True, help="the person's name")
        parser.add_argument("--by", required=True, help="user name of the credit officer who answers for it")
        parser.add_argument(
            "--severity", choices=[*Severity], required=True, help="general 1 year, more_serious 3, serious 5"
        )
        parser.add_argument("--act", required=True, help="the dishonest act, in words")
        parser.add_argument("--basis", default="泰州市市区住房保障诚信管理办法（2017）", help="the legal basis")
        parser.add_argument(
            "--from",
            dest="banned_from",
            type=date.fromisoformat,
            default=None,
            help="first day of the ban, default today",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            sanction = sanctions.impose(
                name=options["name"],
                id_number=sys.stdin.readline().strip(),
                severity=Severity(options["severity"]),
                act=options["act"],
                basis=options["basis"],
                banned_from=options["banned_from"] or timezone.localdate(),
                by=_officer(options["by"]),
            )
        except (CaseError, IdentifierError) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"Banned from {sanction.holds_from} until {sanction.holds_until}.")


def _officer(username: str) -> Staff:
    """Nobody is banned by nobody."""
    found = Staff.objects.filter(username=username, is_active=True).first()
    if found is None or not found.holds(Role.CREDIT_OFFICER):
        raise CommandError(f"{username} is no credit officer.")
    return found
