"""Who is told of records by file: the city credit system, and a branch of the central bank that is off."""

import msgspec

from credit.feeds import sample_mappings
from credit.models import FeedMapping, Receiver

RECEIVERS = {
    "city-credit": ("泰州市公共信用信息系统", True, "city-credit-2026"),
    "central-bank": ("中国人民银行泰州市分行", False, "central-bank-2026"),
}


def seed_receivers() -> int:
    """Enter the receivers that are missing, each with its mapping; returns how many were new."""
    mappings = {mapping.id: mapping for mapping in sample_mappings()}
    new = 0
    for code, (name, in_use, mapping_id) in RECEIVERS.items():
        receiver, created = Receiver.objects.get_or_create(code=code, defaults={"name": name, "in_use": in_use})
        mapping = mappings[mapping_id]
        FeedMapping.objects.get_or_create(
            code=mapping.id,
            defaults={
                "receiver": receiver,
                "name": mapping.name,
                "document": mapping.document,
                "effective_from": mapping.effective_from,
                "effective_to": mapping.effective_to,
                "content": msgspec.to_builtins(mapping),
            },
        )
        new += created
    return new
