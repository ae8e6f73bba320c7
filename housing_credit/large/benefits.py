"""Benefits of the approved households: homes, places, tenancies with their rent, subsidies, a yearly review."""

from typing import Any

from django.db import connection, transaction

from housing_credit.large import homes, life, money, reviews, subsidies, tenancies


def fill(progress: Any = lambda _done: None) -> None:
    """Give the households at hand what they were approved for. Raises `LargeError` where there is nobody to do it."""
    by = life.hands()
    with transaction.atomic(), connection.cursor() as cursor:
        life.lay(cursor)
        for part in (homes, tenancies, money, subsidies, reviews):
            part.lay(cursor, by)
            progress(part.__name__.rpartition(".")[2])
