"""A status is written by bureau/lifecycle.py and by nobody else."""

import ast

import pytest

from tests.house.rules.sources import dotted, name_of, python_files, tree_of

ALLOWED = {"bureau/lifecycle.py"}
WRITERS = {"update", "create", "bulk_create", "get_or_create", "update_or_create"}
NOT_A_LIFE = {"response", "self.response", "error", "answer"}  # HTTP statuses


def status_writes(tree):
    """Line numbers at which a status is assigned or handed to a writing call of a query set."""
    for node in ast.walk(tree):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        for target in targets if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign) else ():
            for part in target.elts if isinstance(target, ast.Tuple | ast.List) else (target,):
                if isinstance(part, ast.Attribute) and part.attr == "status" and dotted(part.value) not in NOT_A_LIFE:
                    yield node.lineno
        if isinstance(node, ast.Call):
            yield from _written_by_call(node)


def _written_by_call(node):
    name = dotted(node.func)
    if name.rsplit(".", 1)[-1] in WRITERS and any(keyword.arg == "status" for keyword in node.keywords):
        yield node.lineno
    if name == "setattr" and len(node.args) > 1 and getattr(node.args[1], "value", None) == "status":
        yield node.lineno
    if name.endswith("bulk_update") and any("status" in ast.unparse(part).split("'") for part in node.args[1:]):
        yield node.lineno


@pytest.mark.parametrize("path", [path for path in python_files() if name_of(path) not in ALLOWED], ids=name_of)
def test_no_other_file_writes_a_status(path):
    assert list(status_writes(tree_of(path))) == []


def test_no_sql_of_ours_writes_a_status():
    for path in python_files():
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                words = " ".join(node.value.upper().split())
                assert not ("UPDATE " in words and " SET STATUS" in words), f"{name_of(path)}:{node.lineno}"


@pytest.mark.parametrize(
    "line",
    [
        "case.status = 'approved'",
        "case.status, case.note = 'approved', ''",
        "Case.objects.filter(pk=1).update(status='approved')",
        "Case.objects.create(status='approved')",
        "setattr(case, 'status', 'approved')",
        "Case.objects.bulk_update(cases, ['status'])",
    ],
)
def test_the_rule_sees_every_way_of_writing_one(line):
    assert list(status_writes(ast.parse(line))) == [1]


@pytest.mark.parametrize("line", ["x = case.status", "cases.filter(status='draft')", "update(state='open')"])
def test_the_rule_lets_reading_pass(line):
    assert list(status_writes(ast.parse(line))) == []
