"""One JSON line a request, in UTC, with its number. No address, no name, no e-mail, no typed text, no token."""

import json
import logging
import secrets
import sys
from datetime import UTC, datetime
from time import perf_counter

from flask import Flask, Response, g, request

KNOWN = ("request_id", "method", "route", "status", "milliseconds", "kind", "count")
HEADER = "X-Request-Id"

log = logging.getLogger("referentiel.requests")


class JsonLines(logging.Formatter):
    """Each record on one line: line breaks are escaped by JSON itself."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: getattr(record, name) for name in KNOWN if hasattr(record, name)}
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


class WithRequest(logging.Filter):
    """Give each record the number of the request that it belongs to."""

    def filter(self, record: logging.LogRecord) -> bool:
        if not hasattr(record, "request_id"):
            number = g.get("request_id") if g else None
            if number:
                record.request_id = number
        return True


def write_json_lines(*, everything: bool) -> None:
    """Send the process's log to its standard error as JSON lines, for ``serve`` and ``work``.

    ``everything`` has a line a request, as in production; otherwise warnings and errors alone.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    handler.addFilter(WithRequest())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO if everything else logging.WARNING)


def install(app: Flask) -> None:
    @app.before_request
    def _begin() -> None:
        g.request_id = secrets.token_hex(8)
        g.began = perf_counter()

    @app.after_request
    def _end(response: Response) -> Response:
        number = g.get("request_id")
        if number:
            response.headers[HEADER] = number
            log.info(
                "request",
                extra={
                    "request_id": number,
                    "method": request.method,
                    "route": str(request.url_rule or ""),
                    "status": response.status_code,
                    "milliseconds": round((perf_counter() - g.began) * 1000, 1),
                },
            )
        return response
