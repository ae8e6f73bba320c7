"""The product's addresses, and the bare view against which the standing query is measured."""

from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.urls import path

from housing_credit.departments_door import DOOR
from housing_credit.urls import handler404, handler500, urlpatterns

__all__ = ["handler404", "handler500", "urlpatterns"]
FIND = "SELECT id FROM credit_subject WHERE kind = 'person' AND identifier_index = %s"
NOTE = "INSERT INTO benchmark_bare (index, found) VALUES (%s, %s)"


def bare(request: HttpRequest) -> JsonResponse:
    """One indexed SELECT and one INSERT, and nothing else: no signature, no quota, no rights, no log of its own."""
    index = bytes.fromhex(request.body.decode())
    with connection.cursor() as cursor:
        cursor.execute(FIND, [index])
        row = cursor.fetchone()
        cursor.execute(NOTE, [index, row and row[0]])
    return JsonResponse({"hit": row is not None})


urlpatterns = [path(f"{DOOR}benchmark/bare", bare), *urlpatterns]  # by the same way as the query of a department
