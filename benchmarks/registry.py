"""A registry of so many records: persons, each with a case in the archive and what follows from it.

For loading only, triggers and references are put aside (`session_replication_role`) and the exclusion constraint is
taken off and made again, which looks through all rows. What a case went through on its way (votes, services, letters)
is left out: no standing query reads it.
"""

import io
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

from bureau import workdays
from bureau.fields import blind_index
from bureau.models import Staff
from credit.clocks import Kind
from credit.models import Act, Case, Lead, Partner, Party, Sanction, Subject

WEIGHTS, CHECKS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), "10X98765432"
FIRST_BORN = date(1945, 1, 1)
DAYS = 20_000  # of birth
OVERLAP = "sanctions_of_a_subject_do_not_overlap"
BASIS = "泰州市市区住房保障诚信管理办法（2017）第十二条"


def id_number(place: int) -> str:
    """The ID number of a person who is always the same; each place has another."""
    born = FIRST_BORN + timedelta(days=place % DAYS)
    first = f"321202{born:%Y%m%d}{place // DAYS:03d}"
    return first + CHECKS[sum(int(digit) * weight for digit, weight in zip(first, WEIGHTS, strict=True)) % 11]


def fill(begin: int, end: int) -> None:
    """Enter the records of these places, and let the planner know of them."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", [OVERLAP])
        (constraint,) = cursor.fetchone()
        cursor.execute(f"ALTER TABLE credit_sanction DROP CONSTRAINT {OVERLAP}")
        ids = _subjects(cursor, begin, end)
        for model, rows in _templates():
            _many(cursor, model, ids, **rows)
        cursor.execute(f"ALTER TABLE credit_sanction ADD CONSTRAINT {OVERLAP} {constraint}")
    with connection.cursor() as cursor:
        for table in (each._meta.db_table for each in (Subject, Lead, Case, Party, Sanction)):
            cursor.execute(f"VACUUM (ANALYZE) {table}")
        cursor.execute("CHECKPOINT")


def open_partner() -> Partner:
    """A department whose quota no measurement uses up."""
    partner = Partner.objects.get(code="civil_affairs")
    partner.quota_day = partner.quota_minute = 2_000_000_000
    partner.save()
    return partner


def _subjects(cursor: Any, begin: int, end: int) -> range:
    """Enter the persons; the ids of all that follow are theirs."""
    cursor.execute("SELECT coalesce(max(id), 0) + 1 FROM credit_subject")
    (first,) = cursor.fetchone()
    seal: Any = Subject._meta.get_field("identifier")
    columns = ("id", "kind", "name", "identifier", "identifier_index", "created_at")
    now = timezone.now().isoformat()

    def lines() -> Iterator[bytes]:
        for place in range(begin, end):
            number = id_number(place)
            words = (
                first + place - begin,
                "person",
                f"甲{place}",
                _hex(seal.sealed(number)),
                _hex(blind_index(number)),
                now,
            )
            yield ("\t".join(map(str, words)) + "\n").encode()

    cursor.copy_expert(f"COPY credit_subject ({', '.join(columns)}) FROM STDIN", _Stream(lines()))
    cursor.execute("SELECT setval(pg_get_serial_sequence('credit_subject', 'id'), %s)", [first + end - begin])
    return range(first, first + end - begin)


def _templates() -> list[tuple[models.Model, dict[str, str]]]:
    """One row of each table, and what is another in each. Case and lead have the id of their person."""
    officer, today = Staff.objects.get(username="credit"), workdays.today()
    act = Act.objects.filter(policy__in_use=True).order_by("pk")[0]
    begun = today - timedelta(days=400)
    common = {"office_code": "321200", "severity": "general"}
    lead = Lead(
        kind=Lead.Kind.DEPARTMENT, act=act, text="隐瞒房产", confirmed_by=officer, confirmed_at=timezone.now(),
        office_code="321200", status=Lead.Status.OPENED, received_on=begun, by=officer,
    )  # fmt: skip
    case = Case(
        policy_id=act.policy_id, act=act, occurred_on=begun, facts="隐瞒房产", status=Case.Status.RECORDED,
        opened_on=begun, opened_by=officer, **common,
    )  # fmt: skip
    measures = [
        Sanction(kind=kind, severity="general", act="隐瞒房产", basis=BASIS, holds_from=begun, holds_until=until)
        for kind, until in ((Kind.BAN, None), (Kind.PUBLICATION, today), (Kind.SHARING, today + timedelta(days=365)))
    ]
    return [
        (lead, {"id": "n", "number": "'BL' || n"}),
        (case, {"id": "n", "number": "'BC' || n", "lead_id": "n"}),
        (Party(part=Party.Part.ACTOR), {"case_id": "n", "subject_id": "n"}),
        *((measure, {"case_id": "n", "subject_id": "n"}) for measure in measures),
    ]


def _many(cursor: Any, row: models.Model, ids: range, **different: str) -> None:
    """As many rows like this one as there are ids, of which some columns are expressions of the id `n`."""
    fields = [field for field in row._meta.concrete_fields if field.column in different or not field.primary_key]
    given = [field for field in fields if field.column not in different]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join(different.get(str(field.column), f"%s::{field.db_type(connection)}") for field in fields)
    cursor.execute(
        f"INSERT INTO {row._meta.db_table} ({columns}) SELECT {values} FROM generate_series(%s, %s) n",  # noqa: S608
        [
            *(field.get_db_prep_save(getattr(row, field.attname), connection) for field in given),
            ids.start,
            ids.stop - 1,
        ],
    )


def _hex(value: bytes) -> str:
    return rf"\\x{value.hex()}"


class _Stream(io.RawIOBase):
    """Lines as a file that COPY reads."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self._lines, self._kept = lines, b""

    def read(self, size: int = -1) -> bytes:
        """At most so many bytes; nothing at the end."""
        parts, length = [self._kept], len(self._kept)
        for line in self._lines:
            parts.append(line)
            length += len(line)
            if length >= size:
                break
        whole = b"".join(parts)
        self._kept = whole[size:]
        return whole[:size]
