"""Every periodic task is in the beat table, every entry of it and every bell that is rung names a task that exists."""

import ast
import inspect

import pytest
from celery import current_app

from housing_credit import beat
from housing_credit.celery import app
from tests.house.rules.sources import dotted, name_of, python_files, tree_of


@pytest.fixture(scope="module")
def tasks():
    app.loader.import_default_modules()
    return {name: task for name, task in current_app.tasks.items() if not name.startswith("celery.")}


def rung():
    """(where, task name) of every bell; a name that is chosen between two counts as both."""
    for path in python_files():
        names = {
            node.targets[0].id: node.value
            for node in ast.walk(tree_of(path))
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        }
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Call) and dotted(node.func) == "bell.ring":
                said = names.get(node.args[0].id) if isinstance(node.args[0], ast.Name) else node.args[0]
                for part in ast.walk(said):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str) and "." in part.value:
                        yield f"{name_of(path)}:{node.lineno}", part.value


def test_every_sweep_is_in_the_beat_table(tasks):
    sweeps = {name for name in tasks if "_due_" in name}
    assert sweeps
    assert sweeps == {entry["task"] for entry in beat.SCHEDULE.values()}


def test_every_entry_of_the_beat_table_is_a_task_that_needs_nothing_to_be_told(tasks):
    for entry in beat.SCHEDULE.values():
        assert not [
            parameter
            for parameter in inspect.signature(tasks[entry["task"]].run).parameters.values()
            if parameter.default is parameter.empty
        ]


def test_every_bell_names_a_task(tasks):
    bells = list(rung())
    assert len(bells) >= 3
    assert [bell for bell in bells if bell[1] not in tasks] == []


def test_every_task_has_an_explicit_name_of_its_app(tasks):
    for name, task in tasks.items():
        assert name.split(".")[0] == task.run.__module__.split(".")[0]


def test_no_task_takes_anything_but_ids_and_codes(tasks):
    names = {parameter for task in tasks.values() for parameter in inspect.signature(task.run).parameters}
    assert {name for name in names if not name.endswith(("_id", "_ids", "_code", "_codes"))} == set()


def test_a_sweep_that_nobody_heard_expires_before_the_next():
    for entry in beat.SCHEDULE.values():
        assert entry["options"]["expires"] <= entry["schedule"]
