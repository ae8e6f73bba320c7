"""The programmers' door keeps what its OpenAPI document says, whatever it is sent: no server error, no other status,
type or shape than described. The questions are schemathesis' own, always the same ones.
"""

import io
import json
import time
from base64 import b64encode
from collections.abc import Iterator

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from bureau.models import Document
from credit import partners, signing
from credit.models import Partner
from housing_credit.seeds.people import DEMO_PASSWORD
from tests.factories.applications import concluded
from tests.factories.objections import SCENARIO, object_to

pytestmark = pytest.mark.django_db
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
GOOD, BAD = 3, 2  # how many questions that keep the document and that break it, for each address, method and person
CREDIT = "/api/v1/credit/"


class As:
    """The application, for somebody who signs in with each request."""

    def __init__(self, username: str) -> None:
        self.application = get_wsgi_application()
        self.header = "Basic " + b64encode(f"{username}:{DEMO_PASSWORD}".encode()).decode()

    def __call__(self, environ, start_response):
        environ |= {"HTTP_AUTHORIZATION": self.header, "REMOTE_ADDR": "127.0.0.1"}
        return self.application(environ, start_response)


class Signing:
    """The application, for a department that signs each request."""

    def __init__(self, partner: Partner) -> None:
        self.application = get_wsgi_application()
        key, secret = partners.issue(partner, by=None)
        self.key_id, self.key = key.key_id, signing.key_of(secret)

    def __call__(self, environ, start_response):
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        message = signing.Message(environ["REQUEST_METHOD"], environ["PATH_INFO"], environ["QUERY_STRING"], body)
        headers = signing.sign(message, key_id=self.key_id, key=self.key, now=time.time()).headers
        environ |= {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
        environ |= {"wsgi.input": io.BytesIO(body), "REMOTE_ADDR": "127.0.0.1"}
        return self.application(environ, start_response)


@pytest.fixture(autouse=True)
def _connection_stays(db):
    """A request closes no connection: that holds what the test has laid out. Django's own test client does the same."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture(scope="module", name="document")
def _document():
    return json.loads(json.dumps(SchemaGenerator().get_schema(request=None, public=True)))


@pytest.fixture(name="known")
def _known(sources, people):
    """What fills the addresses, so that something is found there: by the beginning of the address."""
    case = concluded(people, sources, SCENARIO, "unfit")
    check = case.current_check
    objection = object_to(check, people)
    paper = Document.objects.order_by("pk")[0]
    report = Document.objects.filter(kind=Document.Kind.CHECK_REPORT)[0]
    return {
        "/api/v1/applications/": {"reference": case.reference},
        "/api/v1/checks/": {"number": check.number, "id": check.findings.all()[0].pk},
        "/api/v1/objections/": {"number": objection.number},
        "/api/v1/offices/": {"code": "321200"},
        "/api/v1/sources/": {"code": "police"},
        "/api/v1/standards/": {"code": "taizhou-demo-public-rental"},
        "/api/v1/documents/": {"id": paper.pk},
        "/api/v1/reports/": {"id": report.pk},
    }


def operations(document, application) -> Iterator[schemathesis.APIOperation]:
    schema = schemathesis.openapi.from_dict(document)
    schema.app = application
    for result in schema.get_all_operations():
        yield result.ok()


def put(operation, mode: GenerationMode, count: int, **fixed) -> list[str]:
    """Put so many questions to one operation; what it did that the document does not say."""
    wrong: list[str] = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode, **fixed))
    def ask(case) -> None:
        with transaction.atomic():  # one question knows nothing of another
            response = case.call()
            transaction.set_rollback(True)
        try:
            case.validate_response(response, checks=CHECKS)
        except BaseExceptionGroup as error:
            wrong.extend(f"{operation.label} {mode.name}: {each}" for each in error.exceptions)

    ask()
    return wrong


def answered(operation, known=None) -> list[str]:
    """Everything that is put to one operation."""
    wrong = put(operation, GenerationMode.POSITIVE, GOOD)
    for beginning, parameters in (known or {}).items():
        if operation.path.startswith(beginning) and "{" in operation.path:
            found = {name: value for name, value in parameters.items() if f"{{{name}}}" in operation.path}
            wrong += put(operation, GenerationMode.POSITIVE, GOOD, path_parameters=found)
    return wrong + put(operation, GenerationMode.NEGATIVE, BAD)


@pytest.mark.parametrize("username", ["window", "check", "housing", "auditor"])
def test_who_signs_in_is_answered_as_described(username, document, known):
    wrong = []
    for operation in operations(document, As(username)):
        if not operation.path.startswith(CREDIT):
            wrong += answered(operation, known)
    assert not wrong, "\n".join(wrong)


def test_departments_are_answered_as_described(document):
    wrong = []
    for operation in operations(document, Signing(Partner.objects.get(code="civil_affairs"))):
        if operation.path.startswith(CREDIT):
            wrong += answered(operation)
    assert not wrong, "\n".join(wrong)


def test_who_does_not_sign_in_is_refused_as_described(document):
    wrong = []
    for operation in operations(document, get_wsgi_application()):
        wrong += put(operation, GenerationMode.POSITIVE, 1)
    assert not wrong, "\n".join(wrong)
