"""Every move of a benefit has words for the timeline, in both languages."""

import pytest
from django.utils import translation

from benefits import moves, review_moves, visit_moves
from benefits.pages import events

LIVES = {
    "benefits.home": moves.HOMES,
    "benefits.turn": moves.TURNS,
    "benefits.tenancy": moves.TENANCIES,
    "benefits.grant": moves.SUBSIDIES,
    "benefits.review": review_moves.REVIEWS,
    "benefits.visit": visit_moves.TABLE,
}


@pytest.mark.parametrize("label", LIVES)
def test_every_move_is_told_in_words_of_its_own(label):
    assert {move.name for move in LIVES[label]} <= set(events.WORDS[label])


@pytest.mark.parametrize("label", LIVES)
def test_the_words_are_there_in_chinese(label):
    for title, _tone in events.WORDS[label].values():
        with translation.override("en"):
            english = str(title)
        with translation.override("zh-hans"):
            assert str(title) != english, english
