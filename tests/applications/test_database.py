"""What the database itself holds, whoever writes: no benefit and no refusal without the decision that carries it."""

import pytest
from django.db import IntegrityError, connection, transaction

from applications.models import Application
from tests.factories.cases import case_at


def end_of_transaction():
    """What PostgreSQL asks when a transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize("status", ["on_notice", "approved", "refused", "rejected"])
def test_a_status_without_the_decision_or_opinion_that_carries_it_is_refused(people, status):
    case = case_at("checked", keyed_by=people["window"])
    savepoint = transaction.savepoint()
    Application.objects.filter(pk=case.pk).update(status=status)
    with pytest.raises(IntegrityError, match="needs the decision"):
        end_of_transaction()
    transaction.savepoint_rollback(savepoint)


def test_a_status_that_needs_no_decision_passes(people):
    case = case_at("checked", keyed_by=people["window"])
    Application.objects.filter(pk=case.pk).update(status="withdrawn")
    end_of_transaction()
