"""A conversation with the identity provider, over HTTP: no redirect, an end in size and in time."""

from io import BytesIO
from time import monotonic
from typing import Any

from authlib.integrations.requests_client import OAuth2Session
from requests import PreparedRequest, RequestException, Response, Timeout
from requests.adapters import HTTPAdapter

MOST_BYTES = 256 * 1024


class Unproven(ValueError):
    """Something that the provider should have said or signed is not there."""


class Reader(HTTPAdapter):
    """Reads each answer whole, here, so that nothing endless is ever waited for: ``patience`` is in seconds."""

    def __init__(self, patience: float) -> None:
        super().__init__()
        self._patience = patience

    def send(self, request: PreparedRequest, *arguments: Any, **options: Any) -> Response:
        response = super().send(request, **{**options, "stream": True, "timeout": self._patience})
        deadline = monotonic() + self._patience
        body = b""
        while piece := response.raw.read1(MOST_BYTES, decode_content=True):
            body += piece
            if len(body) > MOST_BYTES or monotonic() > deadline:
                response.close()
                raise Timeout("the answer has no end", request=request, response=response)
        response.raw = BytesIO(body)
        return response


class Line(OAuth2Session):  # type: ignore[misc]
    """One conversation with the provider."""

    def __init__(self, *, patience: float, **options: Any) -> None:
        super().__init__(**options)
        for scheme in ("https://", "http://"):
            self.mount(scheme, Reader(patience))

    def request(self, method: str, url: str, **options: Any) -> Response:
        options["allow_redirects"] = False
        answer: Response = super().request(method, url, **options)
        if answer.status_code >= 500 or answer.status_code == 429:
            raise RequestException("the provider cannot answer now", response=answer)
        return answer

    def read(self, url: str, **headers: str) -> Response:
        """One page of the provider. Raises :class:`Unproven` when it is anything but a page."""
        answer = self.request("GET", url, withhold_token=True, headers=headers)
        if answer.status_code != 200:
            raise Unproven("not a page")
        return answer
