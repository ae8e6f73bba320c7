"""`manage.py draw_moves`: write docs/moves.md, the diagrams of every life, from the tables of moves."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from applications import moves as application_moves
from benefits import moves as benefit_moves
from benefits import review_moves, visit_moves
from bureau.moves import diagram
from credit import moves as credit_moves
from verification import moves as check_moves
from verification import objection_moves, round_moves

PAGE = """\
# Moves 办理状态

Every life with a status has one table of moves. `manage.py draw_moves` makes these diagrams from the tables; a test
compares them. A name in brackets is the role that makes the move, `system` where no person does.
"""
LIVES = (
    ("Application 申请", "applications/moves.py", application_moves.TABLE),
    ("Home 房源", "benefits/moves.py", benefit_moves.HOMES),
    ("Place on the waiting list 轮候", "benefits/moves.py", benefit_moves.TURNS),
    ("Tenancy 租赁", "benefits/moves.py", benefit_moves.TENANCIES),
    ("Rental subsidy 租赁补贴", "benefits/moves.py", benefit_moves.SUBSIDIES),
    ("Yearly review 年审批次", "benefits/review_moves.py", review_moves.ROUNDS),
    ("Review of a household 年审", "benefits/review_moves.py", review_moves.REVIEWS),
    ("Visit to a home 入户检查", "benefits/visit_moves.py", visit_moves.TABLE),
    ("Payment list 补贴发放清册", "benefits/moves.py", benefit_moves.PAYMENT_LISTS),
    ("Check 核对", "verification/moves.py", check_moves.TABLE),
    ("Round 批次", "verification/round_moves.py", round_moves.TABLE),
    ("Lead 失信线索", "credit/moves.py", credit_moves.LEADS),
    ("Credit case 失信案件", "credit/moves.py", credit_moves.CASES),
    ("Objection to a record 信用异议", "credit/moves.py", credit_moves.DISPUTES),
    ("Credit repair 信用修复", "credit/moves.py", credit_moves.REPAIRS),
    ("Objection to a result 核对结果异议", "verification/objection_moves.py", objection_moves.TABLE),
)


def page() -> str:
    """The whole document."""
    parts = [f"## {title} (`{where}`)\n\n```mermaid\n{diagram(table)}```\n" for title, where, table in LIVES]
    return "\n".join([PAGE, *parts])


class Command(BaseCommand):
    help = "Write docs/moves.md from the tables of moves."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        (settings.BASE_DIR / "docs" / "moves.md").write_text(page(), encoding="utf-8")
