"""Document numbers and references run without gaps, whoever rolls back and however many ask at once."""

import threading
from datetime import date

import pytest
from django.db import connection, transaction

from bureau import numbers
from bureau.models import NumberSeries

DAY = date(2026, 11, 22)


@pytest.mark.django_db
def test_a_number_reads_as_documents_are_quoted():
    assert numbers.document_number("check_report", on=DAY) == "泰房核〔2026〕0001号"
    assert numbers.document_number("refusal", on=DAY) == "泰房不准〔2026〕0001号"
    assert numbers.reference("GZ", on=DAY) == "GZ2026-000001"


@pytest.mark.django_db
def test_every_kind_and_every_year_has_a_series_of_its_own():
    first = [numbers.take(kind, on=day) for kind in ("receipt", "approval") for day in (DAY, date(2027, 1, 1))]
    assert first == [1, 1, 1, 1]
    assert numbers.take("receipt", on=DAY) == 2


@pytest.mark.django_db
def test_several_are_taken_at_once_and_the_last_is_told():
    assert numbers.take("HD", on=DAY, count=200) == 200
    assert numbers.take("HD", on=DAY) == 201


@pytest.mark.django_db
def test_a_number_that_is_rolled_back_is_given_out_again():
    numbers.take("receipt", on=DAY)
    with transaction.atomic():
        assert numbers.take("receipt", on=DAY) == 2
        transaction.set_rollback(True)
    assert numbers.take("receipt", on=DAY) == 2


@pytest.mark.django_db
def test_an_unknown_kind_of_document_has_no_number():
    with pytest.raises(KeyError):
        numbers.document_number("postcard", on=DAY)
    assert not NumberSeries.objects.filter(kind="postcard").exists()


@pytest.mark.django_db
def test_more_than_9999_documents_in_a_year_still_have_numbers():
    numbers.take("receipt", on=DAY, count=9999)
    assert numbers.document_number("receipt", on=DAY) == "泰房受〔2026〕10000号"


@pytest.mark.django_db(transaction=True)
def test_many_at_once_some_rolling_back_leave_no_gap_and_no_number_twice():
    kept, lock = [], threading.Lock()

    def take(worker):
        for place in range(20):
            with transaction.atomic():
                number = numbers.take("receipt", on=DAY)
                if (worker + place) % 3 == 0:
                    transaction.set_rollback(True)
                    continue
            with lock:
                kept.append(number)
        connection.close()

    threads = [threading.Thread(target=take, args=(worker,)) for worker in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(kept) == 80
    assert sorted(kept) == list(range(1, 81))
    assert NumberSeries.objects.get(kind="receipt").last == 80
