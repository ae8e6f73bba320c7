"""Records as receivers are to be told of them today, by key: read from the measures, whatever the stream has told."""

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from bureau.models import Office
from credit.clocks import Kind, Reason
from credit.feeds import SharedRecord
from credit.feeds.mapping import Mapping, OnEnd
from credit.models import PriorNotice, Sanction


class Known(Struct, frozen=True):
    """A record of ours, and how it is told; None, and it is not to be there any more."""

    sanction: Sanction
    record: SharedRecord | None


def of(keys: Iterable[str], mapping: Mapping, *, today: date) -> dict[str, Known]:
    """Each record that we know, by its key; keys that are nobody's are left out."""
    wanted = set(keys)
    pairs = [(number, subject) for number, _sign, subject in (key.rpartition("-") for key in wanted)]
    rows = Sanction.objects.filter(
        kind=Kind.SHARING.value,
        case__number__in={number for number, _subject in pairs},
        subject_id__in={int(subject) for _number, subject in pairs if subject.isascii() and subject.isdigit()},
    )
    spans: dict[str, list[Sanction]] = {}
    for row in rows.select_related("case__act", "subject").order_by("holds_from"):
        if row.record_key in wanted:
            spans.setdefault(row.record_key, []).append(row)
    firsts = {key: row for key, (row, *_later) in spans.items()}
    told = _prior_notices(firsts.values())
    offices = _offices(firsts.values())
    return {key: _known(rows, mapping, today, told, offices) for key, rows in spans.items()}


def _known(
    rows: list[Sanction], mapping: Mapping, today: date, told: dict[tuple[int, int], date], offices: dict[str, str]
) -> Known:
    """Of several spans of a record the one that holds today, else the newest."""
    row = next((each for each in rows if each.holds(today)), rows[-1])
    holds, case = row.holds(today), row.case
    if case is None or row.subject.kind not in mapping.subjects or not (holds or _stays(row, mapping, today)):
        return Known(row, None)
    record = SharedRecord(
        record_key=row.record_key,
        case_number=case.number,
        subject_kind=row.subject.kind,
        subject_name=row.subject.name,
        identifier=row.subject.identifier,
        act_code=case.act.code,
        act_name=row.act,
        severity=row.severity,
        basis=row.basis,
        recorded_on=rows[0].holds_from,
        holds_from=row.holds_from,
        holds_until=row.holds_until,
        ended_on=None if holds else row.ends_on(),
        end_reason="" if holds else "lifted",
        disputed=row.disputed,
        prior_notice_on=told.get((case.pk, row.subject_id)),
        finder=offices.get(case.office_code, ""),
        finder_code=case.office_code,
    )
    return Known(row, record)


def _stays(row: Sanction, mapping: Mapping, today: date) -> bool:
    """Whether the receiver keeps a record that has ended, with its end. What was set aside is kept by nobody."""
    ends = row.ends_on()
    set_aside = Reason.WITHDRAWN.value in {row.ended_because, row.lifted_reason} or _is_withdrawn(row)
    return mapping.on_end is OnEnd.CHANGE and not set_aside and ends is not None and ends <= today


def _is_withdrawn(row: Sanction) -> bool:
    return row.case is not None and row.case.status in (row.case.Status.WITHDRAWN, row.case.Status.REVOKED)


def _prior_notices(rows: Iterable[Sanction]) -> dict[tuple[int, int], date]:
    notices = PriorNotice.objects.filter(case__in={row.case_id for row in rows})
    return {(notice.case_id, notice.subject_id): notice.on for notice in notices}


def _offices(rows: Iterable[Sanction]) -> dict[str, str]:
    codes = {row.case.office_code for row in rows if row.case}
    return dict(Office.objects.filter(code__in=codes).values_list("code", "name_zh"))
