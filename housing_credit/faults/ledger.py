"""A second pair of eyes: the database itself notes each time that an inquiry comes to its end or a check is assessed.

For an arena only: the table and its triggers are made by the owner of the tables and go with the arena.
"""

import psycopg2
from django.db import connection

CREATE = """
CREATE TABLE rehearsal_ledger (kind text NOT NULL, id bigint NOT NULL, check_id bigint NOT NULL);
CREATE FUNCTION rehearsal_note_inquiry() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    INSERT INTO public.rehearsal_ledger VALUES ('inquiry', NEW.id, NEW.check_ordered_id);
    RETURN NULL;
END $$;
CREATE FUNCTION rehearsal_note_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    INSERT INTO public.rehearsal_ledger VALUES (NEW.status, NEW.id, NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER rehearsal_inquiry AFTER UPDATE ON verification_inquiry FOR EACH ROW
WHEN (NEW.state <> 'open' AND (OLD.state = 'open' OR NEW.answered_at IS DISTINCT FROM OLD.answered_at
                               OR NEW.exchange_id IS DISTINCT FROM OLD.exchange_id))
EXECUTE FUNCTION rehearsal_note_inquiry();
CREATE TRIGGER rehearsal_check AFTER UPDATE ON verification_check FOR EACH ROW
WHEN (NEW.status IN ('settled', 'assessed') AND NEW.status IS DISTINCT FROM OLD.status)
EXECUTE FUNCTION rehearsal_note_check();
GRANT SELECT ON rehearsal_ledger TO PUBLIC;
"""
TWICE = """
SELECT DISTINCT l.check_id, l.kind
FROM rehearsal_ledger l JOIN verification_check c ON c.id = l.check_id
WHERE c.round_id = %s
GROUP BY l.check_id, l.kind, l.id HAVING count(*) > 1
ORDER BY l.check_id
"""


def open_ledger(owner_url: str) -> None:
    """Begin to note. Everyday work connects as a role that may not do this."""
    owner = psycopg2.connect(owner_url)
    try:
        with owner, owner.cursor() as cursor:
            cursor.execute(CREATE)
    finally:
        owner.close()


def twice(round_id: int) -> list[tuple[int, str]]:
    """The checks of a round with something that happened more than once, and what."""
    with connection.cursor() as cursor:
        cursor.execute(TWICE, [round_id])
        return [(check, kind) for check, kind in cursor.fetchall()]
