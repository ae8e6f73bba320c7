"""One line per request, as JSON, with a number that error pages show.

Neither query strings nor forms nor names are written.
"""

import logging
import time
import uuid
from collections.abc import Callable
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse

from bureau.masks import without_id_numbers

log = structlog.stdlib.get_logger("housing_credit.requests")

CHAIN: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso"),
    structlog.processors.format_exc_info,
]

structlog.configure(
    processors=[*CHAIN, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=True,
)


def formatter() -> logging.Formatter:
    """The one format of every log line of every process."""
    return structlog.stdlib.ProcessorFormatter(
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False),
            _without_id_numbers,
        ],
        foreign_pre_chain=CHAIN,
    )


def _without_id_numbers(logger: object, name: str, line: Any) -> str:
    """The rendered line, whoever wrote it, with every ID number taken out."""
    return without_id_numbers(line)


class RequestLogMiddleware:
    """Gives each request a number and writes its line."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        number = uuid.uuid4().hex[:12]
        request.META["REQUEST_NUMBER"] = number
        structlog.contextvars.bind_contextvars(request=number)
        started = time.perf_counter()
        try:
            response = self.get_response(request)
            response["X-Request-Number"] = number
            log.info(
                "request",
                method=request.method,
                path=request.path,
                status=response.status_code,
                milliseconds=round((time.perf_counter() - started) * 1000),
                staff=getattr(getattr(request, "user", None), "pk", None),
            )
            return response
        finally:
            structlog.contextvars.clear_contextvars()
