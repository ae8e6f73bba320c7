"""The letter that tells a household its result (家庭核对结果告知书): put together from the very page that shows it.

What `pages.copy_context` gives is printed as it is, so that page and paper cannot differ.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from applications import letters_out
from applications.models import Application
from bureau import letter_data, masks
from verification import reports, wording

Row = Mapping[str, Any]


def letter(
    case: Application,
    shown: Row,
    *,
    recipient: str,
    agreed: Iterable[str],
    days: int,
    until: date | None,
    no_objection: str = "",
) -> letter_data.HouseholdCopy:
    """Everything of the letter but its number, date and check code. Of others than the recipient only masked names."""
    statement, result = shown["statement"], shown["result"]
    evidence = _Evidence(statement)
    header = letters_out.header_of(case)
    if header["applicant"] != recipient:
        header["applicant"] = masks.name(header["applicant"])
    return letter_data.HouseholdCopy(
        **header,
        recipient=recipient,
        check=result["check"],
        concluded_on=timezone.localdate(result["on"]),
        as_of=statement["row"].on,
        completeness=statement["completeness"],
        conclusion=result["outcome"],
        agreed=tuple(map(masks.name, agreed)),
        failed=tuple(figure["name"] for figure in shown["failed"]),
        figures=tuple(_fall(figure, evidence) for section in statement["sections"] for figure in section["figures"]),
        lines=tuple(_line(line, evidence) for section in statement["sections"] for line in section["lines"]),
        cautions=tuple(_cautions(statement)),
        evidence=evidence.rows(),
        objection_to="，".join(part for part in (case.office.name_zh, case.office.address, case.office.phone) if part),
        objection_days=days,
        objection_until=until,
        no_objection=no_objection,
    )


class _Evidence:
    """The requests behind the figures, numbered as they are first met, so that a row can point to them."""

    def __init__(self, statement: Row) -> None:
        self._rows: dict[str, Row] = {}
        for section in statement["sections"]:
            for figure in section["figures"]:
                for row in (*figure["sources"], *figure["quiet"]):
                    self._meet(row["evidence"])
            for line in section["lines"]:
                self._meet(line["evidence"])
        self._numbers = {number: place for place, number in enumerate(self._rows, 1)}

    def _meet(self, evidence: Row | None) -> None:
        if evidence:
            self._rows.setdefault(evidence["request_number"], evidence)

    def place(self, evidence: Row | None) -> int | None:
        """Where the evidence stands in the list."""
        return self._numbers[evidence["request_number"]] if evidence else None

    def rows(self) -> tuple[letter_data.Exchange, ...]:
        """The list itself."""
        return tuple(
            letter_data.Exchange(
                source=each["source"],
                request_number=each["request_number"],
                answered_at=reports.moment(each["replied_at"]),
            )
            for each in self._rows.values()
        )


def _fall(figure: Row, evidence: _Evidence) -> letter_data.Fall:
    quiet = sorted(place for row in figure["quiet"] if (place := evidence.place(row["evidence"])))
    references = "".join(f"[{place}]" for place in quiet)
    return letter_data.Fall(
        name=figure["name"],
        value=figure["value"],
        met=figure["met"],
        declared=figure["declared"],
        declared_used=figure["declared_used"],
        sources=tuple(
            letter_data.FallSource(
                name=row["name"],
                says=row["says"],
                used=row["used"],
                silent=wording.listed(_reserve(row)),
                evidence=evidence.place(row["evidence"]),
            )
            for row in figure["sources"]
        ),
        quiet=f"{figure['quiet_words']} {references}".strip() if figure["quiet"] else "",
        rule=figure["rule"],
        used=figure["used"],
        limit=figure["limit"],
        standard=figure["standard"],
        basis=figure["article"],
        distance=figure["distance"],
    )


def _reserve(row: Row) -> Iterator[str]:
    """Of whom a source is silent, and that what it tells is of earlier or old."""
    for each in row["silent"]:
        yield f"{each['member']} {wording.outcome_name(each['outcome'])}".strip()
    if row["caution"]:
        yield row["caution"]


def _line(line: Row, evidence: _Evidence) -> letter_data.CopyLine:
    item = line["text"]
    if line["besides"]:  # the price of a vehicle stands apart, so that the column has one unit
        # Translators: %(what)s（%(amount)s）
        item = _("%(what)s (%(amount)s)") % {"what": item, "amount": line["besides"]}
    return letter_data.CopyLine(
        number=f"{line['number']}",
        item=item,
        member=line["member"],
        source=line["source"],
        says=line["found"],
        used=line["counted"] if line["used"] else wording.MISSING,
        why=line["reason"],
        evidence=evidence.place(line["evidence"]),
    )


def _cautions(statement: Row) -> Iterator[str]:
    """Who owes an answer, what is of earlier or by old data, and the notice that the standard itself bears."""
    if statement["missing"]:
        # Translators: 下列来源未反馈：%(sources)s。
        yield _("No answer from: %(sources)s.") % {"sources": wording.listed(statement["missing"])}
    yield from statement["cautions"]
    if statement["standard"].notice:
        yield statement["standard"].notice
