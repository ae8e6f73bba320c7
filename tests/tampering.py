"""Changes by somebody who has the database and not our code."""

from django.db import connection


def behind_our_back(sql, *values):
    """One statement while the triggers do not run; it must change something."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql, values)
        changed = cursor.rowcount
        cursor.execute("SET session_replication_role = origin")
    assert changed > 0


def rewind(head):
    """Put the head of a chain back to what it was, seal and all."""
    sql = "UPDATE bureau_chainhead SET place = %s, digest = %s, seal = %s WHERE id = %s"
    behind_our_back(sql, head.place, bytes(head.digest), bytes(head.seal), head.pk)
