"""Document numbers without gaps: one series per kind and year, in the form 泰房核〔2026〕0001号."""

from datetime import date

from django.db import connection

# The word between 泰房 and the year, per kind of document.
SERIES = {
    "receipt": "受",
    "commitment": "诺",
    "authorisation": "权",
    "promise": "容",
    "return_notice": "补",
    "check_report": "核",
    "household_copy": "告",
    "public_notice": "示",
    "approval": "准",
    "refusal": "不准",
    "correction_request": "函",
    "objection_answer": "复",
    "scorecard": "评",
    "access_slip": "查",
    "home_offer": "配",
    "lease": "租",
    "order_to_leave": "腾",
    "rent_reminder": "催",
    "subsidy_notice": "停",
    "review_notice": "审",
    "credit_proposal": "诚拟",
    "credit_notice": "诚函",
    "credit_announcement": "诚公",
    "credit_cure": "诚结",
    "credit_record": "诚记",
    "credit_repair": "诚修",
    "credit_lawyer": "诚律",
    "credit_release": "诚解",
}

TAKE = """
INSERT INTO bureau_numberseries (kind, year, last) VALUES (%(kind)s, %(year)s, %(count)s)
ON CONFLICT (kind, year) DO UPDATE SET last = bureau_numberseries.last + %(count)s RETURNING last
"""


def take(kind: str, *, on: date, count: int = 1) -> int:
    """The next number of the series, or the last of the next `count`, inside the caller's transaction:
    rolled back with it.
    """
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {"kind": kind, "year": on.year, "count": count})
        row = cursor.fetchone()
    return int(row[0])


def document_number(kind: str, *, on: date) -> str:
    """The next document number of its kind, such as 泰房核〔2026〕0001号."""
    return f"泰房{SERIES[kind]}〔{on.year}〕{take(kind, on=on):04d}号"


def reference(prefix: str, *, on: date) -> str:
    """The next case reference, such as GZ2026-000123: what people quote, type and read over the telephone."""
    return f"{prefix}{on.year}-{take(prefix, on=on):06d}"
