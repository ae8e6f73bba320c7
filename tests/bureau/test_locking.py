"""A row is read anew under its lock, in one statement that is composed once."""

import pytest
from django.db import transaction
from django.db.transaction import TransactionManagementError

from applications.models import Application
from bureau.locking import lock
from tests.factories.cases import case_at, check_at
from verification.models import Check


@pytest.mark.django_db
def test_every_field_is_read_anew_and_relations_are_forgotten(people, django_assert_num_queries):
    case = case_at("at_city", keyed_by=people["window"])
    assert case.declaration.version == 1
    before = {name: value for name, value in vars(Application.objects.get(pk=case.pk)).items() if name[0] != "_"}
    Application.objects.filter(pk=case.pk).update(applicant_name="王变", household_size=7)

    with django_assert_num_queries(1) as asked:
        lock(case)

    assert "FOR UPDATE" in asked.captured_queries[0]["sql"]
    assert (case.applicant_name, case.household_size) == ("王变", 7)
    now = {name: value for name, value in vars(case).items() if name in before}
    assert now == before | {"applicant_name": "王变", "household_size": 7}
    assert not Application.declaration.is_cached(case)


@pytest.mark.django_db
def test_what_is_kept_sealed_or_as_json_is_opened():
    check = check_at("assessed")
    stored = Check.objects.get(pk=check.pk)
    lock(check)
    assert check.authorisations == stored.authorisations
    assert check.declared == stored.declared


@pytest.mark.django_db
def test_a_row_that_is_gone_is_said_to_be():
    with pytest.raises(Application.DoesNotExist):
        lock(Application(pk=10**9))


@pytest.mark.django_db(transaction=True)
def test_without_a_transaction_nothing_is_locked(people):
    case = case_at("at_street", keyed_by=people["window"])
    with pytest.raises(TransactionManagementError):
        lock(case)
    with transaction.atomic():
        lock(case)
