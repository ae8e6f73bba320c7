"""The rehearsal of faults at a small size: nothing is lost, doubled or wrong, and nothing is left behind."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from housing_credit import embedded
from housing_credit.arena import NAME
from housing_credit.embedded.places import Places

pytestmark = pytest.mark.faults
HOUSEHOLDS = 40


def test_failing_sources_and_failing_machines_change_no_result():
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    command = [sys.executable, "manage.py", "rehearse_faults", "--households", str(HOUSEHOLDS), "--json"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    running = subprocess.Popen(
        [*command, "--seconds-limit", "120"], cwd=Path(settings.BASE_DIR), env=environment, text=True, **pipes
    )
    printed, said = running.communicate(timeout=600)

    assert running.returncode == 0, said
    told = json.loads(printed)
    assert told["households"] == HOUSEHOLDS
    sources, machines = told["sources"], told["machines"]
    assert [sources[kind] for kind in ("lost", "doubled", "wrong", "unnamed", "died")] == [0] * 5
    assert [machines[kind] for kind in ("lost", "doubled", "wrong", "died")] == [0] * 4
    assert sources["failed"] == {"transport": HOUSEHOLDS}
    assert sources["retries"] > HOUSEHOLDS, "nothing failed, so nothing was rehearsed"
    assert (machines["killed"], machines["flushed"], machines["restarted"]) == (2, 2, 1)

    folder = embedded.state_dir() / f"{NAME}{running.pid}"
    assert not folder.exists()
    assert not Places.of(folder).base.exists()
