"""What the letters of benefits need to be typeset, as `letter_data` says it of the others."""

from datetime import date
from typing import Literal

from bureau.letter_data import CaseLetter
from bureau.letter_parts import Fact, Member


class HomeOffer(CaseLetter, frozen=True, kw_only=True):
    """配租通知书: which home is offered by which place on the waiting list, and until when it can be answered."""

    turn: str  # number of the place on the waiting list
    groups: tuple[str, ...] = ()  # of priority, that the household is in
    home: tuple[Fact, ...]
    rent: str = ""  # a month, by the terms of the day; empty where it cannot be worked out
    answer_by: date
    answer_to: str  # the window
    refusals: int  # offers that may be refused before the place is lost
    refused: int = 0  # of them so far
    basis: str = ""


class Lease(CaseLetter, frozen=True, kw_only=True):
    """公共租赁住房租赁合同."""

    contract: str
    tenancy: str
    members: tuple[Member, ...]
    home: tuple[Fact, ...]
    rent: str  # a month
    working: tuple[Fact, ...] = ()
    deposit: str = ""
    begins_on: date
    ends_on: date
    renewal: bool = False


class OrderToLeave(CaseLetter, frozen=True, kw_only=True):
    """腾退通知书: why, by when, what is charged for the days after, and the ways to be heard."""

    tenancy: str
    contract: str
    home: str
    reason: str
    text: str  # the facts
    basis: str
    leave_by: date
    hand_over_to: str
    moving: tuple[Fact, ...] = ()  # what a month costs after the last day
    reconsideration_by: str
    court: str


class RentReminder(CaseLetter, frozen=True, kw_only=True):
    """催缴通知书: what is overdue on the day, and since when."""

    tenancy: str
    account: str
    home: str
    as_of: date
    owed: str
    months: int
    since: date
    ages: tuple[Fact, ...] = ()
    pay_by: date
    pay_to: str


class SubsidyNotice(CaseLetter, frozen=True, kw_only=True):
    """租赁补贴停发（终止）通知书."""

    subsidy: str
    act: Literal["stopped", "ended"]
    from_month: date  # the first month that is not paid
    amount: str = ""  # a month, until then
    reason: str
    text: str = ""
    reconsideration_by: str
    court: str


class ReviewNotice(CaseLetter, frozen=True, kw_only=True):
    """年审告知书: the household tells of itself what has changed, until a day; then the sources are asked."""

    benefit: Literal["tenancy", "subsidy"]
    number_of_benefit: str
    reports_until: date
    report_to: str
