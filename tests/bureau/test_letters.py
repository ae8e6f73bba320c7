"""A letter is numbered once, typeset once, kept with its digest, and never changes afterwards."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, InternalError, transaction

from bureau import ciphers, letters
from bureau.models import Document
from tests.bureau.letter_samples import sample

ADDED = ("number", "issued_on", "check_code", "lang")


@pytest.fixture
def document(people):
    """A receipt of a case, numbered and not typeset yet."""
    office = people["window"].seats[0].office
    office.reference, office.office_code = "GZ2026-000001", office.code
    data = {key: value for key, value in sample("receipt").items() if key not in ADDED}
    return letters.issue("receipt", "受理通知书", office, data, by=people["window"])


def test_a_letter_has_its_number_and_check_code_before_it_is_typeset(document):
    assert document.number.startswith("泰房受〔")
    assert len(document.check_code) == 12
    assert set(document.check_code) <= set(letters.CHECK_CODE_ALPHABET)
    assert (document.typeset_at, document.digest) == (None, "")
    assert Document.objects.to_typeset().get() == document


def test_a_letter_that_is_rolled_back_gives_its_number_back(document, people):
    office = people["window"].seats[0].office
    office.reference, office.office_code = "GZ2026-000002", office.code
    with transaction.atomic():
        lost = letters.issue("receipt", "受理通知书", office, document.data, by=None)
        transaction.set_rollback(True)
    again = letters.issue("receipt", "受理通知书", office, document.data, by=None)
    assert again.number == lost.number
    assert again.check_code != lost.check_code


def test_the_pdf_is_kept_with_its_digest_and_lies_encrypted(document):
    pdf = letters.pdf_of(document)
    assert pdf.startswith(b"%PDF-")
    assert document.digest == ciphers.sm3(pdf).hex()
    with open(default_storage.path(document.pdf.name), "rb") as file:
        assert pdf[:64] not in file.read()


def test_a_second_typesetting_keeps_the_first(document):
    late = Document.objects.get(pk=document.pk)  # another worker that has read the row before
    first = letters.pdf_of(document)
    kept = Document.objects.values_list("pdf", "digest", "typeset_at").get(pk=document.pk)

    letters.typeset(late)
    letters.typeset(document)

    assert Document.objects.values_list("pdf", "digest", "typeset_at").get(pk=document.pk) == kept
    assert letters.pdf_of(late) == first


def test_the_sweep_typesets_what_a_lost_message_left_behind(document):
    assert letters.typeset_due() == 1
    assert letters.typeset_due() == 0
    document.refresh_from_db()
    assert document.digest


def test_a_changed_file_is_not_given_out(document):
    letters.typeset(document)
    path = default_storage.path(document.pdf.name)
    with open(path, "rb") as file:
        content = bytearray(file.read())
    content[-20] ^= 1
    with open(path, "wb") as file:
        file.write(content)
    with pytest.raises(ciphers.UndecipherableError):
        letters.pdf_of(Document.objects.get(pk=document.pk))


def test_another_pdf_put_in_its_place_under_our_own_seal_is_not_given_out(document):
    letters.typeset(document)
    default_storage.delete(document.pdf.name)
    assert default_storage.save(document.pdf.name, ContentFile(b"%PDF-1.7 another")) == document.pdf.name
    with pytest.raises(ciphers.UndecipherableError, match="digest"):
        letters.pdf_of(Document.objects.get(pk=document.pk))


@pytest.mark.parametrize(
    "change",
    [{"digest": "0" * 64}, {"pdf": "elsewhere.pdf"}, {"number": "泰房受〔2026〕9999号"}, {"issued_on": "2020-01-01"}],
)
def test_the_database_refuses_to_change_a_letter_once_it_is_typeset(document, change):
    letters.typeset(document)
    with pytest.raises(InternalError, match="Cannot|document_does_not_change"), transaction.atomic():
        Document.objects.filter(pk=document.pk).update(**change)


@pytest.mark.parametrize("change", [{"typeset_at": None, "digest": ""}, {"check_code": "A" * 12}, {"reference": "x"}])
def test_neither_that_it_was_typeset_nor_what_it_belongs_to_can_change(document, change):
    letters.typeset(document)
    with pytest.raises(InternalError), transaction.atomic():
        Document.objects.filter(pk=document.pk).update(**change)


def test_a_letter_is_never_removed(document):
    with pytest.raises(InternalError), transaction.atomic():
        Document.objects.filter(pk=document.pk).delete()


def test_a_letter_has_a_digest_when_and_only_when_it_is_typeset(document):
    with pytest.raises(IntegrityError, match="document_has_digest_once_typeset"), transaction.atomic():
        Document.objects.filter(pk=document.pk).update(digest="0" * 64)


def test_a_letter_can_be_marked_as_superseded(document, people):
    letters.typeset(document)
    office = people["window"].seats[0].office
    office.reference, office.office_code = "GZ2026-000001", office.code
    newer = letters.issue("receipt", "受理通知书", office, document.data, by=None)
    Document.objects.filter(pk=document.pk).update(superseded_by=newer)
    document.refresh_from_db()
    assert document.superseded_by == newer


def test_the_check_page_is_named_by_code_and_holds_no_number_of_the_letter(document):
    assert document.check_code in letters.check_url(document)
    assert document.number not in letters.check_url(document)
