"""Send one household through the whole flow, once: what `make demo` shows before it is ready."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from applications.models import Member
from housing_credit import demo_journey as journey
from housing_credit.companions import companions


class Command(BaseCommand):
    help = "Take one household of a scenario from the window to the decision, through 24 sources over HTTP."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--scenario", default="fit", help="a scenario of the mock departments (check_household --list)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with companions(workers=True, mock_departments=True):
            applicant = journey.declared_of(journey.papers_of(options["scenario"])).persons[0]
            member = (
                Member.objects.filter(id_index=applicant.id_number)
                .select_related("application")
                .order_by("-pk")
                .first()
            )
            if member is not None:
                case = member.application
                self.stdout.write(f"{case.reference} {case.applicant_name}: {case.get_status_display()}")
                return
            case = journey.submit(options["scenario"], say=self._say)
            check = journey.wait_for(journey.review(case, say=self._say))
            journey.decide(case, journey.conclude(check, say=self._say), say=self._say)

    def _say(self, text: str) -> None:
        self.stdout.write(f"  {text}")
        self.stdout.flush()
