"""What an approved household gets, until it ends. Approved applications wait by their status."""

from benefits.models.account import BOOKS_OF, Account, Book, Entry
from benefits.models.exit import Exit
from benefits.models.home import Estate, Home
from benefits.models.review import Review, ReviewPolicy, ReviewReferral, ReviewRound, SelfReport
from benefits.models.subsidy import Grant, SubsidyTerm
from benefits.models.tenancy import Contract, RentTerm, Tenancy
from benefits.models.turn import AllotmentPolicy, Offer, Turn
from benefits.models.visit import Photograph, Visit

__all__ = [
    "BOOKS_OF",
    "Account",
    "AllotmentPolicy",
    "Book",
    "Contract",
    "Entry",
    "Estate",
    "Exit",
    "Grant",
    "Home",
    "Offer",
    "Photograph",
    "RentTerm",
    "Review",
    "ReviewPolicy",
    "ReviewReferral",
    "ReviewRound",
    "SelfReport",
    "SubsidyTerm",
    "Tenancy",
    "Turn",
    "Visit",
]
