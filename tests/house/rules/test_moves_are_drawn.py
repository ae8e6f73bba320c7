"""docs/moves.md shows every move of every life, as it is."""

from django.core.management import call_command

from housing_credit.management.commands import draw_moves
from tests.house.rules.sources import ROOT


def test_the_page_is_the_one_that_the_tables_give():
    assert (ROOT / "docs" / "moves.md").read_text(encoding="utf-8") == draw_moves.page()


def test_every_move_of_every_life_is_drawn():
    drawn = draw_moves.page()
    for _title, _place, table in draw_moves.LIVES:
        for move in table:
            for start, end in move.steps.items():
                assert f"    {start} --> {end}: {move.name} (" in drawn


def test_the_command_writes_the_page(settings, tmp_path):
    settings.BASE_DIR = tmp_path
    (tmp_path / "docs").mkdir()
    call_command("draw_moves")
    assert (tmp_path / "docs" / "moves.md").read_text(encoding="utf-8") == draw_moves.page()
