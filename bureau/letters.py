"""Letters and reports: numbered in the transaction that decides them, typeset outside it, kept with their digest."""

import secrets
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from bureau import bell, ciphers, numbers, typesetting
from bureau.models import Document, Staff, label_of

CHECK_CODE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that reads like something else


@transaction.atomic(savepoint=False)
def issue(
    kind: str, title: str, subject: Any, data: Mapping[str, Any], *, by: Staff | None, lang: str = "zh"
) -> Document:
    """Give the document its number now; the PDF follows within seconds, or at once when somebody opens it.

    `data` is what the template of this kind needs (bureau/letter_data.py), without number, date and check code,
    which are added.
    """
    today = timezone.localdate()
    document = Document.objects.create(
        number=numbers.document_number(kind, on=today),
        kind=kind,
        title=title,
        lang=lang,
        subject_kind=label_of(subject),
        subject_id=subject.pk,
        reference=getattr(subject, "reference", "") or subject.number,
        office_code=subject.office_code,
        data=dict(data),
        check_code="".join(secrets.choice(CHECK_CODE_ALPHABET) for _ in range(12)),
        issued_on=today,
        by=by,
    )
    bell.ring("bureau.typeset_document", document.pk)
    return document


def check_url(document: Document) -> str:
    """Where the QR code leads: a page that tells whether the document is genuine and still stands."""
    return f"{settings.PUBLIC_URL}{reverse('check_document', args=[document.check_code])}"


def typeset(document: Document) -> Document:
    """Make the PDF of a document that has none yet. Twice is harmless: the first one stays."""
    if document.typeset_at:
        return document
    data = dict(
        document.data,
        number=document.number,
        issued_on=document.issued_on.isoformat(),
        check_code=document.check_code,
        lang=document.lang,
    )
    pdf = typesetting.render_pdf(document.kind, data, check_url=check_url(document))
    field = document.pdf.field
    storage = field.storage
    # Written before the row is: who loses the race takes its own file away, and no row waits for a disk.
    path = storage.save(field.generate_filename(document, f"{document.check_code}.pdf"), ContentFile(pdf))
    made = Document.objects.filter(pk=document.pk, typeset_at=None).update(
        pdf=path, digest=ciphers.sm3(pdf).hex(), typeset_at=timezone.now()
    )
    document.refresh_from_db()
    if not made:
        storage.delete(path)
    return document


def pdf_of(document: Document) -> bytes:
    """The PDF, made now when it was not made yet; its digest is checked against the one kept."""
    with typeset(document).pdf.open("rb") as file:
        content: bytes = file.read()
    if ciphers.sm3(content).hex() != document.digest:
        message = f"Document {document.number} does not match its digest."
        raise ciphers.UndecipherableError(message)
    return content


def typeset_due() -> int:
    """Typeset what still waits; returns how many were made."""
    waiting = list(Document.objects.to_typeset().order_by("pk")[:50])
    for document in waiting:
        typeset(document)
    return len(waiting)
