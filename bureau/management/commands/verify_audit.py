"""`manage.py verify_audit`: whether any row of the access log was changed, removed or slipped in."""

from collections.abc import Iterator

from bureau import audit
from bureau.chains import Finding
from bureau.management.verifying import VerifyCommand
from bureau.models import AuditEntry


class Command(VerifyCommand):
    help = "Verify the digest chains of the audit trail. Exit status 1 when a row does not fit."
    trail = "audit trail"

    def total(self) -> int:
        return AuditEntry.objects.count()

    def walk(self) -> Iterator[tuple[int, list[Finding]]]:
        return audit.verify()
