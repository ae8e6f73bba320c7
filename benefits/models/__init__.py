"""What an approved household gets, until it ends. Approved applications wait by their status."""

from benefits.models.account import BOOKS_OF, Account, Balance, Book, Entry
from benefits.models.exit import Exit
from benefits.models.home import Estate, Home
from benefits.models.payment_list import PaymentList, PaymentReceipt, PaymentRow
from benefits.models.plan import Instalment, Plan
from benefits.models.reminder import Reminder
from benefits.models.review import Review, ReviewPolicy, ReviewReferral, ReviewRound, SelfReport
from benefits.models.statement import Statement, StatementLine
from benefits.models.subsidy import Grant, SubsidyPause, SubsidyTerm
from benefits.models.tenancy import Contract, RentTerm, Tenancy
from benefits.models.turn import AllotmentPolicy, Offer, Turn
from benefits.models.visit import Photograph, Visit

__all__ = [
    "Account",
    "AllotmentPolicy",
    "BOOKS_OF",
    "Balance",
    "Book",
    "Contract",
    "Entry",
    "Estate",
    "Exit",
    "Grant",
    "Home",
    "Instalment",
    "Offer",
    "PaymentList",
    "PaymentReceipt",
    "PaymentRow",
    "Photograph",
    "Plan",
    "Reminder",
    "RentTerm",
    "Review",
    "ReviewPolicy",
    "ReviewReferral",
    "ReviewRound",
    "SelfReport",
    "Statement",
    "StatementLine",
    "SubsidyPause",
    "SubsidyTerm",
    "Tenancy",
    "Turn",
    "Visit",
]
