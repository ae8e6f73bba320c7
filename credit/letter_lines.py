"""The lists and tables of a case's letters, in the words of the language that is active."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bureau import masks
from bureau.letter_parts import Block
from credit import clocks, deadlines
from credit.clocks import Clock, Event, Happened, Kind, Reason, Rule, Term
from credit.models import Case, CureItem, Party
from credit.policies import Severity, SubjectKind

MEASURES = {
    # Translators: 限制申请和享受住房保障
    Kind.BAN: gettext_lazy("No application for housing benefits, and none granted"),
    # Translators: 向社会公示
    Kind.PUBLICATION: gettext_lazy("Publication"),
    # Translators: 与有关部门共享
    Kind.SHARING: gettext_lazy("Shared with other departments"),
}
# How the columns of each table are headed.
HEADS: Mapping[str, tuple[str | Promise, ...]] = {
    "parties": (gettext_lazy("Name"), gettext_lazy("Part"), gettext_lazy("ID number or credit code")),
    "evidence": (gettext_lazy("What it is"), gettext_lazy("Kept under")),
    "things": (gettext_lazy("What is to be done"), gettext_lazy("Kind"), gettext_lazy("Amount")),
    "done": (
        gettext_lazy("What is to be done"),
        gettext_lazy("Amount"),
        gettext_lazy("Done on"),
        gettext_lazy("Proof"),
    ),
    # Translators: 逾期完成日期
    "left": (gettext_lazy("What is to be done"), gettext_lazy("Amount"), gettext_lazy("Done late, on")),
    # Translators: 措施、起始日、最后一日
    "spans": (
        gettext_lazy("Measure"),
        gettext_lazy("First day"),
        gettext_lazy("Last day"),
        gettext_lazy("Legal basis"),
    ),
    # Translators: 可以申请修复之日、不修复时的最后一日
    "repairs": (
        gettext_lazy("Measure"),
        gettext_lazy("Repair from"),
        gettext_lazy("Last day without repair"),
        gettext_lazy("Legal basis"),
    ),
    # Translators: 终止原因
    "ended": (
        gettext_lazy("Measure"),
        gettext_lazy("First day"),
        gettext_lazy("Last day"),
        gettext_lazy("Why it ended"),
    ),
}
WHY = {
    # Translators: 期限届满
    Reason.OVER: gettext_lazy("its term has run out"),
    # Translators: 认定已撤销
    Reason.WITHDRAWN: gettext_lazy("the finding was withdrawn"),
    # Translators: 信用修复
    Reason.REPAIRED: gettext_lazy("credit repair"),
    # Translators: 义务已全部履行
    Reason.CORRECTED: gettext_lazy("every duty was met"),
    # Translators: 依复议机关或者法院决定停止执行
    Reason.SUSPENDED: gettext_lazy("stopped by order of who reviews the decision"),
}


def day(value: date | None) -> str:
    """2026年11月29日; nothing for no day."""
    # Translators: %(year)s年%(month)s月%(day)s日
    words = _("%(year)s-%(month)s-%(day)s")
    return words % {"year": value.year, "month": value.month, "day": value.day} if value else ""


def money(value: Decimal | None) -> str:
    """1,340.00 元."""
    # Translators: %(amount)s 元
    return _("CNY %(amount)s") % {"amount": f"{value:,.2f}"} if value is not None else ""


def term(length: Term) -> str:
    """3年, 6个月."""
    years = ngettext("%(count)s year", "%(count)s years", length.years) % {"count": length.years}
    months = ngettext("%(count)s month", "%(count)s months", length.months) % {"count": length.months}
    if length.years and length.months:
        # Translators: 1年6个月
        return _("%(years)s and %(months)s") % {"years": years, "months": months}
    return years if length.years else months


def kind_of(case: Case) -> SubjectKind:
    """Whether the case is one of a household or of an employer."""
    return SubjectKind(case.act.subject_kind)


def rules_of(case: Case) -> tuple[Rule, ...]:
    """What follows from the act for who acted, by the policy of the case."""
    grade = deadlines.policy_of(case).grade(Severity(case.severity))
    return grade.rules(kind_of(case), from_return=case.act.from_return)


def clocks_of(case: Case) -> tuple[Clock, ...]:
    """The clocks of who acted, from what happened."""
    return clocks.run(rules_of(case), [Happened(each.on, Event(each.event)) for each in case.happenings.all()])


def consequences(case: Case) -> Block:
    """What follows from a record: measure, term, from when, by which article."""
    return consequences_of(rules_of(case))


def consequences_of(rules: Iterable[Rule]) -> Block:
    """What these rules bring, one after the other."""
    return Block(items=tuple(map(_consequence, rules)))


def _consequence(rule: Rule) -> str:
    told = {"measure": MEASURES[rule.kind], "term": term(rule.term), "basis": rule.basis}
    if rule.begins_with is Event.HOME_RETURNED:
        # Translators: %(measure)s：自记入诚信档案之日起执行，至住房退回之日起满%(term)s止（%(basis)s）。
        return _("%(measure)s: from the record on, until %(term)s after the home is returned (%(basis)s).") % told
    # Translators: %(measure)s：自记入诚信档案之日起%(term)s（%(basis)s）。
    return _("%(measure)s: %(term)s from the record on (%(basis)s).") % told


def parties(case: Case) -> Block:
    """Whom the case is about; ID numbers masked."""
    rows = []
    for party in case.parties.select_related("subject").order_by("part", "pk"):
        number = party.subject.identifier
        shown = masks.id_number(number) if party.subject.kind == SubjectKind.PERSON else number
        rows.append((party.subject.name, str(party.get_part_display()), shown))
    return table("parties", rows)


def evidence(case: Case) -> Block | None:
    """What is on file."""
    rows = [(row.kind, row.reference) for row in case.evidence.all()]
    return table("evidence", rows) if rows else None


def things(case: Case) -> Block:
    """The things to correct, with amounts and their sum."""
    items = list(case.cure_items.all())
    rows = [(item.text, str(item.get_kind_display()), money(item.amount)) for item in items]
    amounts = [item.amount for item in items if item.amount is not None]
    if len(amounts) > 1:
        # Translators: 合计
        rows.append((_("Sum"), "", money(sum(amounts, Decimal(0)))))
    return table("things", rows)


def done(case: Case) -> Block:
    """What was corrected, with day and proof."""
    rows = [(item.text, money(item.amount), day(item.met_on), item.proof) for item in case.cure_items.all()]
    return table("done", rows)


def left(case: Case, *, until: date | None = None) -> Block | None:
    """What was not corrected; with `until`, also what was done after that day."""
    items = [item for item in case.cure_items.all() if item.met_on is None or (until and item.met_on > until)]
    return things_left(items) if items else None


def things_left(items: Iterable[CureItem]) -> Block:
    """Rows of what is still to be done."""
    rows = [(item.text, money(item.amount), day(item.met_on)) for item in items]
    return table("left", rows)


def spans(case: Case) -> Block:
    """What holds, from when until when. The last day is told, as people count."""
    rows = []
    for clock in clocks_of(case):
        for span in clock.spans():
            until = day(_last(span.until)) if span.until else _not_known(clock.rule)
            rows.append((str(MEASURES[clock.rule.kind]), day(span.begins), until, clock.rule.basis))
    return table("spans", rows)


def _not_known(rule: Rule) -> str:
    # Translators: 住房退回之日起满%(term)s
    return _("%(term)s after the home is returned") % {"term": term(rule.term)}


def repairs(case: Case) -> Block | None:
    """What a repair can end, from which day on, and when it ends by itself."""
    rows = []
    for clock in clocks_of(case):
        if Event.REPAIRED not in clock.rule.ended_by:
            continue
        starts = [span.begins for span in clock.spans()]
        earliest = day(clock.rule.at_least.after(starts[0])) if starts else ""
        until = day(_last(clock.ends_on)) if clock.ends_on else ""
        rows.append((str(MEASURES[clock.rule.kind]), earliest, until, clock.rule.basis))
    if not rows:
        return None
    return table("repairs", rows)


def ended(case: Case, on: date) -> Block:
    """What has ended by the day, and why."""
    rows = []
    for clock in clocks_of(case):
        past = [span for span in clock.spans() if span.until and span.until <= on]
        rows += [
            (str(MEASURES[clock.rule.kind]), day(span.begins), day(_last(span.until)), _why(span.because))
            for span in past
        ]
    return table("ended", rows)


def why_released(case: Case, on: date) -> str:
    """Why what was last in force has ended; empty where nothing has."""
    past = [span for clock in clocks_of(case) for span in clock.spans() if span.until and span.until <= on]
    newest = max(past, key=lambda span: span.until or on, default=None)
    return _why(newest.because) if newest else ""


def released_on(case: Case, on: date) -> date:
    """The first day without what was last in force."""
    past = [span.until for clock in clocks_of(case) for span in clock.spans() if span.until and span.until <= on]
    return max(past, default=on)


def _why(reason: Reason | None) -> str:
    return str(WHY.get(reason, "")) if reason else ""


def _last(until: date | None) -> date | None:
    """The last day that a span covers; it ends before `until`."""
    return date.fromordinal(until.toordinal() - 1) if until else None


def actors(case: Case) -> list[Party]:
    """Who acted."""
    return [
        each for each in case.parties.select_related("subject").order_by("part", "pk") if each.part == Party.Part.ACTOR
    ]


def table(name: str, rows: Sequence[tuple[str, ...]]) -> Block:
    """A table of this name, with its head in the language that is active."""
    return Block(columns=tuple(map(str, HEADS[name])), rows=tuple(rows))
