"""The access log of a case in the words of its reader."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications.forms.sections import SECTIONS
from bureau.audit import purposes_in_words
from bureau.models import AuditEntry, Office

FIELDS: Mapping[str, str | Promise] = {
    "overview": _("Overview"),
    "declaration": _("Declaration"),
    "check": _("Check"),
    "statement": _("Statement and comparison"),
    "opinions": _("Opinions and decision"),
    "papers": _("Papers"),
    "documents": _("Documents"),
    "timeline": _("Timeline"),
    "access log": _("Access log"),
    "id_number": _("ID number"),
    "phone": _("Telephone"),
    "paper": _("Paper"),
    "document": _("Documents"),
    "signing": _("Commitment and authorisation"),
    "task list": _("Declaration"),
    "all sections": _("Declaration"),
    **{name: section.label for name, section in SECTIONS.items()},
    "progress": _("Progress"),
    "findings": _("Findings"),
    "changes": _("What changed"),
    "conclusion": _("Conclusion"),
    "objection": _("Objection to the result"),
    "proof": _("Proof"),
    "message": _("Message"),
    # Translators: 家庭核对结果告知
    "copy": _("Result for the household"),
    # Translators: 保障：合同、租金、补贴金额、退出、文书、家庭全程、收款账户
    "contracts": _("Leases"),
    "rents": _("Rents"),
    "amounts": _("Amounts"),
    "exits": _("Way out"),
    "letters": _("Letters"),
    "history": _("Household from first to last"),
    "bank_account": _("Bank account"),
    # Translators: 成员同意展示明细
    "agreed": _("Consent of a member to show lines"),
}


def audit_rows(entries: Iterable[AuditEntry]) -> list[dict[str, Any]]:
    """Looks as the access log draws them; one query for the names of all offices."""
    entries = list(entries)
    offices = {office.code: office.name for office in Office.objects.filter(code__in={e.office_code for e in entries})}
    return [
        {
            "entry": entry,
            "action": entry.get_action_display(),
            "fields": [FIELDS.get(name) or FIELDS.get(re.split("[: ]", name)[0], name) for name in entry.fields],
            "office": offices.get(entry.office_code, entry.office_code),
            "purpose": purpose,
        }
        for entry, purpose in zip(entries, purposes_in_words(entries), strict=True)
    ]
