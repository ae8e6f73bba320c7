"""What the pages of a trial show: how far it is, who leaves and joins by district, which households; the workbook."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

import msgspec
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.models import Office, Staff
from bureau.roles import Role
from verification import spreadsheet, trials, trying, wording
from verification.comparison import TRIAL_KINDS, Tried
from verification.models import Trial, TrialRow
from verification.pages.household import applicant_of, offices_of
from verification.querysets_trials import TrialRowQuerySet
from verification.wording import trials as words

MOST_LISTED = 5000  # households in one workbook; each is a look that is recorded

_tried = msgspec.json.Decoder(Tried)


def sees_households(staff: Staff) -> bool:
    """Whether the households of a trial are shown to this person; administrators see the figures alone."""
    return staff.holds(Role.CHECK_OFFICER, Role.AUDITOR)


def trial_context(trial: Trial, staff: Staff) -> dict[str, Any]:
    """One trial: its figures by district and by criterion, and what this person can do."""
    counts = trying.counts_of(trial)
    done = sum(number for kinds in counts.districts.values() for number in kinds.values())
    linked = sees_households(staff)
    return {
        "trial": trial,
        "standard": trial.standard,
        "population": population_words(trying.population_of(trial), trial.standard.programme),
        "kinds": [{"kind": kind, "name": words.kind_name(kind), "tone": words.kind_tone(kind)} for kind in TRIAL_KINDS],
        "totals": _cells(trial, _summed(counts.districts), linked=linked),
        "districts": list(_places(trial, counts.districts, district_names(counts.districts), "district", linked)),
        "criteria": list(_places(trial, counts.criteria, _criterion_names(counts.criteria), "criterion", linked)),
        "done": done,
        "active": not trial.is_finished,
        "url": _url("trial_progress", trial),
        # Translators: 已试算 %(done)s 户，共 %(all)s 户。
        "announce": _("%(done)s of %(all)s households are tried.") % {"done": done, "all": trial.households},
        "why_not_signed": trials.why_not_signed(trial, staff) if trial.signed_at is None else "",
        "may_sign": trial.signed_at is None and not trials.why_not_signed(trial, staff),
        "holds": trial.content_digest == trying.digest_of(trial.standard.content),
        "households_url": _url("trial_households", trial) if linked else "",
    }


def _url(name: str, trial: Trial) -> str:
    return reverse(f"verification:{name}", args=[trial.standard.code, trial.number])


def figures_of(trial: Trial) -> list[tuple[str, str]]:
    """What becomes of how many households, for whoever signs; who stays and all of them always, others if there are."""
    counted = _summed(trying.counts_of(trial).districts)
    told = [(words.kind_name(kind), f"{number:,}") for kind, number in counted.items() if number or kind == "stays"]
    return [*told, (_("Households"), f"{trial.households:,}")]


def population_words(population: trying.Population, programme: str) -> list[str]:
    """Whose results were tried, in words."""
    told = [wording.programme_name(programme)]
    if population.round:
        # Translators: 批次 %(number)s
        told.append(_("Round %(number)s") % {"number": population.round})
    else:
        told.append(_period(population.since, population.until))
    named = district_names(population.districts)
    # Translators: 全市
    told.append("、".join(named[code] for code in population.districts) or _("All districts"))
    return told


def _period(since: date | None, until: date | None) -> str:
    if since and until:
        # Translators: %(since)s 至 %(until)s 出具结论
        return _("concluded from %(since)s to %(until)s") % {"since": since, "until": until}
    if since:
        # Translators: %(since)s 起出具结论
        return _("concluded from %(since)s on") % {"since": since}
    if until:
        # Translators: 截至 %(until)s 出具结论
        return _("concluded until %(until)s") % {"until": until}
    # Translators: 全部已出具结论的核对
    return _("every concluded check")


def district_names(codes: Sequence[str] | Mapping[str, Any]) -> dict[str, str]:
    """The names of districts by code; a code that has none stands for itself."""
    known = {office.code: office.name for office in Office.objects.filter(code__in=[*codes])}
    return {code: known.get(code, code) for code in codes}


def _criterion_names(criteria: Mapping[str, Any]) -> dict[str, str]:
    return {name: words.turned_by(name) for name in criteria}


def _summed(places: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    return {kind: sum(kinds.get(kind, 0) for kinds in places.values()) for kind in TRIAL_KINDS}


def _places(
    trial: Trial, counted: Mapping[str, Mapping[str, int]], names: Mapping[str, str], field: str, linked: bool
) -> Any:
    """A row per district, or per criterion that turned."""
    for code, kinds in counted.items():
        yield {
            "name": names[code],
            "total": sum(kinds.values()),
            "cells": _cells(trial, kinds, linked=linked, **{field: code}),
        }


def _cells(trial: Trial, kinds: Mapping[str, int], *, linked: bool, **chosen: str) -> list[dict[str, Any]]:
    """A cell per kind, with the list of households that makes the number; who stays is on no list."""
    address = _url("trial_households", trial)
    return [
        {
            "kind": kind,
            "name": words.kind_name(kind),
            "count": kinds.get(kind, 0),
            "url": f"{address}?{urlencode({**chosen, 'kind': kind})}"
            if linked and kind != "stays" and kinds.get(kind)
            else "",
        }
        for kind in TRIAL_KINDS
    ]


def rows_in(trial: Trial, staff: Staff, *, district: str = "", kind: str = "", criterion: str = "") -> TrialRowQuerySet:
    """The households of a trial that differ, of this person's offices, in the order in which they were assessed."""
    rows: TrialRowQuerySet = TrialRow.objects.of_trial(trial.pk).visible_to(staff)
    if district:
        rows = rows.filter(office_code__startswith=district)
    if kind:
        rows = rows.filter(kind=kind)
    return rows.filter(criteria__contains=[criterion]) if criterion else rows


def household_rows(rows: Any) -> list[dict[str, Any]]:
    """Households as they are listed: masked, how each stands and would stand, and why; three queries for all."""
    shown = list(rows.select_related("check_ordered"))
    names, offices = wording.source_names(), offices_of(row.check_ordered for row in shown)
    return [
        {
            "check": row.check_ordered,
            "household": applicant_of(row.check_ordered),
            "office": offices.get(row.office_code, row.office_code),
            "was": row.was,
            "now": row.now,
            "tone": words.kind_tone(row.kind),
            "kind": words.kind_name(row.kind),
            "texts": words.turned_texts(_tried.decode(row.content), names) if row.now else [row.failure],
        }
        for row in shown
    ]


def workbook(trial: Trial, rows: Sequence[Mapping[str, Any]] | None, left_out: int = 0) -> bytes:
    """The figures of a trial, and the households where they are given, as a workbook."""
    counts = trying.counts_of(trial)
    title = f"{trial.standard.name} #{trial.number}"
    notes = [title, " · ".join(population_words(trying.population_of(trial), trial.standard.programme))]
    # Translators: 摘要（SM3）%(digest)s
    notes.append(_("Digest (SM3) %(digest)s") % {"digest": trial.result_digest})
    kinds = [words.kind_name(kind) for kind in TRIAL_KINDS]
    sheets = [
        # Translators: 各区
        _figures(_("By district"), _("District"), notes, kinds, counts.districts, district_names(counts.districts)),
        # Translators: 各条件
        _figures(_("By criterion"), _("Criterion"), [], kinds, counts.criteria, _criterion_names(counts.criteria)),
    ]
    if rows is not None:
        # Translators: 另有 %(count)s 户未列入，请按区导出。
        rest = [_("%(count)s more households are not listed here; export by district.") % {"count": left_out}]
        sheets.append(_households(rows, rest if left_out else []))
    return spreadsheet.listing(title, sheets, at=trial.finished_at or timezone.now())


def _figures(
    title: str,
    head: str,
    notes: Sequence[str],
    kinds: Sequence[str],
    counted: Mapping[str, Mapping[str, int]],
    names: Mapping[str, str],
) -> spreadsheet.Sheet:
    rows: list[list[object]] = [
        [names[code], *(found.get(kind, 0) for kind in TRIAL_KINDS)] for code, found in counted.items()
    ]
    if notes:
        rows.append([_("All"), *_summed(counted).values()])
    return spreadsheet.Sheet(title, notes, [head, *kinds], rows)


def _households(rows: Sequence[Mapping[str, Any]], notes: Sequence[str]) -> spreadsheet.Sheet:
    heads = [_("Number"), _("Applicant"), _("Case"), _("Office")]
    heads += [_("As it stands"), _("As it would be"), _("Why it turns")]
    lines = [
        (
            *(row["check"].number, row["household"], row["check"].subject, row["office"]),
            *(wording.conclusion_name(row["was"]), wording.conclusion_name(row["now"]) if row["now"] else row["kind"]),
            "\n".join(row["texts"]),
        )
        for row in rows
    ]
    return spreadsheet.Sheet(_("Households"), notes, heads, lines)
