"""`manage.py try_standard`: a standard that is not in force yet, run over households checked before (标准试算).

Works in this process to the end and writes nothing but the trial. A trial that was left behind is gone on with by
`--go-on NUMBER`.
"""

import sys
from datetime import date
from typing import Any

import msgspec
from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

from bureau.errors import CaseError
from bureau.models import Staff
from verification import trials, trying
from verification.comparison import TRIAL_KINDS
from verification.models import Standard, Trial


class Command(BaseCommand):
    help = "Try a standard that is not in force yet on households checked before: who would leave, who would join."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("standard", help="code of the standard")
        parser.add_argument("--by", required=True, metavar="USERNAME", help="who runs it; another person signs it")
        parser.add_argument("--district", action="append", default=[], metavar="CODE", help="of 6 digits; repeatable")
        parser.add_argument("--since", type=date.fromisoformat, metavar="DAY", help="concluded on this day or later")
        parser.add_argument("--until", type=date.fromisoformat, metavar="DAY", help="concluded on this day or earlier")
        parser.add_argument("--round", default="", metavar="NUMBER", help="the households of one round instead")
        parser.add_argument("--go-on", type=int, metavar="NUMBER", help="go on with this trial of the standard")
        parser.add_argument("--json", action="store_true", help="print one JSON object, alone on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        trial = self._trial(**options)
        with Progress(
            BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=Console(file=sys.stderr)
        ) as bar:
            batches = bar.add_task("", total=trial.batches.count())
            while not trying.work(trial.pk, seconds=1):
                bar.update(batches, completed=trial.batches.exclude(done_at=None).count())
            bar.update(batches, completed=trial.batches.count())
        trial.refresh_from_db()
        told = _told(trial)
        if options["json"]:
            self.stdout.write(msgspec.json.encode(told).decode())
            return
        self.stdout.write(f"{trial.standard.name}, from {trial.standard.effective_from}: trial {trial.number}")
        for district, kinds in told["districts"].items():
            self.stdout.write(f"{district}  " + "  ".join(f"{kind} {number}" for kind, number in kinds.items()))
        self.stdout.write(f"{told['households']} households, digest {told['digest']}")

    def _trial(self, **options: Any) -> Trial:
        standard = Standard.objects.filter(code=options["standard"]).first()
        by = Staff.objects.filter(username=options["by"], is_active=True).first()
        if standard is None or by is None:
            raise CommandError(
                "There is no such standard." if standard is None else "There is no such member of staff."
            )
        if options["go_on"] is not None:
            trial: Trial | None = standard.trials.filter(number=options["go_on"]).first()
            if trial is None:
                raise CommandError("The standard has no trial of this number.")
            return trial
        population = trying.Population(
            districts=tuple(options["district"]),
            since=options["since"],
            until=options["until"],
            round=options["round"],
        )
        try:
            return trials.begin(standard, population, by=by)
        except CaseError as error:
            fields = getattr(error, "fields", {})
            raise CommandError(
                "\n".join([str(error), *(text for texts in fields.values() for text in texts)])
            ) from error


def _told(trial: Trial) -> dict[str, Any]:
    counts = trying.counts_of(trial)
    return {
        "standard": trial.standard.code,
        "effective_from": trial.standard.effective_from,
        "trial": trial.number,
        "population": trial.population,
        "households": trial.households,
        "kinds": {kind: sum(told.get(kind, 0) for told in counts.districts.values()) for kind in sorted(TRIAL_KINDS)},
        "districts": counts.districts,
        "criteria": counts.criteria,
        "digest": trial.result_digest,
    }
