"""`manage.py check_household --scenario NAME`: one pinned household through all sources, and what comes of it."""

import sys
import time
from typing import Any

import msgspec
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from housing_credit import rehearsal
from housing_credit.companions import companions
from housing_credit.seeds.sources import seed_sources
from verification import assessing, wording
from verification.comparison import Assessed
from verification.models import Check

LONGEST = 180.0  # seconds until it is given up
WIDTH = 160  # columns, where there is no terminal

_numbers = msgspec.json.Encoder(decimal_format="number")


class Command(BaseCommand):
    help = "Send a pinned household through all sources and print its statement, findings and proposed conclusion."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scenario", help="name of a scenario, see --list")
        parser.add_argument("--list", action="store_true", help="list the scenarios")
        parser.add_argument("--json", action="store_true", help="print one JSON object, alone on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["list"] and not options["scenario"]:
            raise CommandError(_("Name a scenario with --scenario, or list them with --list."))
        try:
            with companions(workers=not options["list"], mock_departments=True):
                seed_sources()  # point at the mock departments of this very run
                self._run(options)
        except rehearsal.RehearsalError as error:
            raise CommandError(str(error)) from error

    def _run(self, options: dict[str, Any]) -> None:
        if options["list"]:
            self._list(as_json=options["json"])
            return
        started = time.monotonic()
        check = rehearsal.order(rehearsal.control(f"scenarios/{options['scenario']}"))
        self._wait(check)
        seconds = time.monotonic() - started
        result = assessing.result_of(check.assessments.order_by("-version")[0])
        if options["json"]:
            self.stdout.write(_numbers.encode(_as_json(options["scenario"], result, seconds)).decode())
        else:
            self.stdout.write(_words(check, result, seconds))

    def _list(self, *, as_json: bool) -> None:
        found = rehearsal.control("scenarios")
        if as_json:
            self.stdout.write(msgspec.json.encode({"scenarios": found}).decode())
            return
        for each in found:
            self.stdout.write(f"{each['name']:<24} {each['title_zh']}  {each['title_en']}")

    def _wait(self, check: Check) -> None:
        """Show how many sources have settled until the check is assessed."""
        total = check.inquiries.count()
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=Console(file=sys.stderr)) as bar:
            task = bar.add_task(_("%(number)s: sources") % {"number": check.number}, total=total)
            deadline = time.monotonic() + LONGEST
            while not rehearsal.wait(check, 0.2):
                if time.monotonic() > deadline:
                    raise CommandError(_("Not all sources settled in time; are the workers running?"))
                bar.update(task, completed=check.inquiries.exclude(state="open").count())
            bar.update(task, completed=total)


def _as_json(scenario: str, result: Assessed, seconds: float) -> dict[str, Any]:
    completeness, comparison = result.statement.completeness, result.comparison
    return {
        "scenario": scenario,
        "conclusion": comparison.proposed,
        "sources": {"asked": completeness.asked, "answered": completeness.answered},
        "findings": [{"kind": each.kind, "member": each.member} for each in comparison.findings],
        "criteria": [
            {"name": each.name, "value": each.value, "limit": each.limit, "met": each.met}
            for each in comparison.criteria
        ],
        "seconds": round(seconds, 3),
    }


def _words(check: Check, result: Assessed, seconds: float) -> str:
    """Statement, criteria, findings and proposed conclusion as people read them."""
    console = Console(width=None if sys.stdout.isatty() else WIDTH)
    names = wording.source_names()
    members = {person.key: person.name for person in assessing.declared_of(check).persons}
    completeness = result.statement.completeness
    with console.capture() as words:
        console.print(_statement(result, names, members))
        console.print(_criteria(result, names))
        for finding in result.comparison.findings:
            member = members.get(finding.member, "")
            console.print(f"• {wording.finding_text(finding.kind, finding.params, member=member, names=names)}")
        console.print(
            _("%(number)s: %(answered)s of %(asked)s sources answered in %(seconds).1f s. Proposed: %(proposed)s")
            % {
                "number": check.number,
                "answered": completeness.answered,
                "asked": completeness.asked,
                "seconds": seconds,
                "proposed": wording.conclusion_name(result.comparison.proposed),
            }
        )
    return words.get()


def _statement(result: Assessed, names: dict[str, str], members: dict[str, str]) -> Table:
    table = Table(title=_("Statement"), show_lines=False)
    for heading in (_("Section"), _("Member"), _("Item"), _("Source")):
        table.add_column(heading)
    table.add_column(_("Verified"), justify="right")
    table.add_column(_("Counted"), justify="right")
    table.add_column(_("Why"))
    for line in result.statement.lines:
        found = wording.quantity(line.area, "m2") if line.area is not None else wording.money_of(line.amount)
        table.add_row(
            wording.section_name(line.section),
            members.get(line.person, ""),
            wording.line_text(line),
            wording.source_name(line.source, names),
            found,
            wording.money_of(line.counted) if line.counted else "",
            wording.line_reason(line),
        )
    return table


def _criteria(result: Assessed, names: dict[str, str]) -> Table:
    table = Table(title=_("Criteria"))
    for heading in (_("Criterion"), _("Result")):
        table.add_column(heading)
    for criterion in result.comparison.criteria:
        table.add_row(wording.criterion_name(criterion.name), wording.reason_words(criterion, names))
    return table
