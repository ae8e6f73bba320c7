"""`replay_taizhou` in its own place: one JSON object alone on stdout, by what was planted; nothing is left behind."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from housing_credit.arena import NAME
from housing_credit.management.commands import replay_taizhou
from housing_credit.replay.fates import Planted, parts
from housing_credit.replay.population import Plant, households

KEYS = ["checked", "unfit", "homes_recovered", "rent_recovered", "recorded_changed", "recorded_arrears", "seconds"]


def test_the_default_plants_the_notice(settings):
    plant = Plant()
    planted = households(plant)
    fates = [household.fate for household in planted]
    assert (len(planted), sum(bool(each.hides) for each in planted)) == (2227, 585)
    assert sum(bool(fate.changes) for fate in fates) + plant.tenants.losing_home == 32
    assert sum(fate.pays_back for fate in fates) == plant.tenants.recovered
    assert f"{plant.tenants.recovered}" == "25360.00"
    assert sum(fate.stays_on for fate in fates) == 13
    assert sum(fate.pays_back > 0 for fate in fates) == 21


def test_sums_are_parted_to_the_cent():
    shares = parts(Planted().recovered, [97, 80, 91, 100, 84, 3])
    assert sum(shares) == Planted().recovered
    assert all(share == round(share, 2) for share in shares)


@pytest.mark.parametrize(("given", "wanted"), [({"households": 0}, "--households"), ({"unfit": 61}, "--unfit")])
def test_what_cannot_be_planted_is_refused(given, wanted):
    options = {"households": 60, "unfit": None, "seed": 1, "months": None, **given}
    with pytest.raises(replay_taizhou.CommandError, match=wanted):
        replay_taizhou._plant(options)


@pytest.mark.django_db
def test_the_command_prints_what_was_planted():
    command = [sys.executable, "manage.py", "replay_taizhou", "--households", "10", "--months", "1", "--unfit", "3"]
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run(
        [*command, "--seed", "4", "--pages", "--json"],
        cwd=Path(settings.BASE_DIR),
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout)
    assert list(told) == [*KEYS, "pages"]
    assert told["pages"]["failed"] == []
    assert {"/dashboard/", "/benefits/arrears/"} <= {row["page"] for row in told["pages"]["pages"]}
    assert (told["checked"], told["unfit"]) == (10, 3)
    assert [told[key] for key in KEYS[2:6]] == [0, 0.0, 0, 0]
    assert told["seconds"] > 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_database WHERE datname LIKE %s", [NAME.replace("_", r"\_") + "%"])
        assert cursor.fetchone()[0] == 0
