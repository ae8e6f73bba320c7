"""The ground's doors for workers."""

from celery import shared_task

from bureau import letters
from bureau.models import Document


@shared_task(name="bureau.typeset_document")
def typeset_document(document_id: int) -> None:
    """Typeset one document."""
    letters.typeset(Document.objects.get(pk=document_id))


@shared_task(name="bureau.typeset_due_documents")
def typeset_due_documents() -> None:
    """Typeset what a lost message left behind."""
    letters.typeset_due()
