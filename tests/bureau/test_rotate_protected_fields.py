import json
from io import StringIO

import pytest
from django.core.management import call_command

from bureau import rotation

pytestmark = pytest.mark.django_db


def test_the_command_counts_every_protected_column_and_prints_json_alone():
    out = StringIO()
    call_command("rotate_protected_fields", "--json", stdout=out)

    told = json.loads(out.getvalue())
    assert told["total"] == 0
    assert set(told["rotated"]) == {str(column) for column in rotation.columns()}
    assert "bureau.Document.data" in told["rotated"]


def test_a_dry_run_only_counts():
    out = StringIO()
    call_command("rotate_protected_fields", "--json", "--dry-run", stdout=out)

    assert "waiting" in json.loads(out.getvalue())
