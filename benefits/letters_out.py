"""Which letter of a benefit goes out when, with what in it.

The texts stand in templates/letters; here only the facts are put together. Each is filed under the place on the waiting
list, the tenancy or the subsidy that it is about.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import msgspec
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from applications.letters_out import LETTER_LANGUAGE, header_of, members_of
from applications.models import Application
from benefits import reckoning, rent, words
from benefits.arrears import Arrears
from benefits.models import Contract, Exit, Grant, Home, Offer, RentTerm, SubsidyTerm, Tenancy, Turn
from benefits.waiting import GROUPS
from bureau import benefit_letter_data as data
from bureau import letters, workdays
from bureau.errors import UnfitDataError
from bureau.letter_data import Fact, Letter
from bureau.models import Document, Staff
from verification.wording import quantity

PAY_WITHIN = 15  # days after a reminder

# As each is headed in templates/letters: one name on page and paper.
TITLES: Mapping[str, str | Promise] = {
    # Translators: 配租通知书
    "home_offer": gettext_lazy("Letter of offer"),
    # Translators: 公共租赁住房租赁合同
    "lease": gettext_lazy("Lease of a public rental home"),
    # Translators: 腾退通知书
    "order_to_leave": pgettext_lazy("letter", "Order to leave"),
    # Translators: 催缴通知书
    "rent_reminder": gettext_lazy("Reminder of rent"),
    # Translators: 年审告知书
    "review_notice": gettext_lazy("Notice of the yearly review"),
    # Translators: 租赁补贴停发通知书
    "stopped": gettext_lazy("Notice that a subsidy is stopped"),
    # Translators: 租赁补贴终止通知书
    "ended": gettext_lazy("Notice that a subsidy has ended"),
}
BASIS: Mapping[str, str] = {  # 公共租赁住房管理办法 (住建部令第11号)
    Exit.Reason.CHANGED: "《公共租赁住房管理办法》第三十一条",
    Exit.Reason.UNFIT: "《公共租赁住房管理办法》第三十五条",
    Exit.Reason.BREACH: "《公共租赁住房管理办法》第二十七条、第二十九条",
}


def offer(row: Offer, *, refusals: int, by: Staff) -> Document:
    """配租通知书: the home, what it would cost, until when to answer, and how many `refusals` cost the place."""
    turn = row.turn
    case = turn.application
    with translation.override(LETTER_LANGUAGE):
        refused = turn.offers.filter(answer__in=[Offer.Answer.REFUSED, Offer.Answer.LAPSED]).count()
        letter = data.HomeOffer(
            **header_of(case),
            turn=turn.number,
            groups=tuple(_(GROUPS[code]) for code in turn.groups),
            home=_home(row.home),
            rent=_rent_of(case, row.home),
            answer_by=row.answer_by,
            answer_to=_window(case),
            refusals=refusals,
            refused=refused,
            basis=turn.policy.basis,
        )
        return _issue("home_offer", turn, letter, by=by)


def lease(contract: Contract, *, by: Staff) -> Document:
    """公共租赁住房租赁合同, with the rent of its first day and the working."""
    tenancy = contract.tenancy
    case = tenancy.application
    with translation.override(LETTER_LANGUAGE):
        term = _term_of(tenancy, contract.begins_on)
        letter = data.Lease(
            **header_of(case),
            contract=contract.number,
            tenancy=tenancy.number,
            members=members_of(case),
            home=_home(tenancy.home),
            rent=quantity(term.amount if term else None, "cny"),
            working=_facts(words.working(term.working[:-1])) if term else (),
            deposit=quantity(contract.deposit, "cny") if contract.deposit is not None else "",
            begins_on=contract.begins_on,
            ends_on=contract.ends_on,
            renewal=tenancy.contracts.exclude(pk=contract.pk).exists(),
        )
        return _issue("lease", tenancy, letter, by=by)


def order_to_leave(found: Exit, *, by: Staff) -> Document:
    """腾退通知书: reason, facts and basis, the last day, what is charged after it, and the ways to be heard."""
    tenancy = found.tenancy
    assert tenancy is not None and found.leave_by is not None  # noqa: S101, PT018 -- only a home is left by a day
    case = tenancy.application
    contract = tenancy.contracts.order_by("-begins_on").first()
    with translation.override(LETTER_LANGUAGE):
        letter = data.OrderToLeave(
            **header_of(case),
            tenancy=tenancy.number,
            contract=contract.number if contract else "",
            home=str(tenancy.home),
            reason=found.get_reason_display(),
            text=found.text,
            basis=BASIS.get(found.reason, ""),
            leave_by=found.leave_by,
            hand_over_to=_window(case),
            moving=_moving(tenancy),
            **_heard(),
        )
        return _issue("order_to_leave", tenancy, letter, by=by)


def reminder(tenancy: Tenancy, arrears: Arrears, *, by: Staff | None) -> Document:
    """催缴通知书: what is overdue today, of how many months, since when, by age."""
    case, today = tenancy.application, workdays.today()
    with translation.override(LETTER_LANGUAGE):
        header = header_of(case)
        ages = [(str(label), quantity(part, "cny")) for label, part in zip(words.AGES, arrears.by_age, strict=True)]
        letter = data.RentReminder(
            **header,
            tenancy=tenancy.number,
            account=tenancy.account.number,
            home=str(tenancy.home),
            as_of=today,
            owed=quantity(arrears.amount, "cny"),
            months=arrears.months,
            since=arrears.since or today,
            ages=_facts([age for age, part in zip(ages, arrears.by_age, strict=True) if part]),
            pay_by=today + timedelta(days=PAY_WITHIN),
            pay_to=" ".join(part for part in (header["issuer"], header["contact"]) if part),
        )
        return _issue("rent_reminder", tenancy, letter, by=by)


def subsidy_stopped(grant: Grant, *, reason: str, by: Staff | None) -> Document:
    """租赁补贴停发通知书: from which month, why, and how it is resumed."""
    with translation.override(LETTER_LANGUAGE):
        return _subsidy_notice(grant, "stopped", reason, "", by=by)


def subsidy_ended(found: Exit, *, by: Staff) -> Document:
    """租赁补贴终止通知书, with reason and facts."""
    assert found.grant is not None  # noqa: S101 -- the caller ends a subsidy
    with translation.override(LETTER_LANGUAGE):
        return _subsidy_notice(found.grant, "ended", found.get_reason_display(), found.text, by=by)


def _subsidy_notice(grant: Grant, act: Any, reason: str, text: str, *, by: Staff | None) -> Document:
    terms = SubsidyTerm.objects.filter(grant=grant, from_month__lte=workdays.today())
    amount = terms.order_by("-from_month", "-pk").values_list("amount", flat=True).first()
    letter = data.SubsidyNotice(
        **header_of(grant.application),
        subsidy=grant.number,
        act=act,
        from_month=grant.stopped_from or workdays.today().replace(day=1),
        amount=quantity(amount, "cny") if amount is not None else "",
        reason=reason,
        text=text,
        **_heard(),
    )
    return _issue("subsidy_notice", grant, letter, by=by, title=act)


def review_notice(subject: Tenancy | Grant, *, reports_until: date, by: Staff | None) -> Document:
    """年审告知书: the household reports of itself what has changed, until a day; then the sources are asked."""
    case = subject.application
    with translation.override(LETTER_LANGUAGE):
        letter = data.ReviewNotice(
            **header_of(case),
            benefit="tenancy" if isinstance(subject, Tenancy) else "subsidy",
            number_of_benefit=subject.number,
            reports_until=reports_until,
            report_to=_window(case),
        )
        return _issue("review_notice", subject, letter, by=by)


def _issue(
    kind: str, subject: Turn | Tenancy | Grant, letter: Letter, *, by: Staff | None, title: str = ""
) -> Document:
    return letters.issue(kind, str(TITLES[title or kind]), subject, msgspec.to_builtins(letter), by=by)


def _home(home: Home) -> tuple[Fact, ...]:
    return _facts(
        [
            (_("Estate"), home.estate.name),
            (pgettext_lazy("home", "Address"), home.estate.address),
            # Translators: 房号
            (_("Flat no."), f"{home.building}-{home.unit}"),
            (pgettext_lazy("home", "Floor area"), quantity(home.area, "m2")),
            (_("Rooms"), str(home.rooms)),
            # Translators: 所在楼层
            (pgettext_lazy("storey", "Floor"), str(home.floor)),
        ]
    )


def _facts(pairs: Any) -> tuple[Fact, ...]:
    return tuple(Fact(label=str(label), value=value) for label, value in pairs)


def _window(case: Application) -> str:
    return " ".join(part for part in (case.office.name_zh, case.office.address, case.office.phone) if part)


def _heard() -> dict[str, Any]:
    return {
        # Translators: 市人民政府
        "reconsideration_by": _("the people's government of the city"),
        "court": _("the competent people's court"),
    }


def _rent_of(case: Application, home: Home) -> str:
    """By the terms of the day; empty where they do not say."""
    if case.current_check is None:
        return ""
    try:
        due = reckoning.rent_of(home.area, reckoning.household_of(case.current_check), on=workdays.today())
    except UnfitDataError:
        return ""
    return quantity(due.amount, "cny")


def _term_of(tenancy: Tenancy, day: date) -> RentTerm | None:
    """The rent of the contract on a day; the newest there is where none has begun."""
    terms = tenancy.rents.exclude(kind=RentTerm.Kind.LEAVING)
    found: RentTerm | None = (
        terms.filter(from_month__lte=day).order_by("-from_month", "-pk").first()
        or terms.order_by("-from_month").first()
    )
    return found


def _moving(tenancy: Tenancy) -> tuple[Fact, ...]:
    """What a month costs after the last day, step by step, as far as the terms of the day say."""
    _code, standard = reckoning.standard_on(tenancy.application.kind, workdays.today())
    term = _term_of(tenancy, workdays.today())
    if standard.rent is None or term is None:
        return ()
    lines, first = [], 1
    steps = [*standard.rent.transition, *standard.rent.overstay]
    for place, step in enumerate(steps, start=1):
        try:
            amount: Decimal = rent.rent_while_leaving(
                standard.rent, term.amount, area=tenancy.home.area, months=first - 1
            )
        except rent.NotToBeWorkedOutError:
            break
        last = first + step.months - 1
        lines.append((_months(first, None if place == len(steps) else last), quantity(amount, "cny_month")))
        first = last + 1
    return _facts(lines)


def _months(first: int, last: int | None) -> str:
    if last is None:
        # Translators: 第%(first)s个月起
        return _("From month %(first)s on") % {"first": first}
    # Translators: 第%(first)s至%(last)s个月
    return _("Months %(first)s to %(last)s") % {"first": first, "last": last}
