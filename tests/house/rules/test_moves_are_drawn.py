"""docs/moves.md shows the moves as they are."""

import pytest
from django.core.management import CommandError, call_command

from housing_credit.management.commands import draw_moves


def test_the_diagrams_are_those_of_the_tables():
    call_command("draw_moves", check=True)


def test_a_change_of_a_table_shows(monkeypatch):
    first, second = draw_moves.LIVES
    monkeypatch.setattr(draw_moves, "LIVES", (first, (*second[:2], second[2][:-1])))
    with pytest.raises(CommandError, match="draw_moves"):
        call_command("draw_moves", check=True)


def test_every_move_of_every_life_is_in_its_diagram():
    for (_title, _place, table), drawn in zip(draw_moves.LIVES, draw_moves.diagrams(), strict=True):
        for move in table:
            for start, end in move.steps.items():
                assert f"    {start} --> {end}: {move.name} (" in drawn


def test_what_stands_around_the_diagrams_is_kept():
    page = draw_moves.drawn_into("")
    told = page.replace("## A check", "Words of a person.\n\n## A check").replace("draft --> discarded", "draft --> x")
    drawn = draw_moves.drawn_into(told)
    assert "Words of a person." in drawn
    assert "draft --> discarded" in drawn
