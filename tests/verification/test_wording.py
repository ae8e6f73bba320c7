"""Every code that the check centre can produce has its words, and figures read as people write them."""

import ast
import enum
import importlib
import pkgutil
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone, translation

from verification import records, rules, statement, wording
from verification.comparison import FINDING_KINDS
from verification.facts import Outcome, RecordKind, ReplyMode
from verification.figures import Criterion, Operator, Step
from verification.models import Inquiry, Source
from verification.records.assistance import AssistanceType
from verification.records.business import BusinessRole
from verification.records.housing import HousingRight
from verification.records.vehicle import VehicleClass
from verification.standards.schema import CRITERIA
from verification.statement import Line
from verification.wording import criteria, findings, lines

STATEMENT = Path(statement.__file__).parent
REASON_GIVERS = {"_why_not", "_reason", "_counted_as"}


def trees() -> list[ast.Module]:
    return [ast.parse(file.read_text()) for file in STATEMENT.glob("*.py")]


def strings_in(node: ast.AST) -> set[str]:
    """The codes that an expression can come to; of a comparison and a condition nothing, they are only asked."""
    if isinstance(node, ast.Constant):
        return {node.value} if isinstance(node.value, str) else set()
    if isinstance(node, ast.IfExp):
        return strings_in(node.body) | strings_in(node.orelse)
    if isinstance(node, ast.BoolOp):
        return set().union(*map(strings_in, node.values))
    if isinstance(node, ast.Tuple):
        return strings_in(node.elts[0])
    if isinstance(node, ast.Dict):
        return set().union(*map(strings_in, node.values))
    return set()


def reasons_in_the_source() -> set[str]:
    """What the statement gives as `reason` or `excluded`: arguments, assignments, what deciding functions return."""
    found: set[str] = set()
    for tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.keyword) and node.arg in {"reason", "excluded"}:
                found |= strings_in(node.value)
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in {"reason", "excluded"}:
                found |= strings_in(node.value)
            if isinstance(node, ast.FunctionDef) and node.name in REASON_GIVERS:
                for inner in ast.walk(node):
                    if isinstance(inner, ast.Return) and inner.value is not None:
                        found |= strings_in(inner.value)
                    if isinstance(inner, ast.Assign):
                        found |= strings_in(inner.value)
    return found - {""}


def step_codes_in_the_source() -> set[str]:
    calls = [node for tree in trees() for node in ast.walk(tree) if isinstance(node, ast.Call)]
    steps = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "Step"]
    return {code for call in steps for word in call.keywords if word.arg == "code" for code in strings_in(word.value)}


def test_every_reason_of_a_statement_line_has_words() -> None:
    found = reasons_in_the_source()
    assert len(found) > 30
    assert found <= set(lines.REASONS)


def test_every_step_of_a_working_has_words() -> None:
    found = step_codes_in_the_source()
    assert {"declared_members", "deceased", "income_total"} <= found
    for code in found:
        assert wording.step_text(Step(code=code, amount=Decimal(1)))


def test_every_section_and_kind_of_line_has_words() -> None:
    assert set(lines.KINDS["assistance"]) >= {kind.value for kind in AssistanceType}
    assert set(lines.KINDS["business"]) >= {role.value for role in BusinessRole}
    assert set(lines.KINDS["homes"]) >= {right.value for right in HousingRight} | {"transfer"}
    assert set(lines.KINDS["vehicles"]) >= {kind.value for kind in VehicleClass}
    for section in lines.KINDS:
        assert wording.section_name(section)


@pytest.mark.parametrize("kind", FINDING_KINDS)
def test_every_finding_has_a_name_and_a_sentence(kind: str) -> None:
    params = {"criterion": "income", "value": "5000", "limit": "4480", "operator": "<", "why": "spouse_not_listed"}
    assert wording.finding_name(kind)
    text = wording.finding_text(kind, params, member="王*", names={})
    assert text.startswith("王*")
    assert "%(" not in text


def test_a_part_of_an_understated_income_tells_what_all_of_it_comes_to() -> None:
    params = {"income": "wages", "declared": "60000", "found": "50000", "in_all": "110000", "beyond": "50000"}
    with translation.override("en"):
        text = wording.finding_text("understated_income", params, names={})
    assert "found CNY 110,000.00 in all" in text
    assert "CNY 50,000.00 here" in text


def test_there_is_no_finding_in_words_that_nobody_proposes() -> None:
    assert set(findings.NAMES) == set(FINDING_KINDS)


@pytest.mark.parametrize("name", CRITERIA)
@pytest.mark.parametrize("verdict", ["met", "failed", "unknown"])
def test_every_criterion_says_why_it_came_out_so(name: str, verdict: str) -> None:
    params = {"value": "3", "limit": "2", "operator": ">=", "sources": "police"}
    with translation.override("en"):
        text = wording.criterion_reason(f"{name}.{verdict}", params, names={"police": "Police"})
    assert text.endswith(".")
    assert "%(" not in text
    if verdict == "unknown":
        assert "Police" in text


def test_every_special_reason_of_the_rules_has_words() -> None:
    rule_files = [Path(module.__file__ or "") for module in vars(rules).values() if hasattr(module, "judge")]
    text = "".join(file.read_text() for file in rule_files)
    special = {word.split('"')[0] for word in text.split('reason="')[1:]}
    assert special
    plain = {f"{name}.{verdict}" for name in CRITERIA for verdict in ("met", "failed", "unknown")}
    assert special <= set(criteria.SPECIAL) | plain


@pytest.mark.parametrize(
    ("code", "words"),
    [("certificate.none", "Subsistence"), ("business.disputed", "5,000.00"), ("vehicle_price.unpriced", "2")],
)
def test_a_special_reason_tells_its_figures(code: str, words: str) -> None:
    params = {"certificates": "dibao,tekun", "disputed": "5000", "vehicles": "2", "limit": "1", "operator": ">="}
    with translation.override("en"):
        assert words in wording.criterion_reason(code, params, names={})


def test_every_outcome_kind_and_mode_has_a_name() -> None:
    assert all(wording.outcome_name(outcome) for outcome in Outcome)
    assert all(wording.record_kind(kind) for kind in RecordKind)
    assert all(wording.mode_name(mode) for mode in ReplyMode)
    assert all(
        wording.purpose_name(code) for code in ("public_rental", "rental_subsidy", "periodic_review", "rehearsal")
    )
    assert all(wording.conclusion_name(code) for code in ("fit", "unfit", "incomplete"))


def test_an_unknown_code_is_an_error_and_never_a_blank() -> None:
    for words in (wording.criterion_name, wording.finding_name, wording.outcome_name, wording.section_name):
        with pytest.raises(KeyError):
            words("no_such_code")


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (Decimal("4480"), "cny_head_month", "CNY 4,480.00 per person a month"),
        ("1234567.895", "cny", "CNY 1,234,567.90"),
        (Decimal("-0.001"), "cny", "CNY 0.00"),
        (Decimal("38.5"), "m2_head", "38.50 m² per person"),
        (2, "vehicles", "2 vehicles"),
        (Decimal("1.5"), "years", "1.50 years"),
        (None, "cny", "--"),
        ("", "m2", "--"),
        (Decimal(0), "cny", "CNY 0.00"),
    ],
)
def test_a_figure_reads_with_its_unit_and_a_missing_one_is_no_zero(value, unit: str, words: str) -> None:
    with translation.override("en"):
        assert wording.quantity(value, unit) == words


def test_a_difference_always_has_its_sign() -> None:
    with translation.override("en"):
        assert wording.signed(Decimal(1200), "cny") == "CNY +1,200.00"
        assert wording.signed(Decimal(-5), "m2") == "-5.00 m²"
        assert wording.signed(None, "cny") == "--"


@pytest.mark.parametrize(("operator", "words"), [("<", "below"), ("<=", "at most"), (">=", "at least")])
def test_a_limit_says_on_which_side_one_has_to_be(operator: str, words: str) -> None:
    with translation.override("en"):
        assert wording.limit(operator, "4480", "cny_head_month") == f"{words} CNY 4,480.00 per person a month"
        assert wording.limit(operator, None, "cny") == "--"


def test_relations_and_marital_codes_read_by_their_group_when_they_are_finer() -> None:
    with translation.override("en"):
        assert wording.relation("01") == "Applicant"
        assert wording.relation("22") == "Son"
        assert wording.relation("99") == "Other relation"
        assert wording.marital("20") == "Married"
        assert wording.marital("77") == "Not stated"


def test_the_line_of_an_account_shows_only_the_end_of_its_number() -> None:
    line = Line(
        number=1, section="assets", kind="deposit", person="m1", source="icbc", text={"account": "6222021234567890"}
    )
    text = wording.line_text(line)
    assert "7890" in text
    assert "6222" not in text


@pytest.mark.parametrize("tenure", ["private_rental", "borrowed", "temporary", "other"])
def test_a_home_that_is_not_owned_is_not_called_owned(tenure: str) -> None:
    line = Line(number=1, section="homes", kind="ownership", person="m1", source="declared", text={"tenure": tenure})
    with translation.override("en"):
        assert "Owned" not in wording.line_text(line)
    with translation.override("zh-hans"):
        assert not wording.line_text(line).startswith("自有")


def test_a_letter_prints_value_limit_and_article() -> None:
    criterion = Criterion(
        name="income",
        value=Decimal(5200),
        limit=Decimal(4480),
        operator=Operator.UNDER,
        unit="cny_head_month",
        met=False,
        reason="income.failed",
        article="art. 2",
    )
    with translation.override("en"):
        printed = wording.criterion_for_letter(criterion)
    assert (printed.value, printed.met, printed.basis) == ("CNY 5,200.00 per person a month", False, "art. 2")
    assert printed.limit == "below CNY 4,480.00 per person a month"


def inquiry(**fields) -> Inquiry:
    source = Source(code="icbc", name_zh="中国工商银行", name_en="Bank C")
    return Inquiry(source=source, asked_at=timezone.now(), **fields)


def test_who_waits_is_told_that_a_silent_source_is_retried_and_that_there_is_nothing_to_do() -> None:
    with translation.override("en"):
        text = wording.inquiry_words(inquiry(state="open", reason="timeout", attempts=1))
    assert text.startswith("Bank C has not answered since")
    assert "asked again at" in text
    assert "Nothing for you to do" in text


@pytest.mark.parametrize("reason", ["timeout", "unavailable", "broken", "refused"])
def test_a_source_that_has_failed_says_what_can_be_done(reason: str) -> None:
    with translation.override("en"):
        text = wording.inquiry_words(inquiry(state="failed", reason=reason, attempts=4, outcomes={"m1": reason}))
    assert "Bank C" in text
    assert "%(" not in text


def test_an_answer_needs_no_words_and_a_mismatch_does() -> None:
    answered = inquiry(state="answered", outcomes={"m1": "found", "m2": "identity_mismatch"})
    with translation.override("en"):
        assert wording.inquiry_words(answered, "m1") == ""
        assert "ID number" in wording.inquiry_words(answered, "m2")


@pytest.mark.parametrize("state", [state for state in Inquiry.State if state != "answered"])
def test_every_state_but_an_answer_has_words(state: str) -> None:
    assert wording.inquiry_words(inquiry(state=state, reason="timeout", outcomes={}))


def test_no_enumeration_of_the_records_that_a_line_shows_is_without_words() -> None:
    shown = {"AssistanceType", "BusinessRole", "HousingRight", "VehicleClass"}
    found = set()
    for each in pkgutil.iter_modules(records.__path__):
        module = importlib.import_module(f"{records.__name__}.{each.name}")
        found |= {name for name, kind in vars(module).items() if isinstance(kind, type) and issubclass(kind, enum.Enum)}
    assert shown <= found
