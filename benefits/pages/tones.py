"""Which tone a state of a home, a place, a tenancy or a subsidy has on every page."""

from typing import Any

from benefits.models import Grant, Home, Offer, Review, ReviewRound, Tenancy, Turn, Visit

TONES: dict[tuple[str, str], str] = {
    ("home", Home.Status.VACANT): "success",
    ("home", Home.Status.OFFERED): "info",
    ("home", Home.Status.REPAIR): "warning",
    ("turn", Turn.Status.WAITING): "info",
    ("turn", Turn.Status.OFFERED): "warning",
    ("turn", Turn.Status.HOUSED): "success",
    ("tenancy", Tenancy.Status.SIGNED): "info",
    ("tenancy", Tenancy.Status.RUNNING): "success",
    ("tenancy", Tenancy.Status.ORDERED): "danger",
    ("tenancy", Tenancy.Status.COURT): "danger",
    ("tenancy", Tenancy.Status.RETURNED): "warning",
    ("grant", Grant.Status.AWAITING): "info",
    ("reviewround", ReviewRound.Status.REPORTING): "info",
    ("reviewround", ReviewRound.Status.CHECKING): "warning",
    ("reviewround", ReviewRound.Status.CLOSED): "success",
    ("review", Review.Status.REPORTING): "info",
    ("review", Review.Status.CHECKING): "info",
    ("review", Review.Status.UNANSWERED): "warning",
    ("review", Review.Status.RENEWED): "success",
    ("review", Review.Status.CHANGED): "success",
    ("review", Review.Status.TO_EXIT): "danger",
    ("visit", Visit.Status.PLANNED): "info",
    ("visit", Visit.Status.IN_ORDER): "success",
    ("visit", Visit.Status.FOUND): "warning",
    ("visit", Visit.Status.CONFIRMED): "danger",
    ("grant", Grant.Status.RUNNING): "success",
    ("grant", Grant.Status.STOPPED): "warning",
}
ANSWERS: dict[str, str] = {
    Offer.Answer.OPEN: "warning",
    Offer.Answer.ACCEPTED: "success",
    Offer.Answer.REFUSED: "danger",
    Offer.Answer.LAPSED: "danger",
}


def tone_of(row: Any) -> str:
    """How its status looks."""
    return TONES.get((row._meta.model_name, str(row.status)), "neutral")


def answer_tone(row: Offer) -> str:
    """How the answer to an offer looks."""
    return ANSWERS.get(row.answer, "neutral")
