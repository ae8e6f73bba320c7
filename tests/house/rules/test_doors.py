"""Doors open only what the person may see: scoped tables are reached through `visible_to`."""

import ast

import pytest

from tests.house.rules.sources import dotted, name_of, python_files, tree_of

SCOPED = {"Application", "Check", "Document"}
READERS = {"all", "filter", "exclude", "get", "values", "values_list", "order_by", "select_related", "count", "first"}
# Each is looked up by what the visitor was given, and shows no more than that person may know.
EXEMPT = {
    ("bureau/views.py", "Document"): "the public check page finds a letter by its check code",
    ("applications/views/case.py", "Check"): "the checks of a case that was found in scope, by its reference",
    ("verification/views/reading.py", "Check"): "counts for the rows of a page that was read in scope",
    (
        "housing_credit/views.py",
        "Check",
    ): "a check's number is turned into a case's reference, looked up in scope after",
}


def is_door(path):
    parts = path.relative_to(path.parents[len(path.parents) - 1]).parts
    return "views" in parts or "api" in parts or path.stem in {"views", "api", "pages", "desk"}


def unscoped(tree):
    """(line, model) where a scoped table is read without `visible_to`, or `of` a case that was found in scope."""
    parents = {child: parent for parent in ast.walk(tree) for child in ast.iter_child_nodes(parent)}
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager"}):
            continue
        model, chain, here = dotted(node.value).rsplit(".", 1)[-1], [], parents.get(node)
        while isinstance(here, ast.Attribute | ast.Call):
            chain += [here.attr] if isinstance(here, ast.Attribute) else []
            here = parents.get(here)
        if model in SCOPED and not {"visible_to", "of"} & set(chain) and READERS & set(chain):
            yield node.lineno, model


@pytest.mark.parametrize("path", [path for path in python_files() if is_door(path)], ids=name_of)
def test_a_door_reads_households_only_within_scope(path):
    found = [(line, model) for line, model in unscoped(tree_of(path)) if (name_of(path), model) not in EXEMPT]
    assert found == []


def test_the_rule_sees_an_open_door():
    assert list(unscoped(ast.parse("Application.objects.filter(pk=1).first()"))) == [(1, "Application")]
    assert list(unscoped(ast.parse("Check.objects.all()"))) == [(1, "Check")]
    assert list(unscoped(ast.parse("Application.objects.visible_to(me).filter(pk=1)"))) == []


def test_there_are_doors_to_look_at():
    assert len([path for path in python_files() if is_door(path)]) > 10
