"""The numbered check report (核对报告): everything a conclusion rests on, in Chinese, ID numbers masked."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

import msgspec
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from bureau import divisions, letter_data, letters, masks
from bureau.composed import INT, TEXT, Composed
from bureau.models import Document, Office, Staff
from verification import assessing, wording
from verification.assessing import Inputs
from verification.comparison import Assessed, Difference
from verification.connector import Reply
from verification.facts import ReplyMode
from verification.models import Check, Conclusion, Finding, Inquiry, Report
from verification.standards import Standard
from verification.standards.schema import Tolerance
from verification.statement import Heard, Line

LANGUAGE = "zh-hans"
FIGURES_SHOWN = 4  # per source and person; the statement on screen has all of them

PLACE_ON_FORM = re.compile(r"(?<=号)-\d+$", re.ASCII)
EARLIER = Composed(
    lambda subject, purpose, check: (
        Conclusion.objects.filter(
            check_ordered__subject=subject, check_ordered__purpose=purpose, check_ordered__lt=check
        )
        .order_by()
        .values_list("report")
    ),
    subject=TEXT,
    purpose=TEXT,
    check=INT,
)
ANSWERED = Composed(
    lambda check: (
        Inquiry.objects.filter(check_ordered=check, state="answered").order_by().values_list("source__code", "answer")
    ),
    check=INT,
)


class _Told(msgspec.Struct):
    """What the report reads of an answer beside what was assessed."""

    mode: ReplyMode = ReplyMode.API


_told = msgspec.json.Decoder(_Told)


def write(conclusion: Conclusion, *, by: Staff) -> Document:
    """Number the report and keep all that it prints; the PDF follows by itself."""
    check = conclusion.check_ordered
    with translation.override(LANGUAGE):
        # Translators: 核对报告
        title = _("Check report")
        letter = _Report(conclusion).letter()
    return letters.issue("check_report", title, check, msgspec.to_builtins(letter), by=by)


def supersede_by(conclusion: Conclusion) -> None:
    """A later report of a case supersedes the one before it, which is kept and says so."""
    check = conclusion.check_ordered
    for (earlier,) in EARLIER.rows(subject=check.subject, purpose=check.purpose, check=check.pk):
        Report.objects.filter(pk=earlier, superseded_by=None).update(superseded_by=conclusion.report)


class _Report:
    """One report in the making: the stored inputs and result, the people behind the member keys."""

    def __init__(self, conclusion: Conclusion) -> None:
        self.conclusion = conclusion
        self.check: Check = conclusion.check_ordered
        self.inputs: Inputs = assessing.inputs_of(conclusion.assessment)
        self.result: Assessed = assessing.result_of(conclusion.assessment)
        self.names = wording.source_names()
        self.members = {person.key: person.name for person in self.inputs.declared.persons}

    def letter(self) -> letter_data.CheckReport:
        """Everything of the report but its number, date and check code."""
        check, standard = self.check, self.inputs.standard
        codes = (divisions.ancestor(check.office_code, "city"), check.office_code)
        offices = {office.code: office for office in Office.objects.filter(code__in=codes)}
        city, client = (offices.get(code) for code in codes)
        client = client or city
        completeness = self.result.statement.completeness
        return letter_data.CheckReport(
            issuer=city.name_zh if city else "",
            contact=" ".join(part for part in (city.address, city.phone) if part) if city else "",
            applicant=next(iter(self.members.values()), ""),
            reference=check.subject,
            programme=wording.programme_name(standard.programme),
            client=client.name_zh if client else "",
            purpose=wording.purpose_name(check.purpose),
            authorisation="、".join(sorted({_form_number(grant["number"]) for grant in check.authorisations.values()})),
            standard=f"{standard.name} {standard.document}".strip(),
            since=check.since,
            as_of=check.as_of,
            completeness=wording.completeness(completeness.answered, completeness.asked),
            members=tuple(self._persons()),
            answers=tuple(self._answers()),
            comparisons=tuple(self._compared(each, standard) for each in self.result.comparison.differences),
            criteria=tuple(wording.criterion_for_letter(each) for each in self.result.comparison.criteria),
            findings=tuple(self._finding(each) for each in self._settled()),
            conclusion=self.conclusion.outcome,  # type: ignore[arg-type]  # held to the three by a constraint
            remarks=tuple(self._remarks()),
            valid_until=check.as_of + timedelta(days=standard.validity_days),
            officer=self.conclusion.by.name,
        )

    def _persons(self) -> Iterator[letter_data.Member]:
        for person in self.inputs.declared.persons:
            number = masks.id_number(person.id_number)
            yield letter_data.Member(name=person.name, relation=wording.relation(person.relation), id_number=number)

    def _answers(self) -> Iterator[letter_data.SourceAnswer]:
        """One row per source and person, in the order of the sources."""
        order = {code: place for place, code in enumerate(self.names)}
        modes, lines = self._modes(), self._lines()
        for heard in sorted(self.inputs.heard, key=lambda each: order.get(each.source, len(order))):
            for reply in heard.replies:
                yield self._answer(heard, reply, modes.get(heard.source), lines[heard.source, reply.person])

    def _lines(self) -> Mapping[tuple[str, str], list[Line]]:
        """What each source told of each person."""
        lines: defaultdict[tuple[str, str], list[Line]] = defaultdict(list)
        for line in self.result.statement.lines:
            lines[line.source, line.person].append(line)
        return lines

    def _modes(self) -> dict[str, ReplyMode]:
        """How each source answered, by code."""
        return {code: _told.decode(answer).mode for code, answer in ANSWERED.rows(check=self.check.pk)}

    def _answer(
        self, heard: Heard, reply: Reply, mode: ReplyMode | None, lines: Sequence[Line]
    ) -> letter_data.SourceAnswer:
        told = reply.outcome.is_answer
        return letter_data.SourceAnswer(
            source=self.names.get(heard.source, heard.source),
            member=self.members.get(reply.person, ""),
            outcome=self._outcome(heard, reply),
            figures=_figures(lines),
            data_date=f"{reply.data_date}" if reply.data_date else f"{wording.NO_DAY}" if told else "",
            answered_at=moment(heard.evidence.replied_at) if told and heard.evidence else "",
            mode=_mode(mode, heard, reply) if told and mode else "",
        )

    def _outcome(self, heard: Heard, reply: Reply) -> str:
        """What came of it; of what was not told now, or by old data, that too."""
        outcome = wording.outcome_name(reply.outcome)
        told = reply.outcome.is_answer
        caution = wording.person_caution(heard.source, reply.person, self.result.statement.completeness) if told else ""
        # Translators: %(outcome)s（%(caution)s）
        return _("%(outcome)s (%(caution)s)") % {"outcome": outcome, "caution": caution} if caution else outcome

    def _compared(self, each: Difference, standard: Standard) -> letter_data.Comparison:
        member = self.members.get(each.member, "")
        what = f"{wording.section_name(each.section)} {each.item}".strip()
        return letter_data.Comparison(
            item=f"{member}：{what}" if member else what,
            declared=wording.quantity(each.declared, each.unit),
            found=wording.quantity(each.found, each.unit),
            difference=wording.signed(each.difference, each.unit),
            tolerance=_tolerance(standard, each),
            # Translators: 一致 / 不一致
            judgement=_("Agrees") if each.within else _("Differs"),
        )

    def _settled(self) -> list[Finding]:
        rows = self.check.findings.filter(state__in=["confirmed", "dismissed"], reopening=None).select_related(
            "settled_by"
        )
        return list(rows.order_by("-weight", "pk"))

    def _finding(self, finding: Finding) -> letter_data.Finding:
        return letter_data.Finding(
            member=self.members.get(finding.member, ""),
            what=wording.finding_text(finding.kind, finding.params, names=self.names),
            settled=finding.get_state_display(),
            reason=finding.reason,
            by=finding.settled_by.name if finding.settled_by else "",
        )

    def _remarks(self) -> Iterator[str]:
        """The officer's opinion, what could not be judged, who owes an answer or did not tell of today, and the
        standard's own notice.
        """
        yield self.conclusion.opinion
        for criterion in self.result.comparison.criteria:
            if criterion.met is None:
                yield wording.reason_words(criterion, self.names)
        missing = [self.names.get(code, code) for code in self.result.statement.completeness.missing]
        if missing:
            # Translators: 下列来源未反馈：%(sources)s。
            yield _("No answer from: %(sources)s.") % {"sources": "、".join(missing)}
        yield from wording.cautions(self.result.statement.completeness, self.names)
        if self.inputs.standard.notice:
            yield self.inputs.standard.notice


def _mode(mode: ReplyMode, heard: Heard, reply: Reply) -> str:
    """How the answer came; of one on a request list also on which, and who answered."""
    number = heard.evidence.request_number if heard.evidence else ""
    return wording.mode_words(mode, number if mode == ReplyMode.MANUAL else "", reply.operator)


def _form_number(number: str) -> str:
    """The number on the signed form: 泰房权〔2026〕0005号 for 泰房权〔2026〕0005号-2, its second member's."""
    return PLACE_ON_FORM.sub("", number)


def _figures(lines: Sequence[Line]) -> str:
    """The main figures of one source on one person; how many more there are when there are many."""
    shown = "；".join(_figure(line) for line in lines[:FIGURES_SHOWN])
    more = len(lines) - FIGURES_SHOWN
    if more <= 0:
        return shown
    # Translators: 另有 %(count)s 项
    rest = _("and %(count)s more") % {"count": more}
    return f"{shown}；{rest}"


def _figure(line: Line) -> str:
    amounts = [
        wording.quantity(line.area, "m2") if line.area is not None else "",
        wording.quantity(line.amount, "cny") if line.amount is not None else "",
    ]
    return " ".join(part for part in (wording.line_text(line), *amounts) if part)


def _tolerance(standard: Standard, each: Difference) -> str:
    """The tolerance of a section of the standard in its own unit; homes are measured by area, vehicles exactly."""
    name = {"homes": "area"}.get(each.section, each.section)
    tolerance: Tolerance = getattr(standard.tolerance, name, Tolerance())
    largest = max(tolerance.amount, abs(each.declared) * tolerance.percent / 100)
    return wording.quantity(largest, each.unit)


def moment(at: datetime | date | None) -> str:
    """To the minute, as it is printed; empty where there is none."""
    if not isinstance(at, datetime):
        return ""
    try:
        return timezone.localtime(at).isoformat(" ", "minutes")[:16]
    except OverflowError:  # at either end of the calendar, as a source once sent it
        return at.isoformat(" ", "minutes")[:16]
