"""The product's addresses, and the bare view against which the standing query is measured."""

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from housing_credit.urls import handler404, handler500, urlpatterns

__all__ = ["handler404", "handler500", "urlpatterns"]
FIND = "SELECT id FROM credit_subject WHERE kind = 'person' AND identifier_index = %s"
NOTE = "INSERT INTO benchmark_bare (index, found) VALUES (%s, %s)"


@csrf_exempt
@login_not_required
def bare(request: HttpRequest) -> JsonResponse:
    """One indexed SELECT and one INSERT, and nothing else: no signature, no quota, no rights, no log of its own."""
    index = bytes.fromhex(request.body.decode())
    with connection.cursor() as cursor:
        cursor.execute(FIND, [index])
        row = cursor.fetchone()
        cursor.execute(NOTE, [index, row and row[0]])
    return JsonResponse({"hit": row is not None})


urlpatterns = [*urlpatterns, path("benchmark/bare", bare)]  # where any new address would be
