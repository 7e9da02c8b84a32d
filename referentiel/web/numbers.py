"""Whole numbers that come from outside: those that a row may bear on either engine, and nothing larger."""

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

LARGEST = 2**31 - 1
LONGEST = 10
"""Signs of the largest; Python itself refuses to read some thousands of them"""


def whole_number(typed: str | None) -> int | None:
    """The number that somebody typed or a form holds; None for what no row can bear."""
    if not typed or not typed.isascii() or not typed.isdecimal() or len(typed) > LONGEST:
        return None
    number = int(typed)
    return number if number <= LARGEST else None


def page_number(raw: str | None) -> int:
    """The page that the address asks for; the first for anything that is not a page number."""
    return int(raw) if raw and raw.isascii() and raw.isdigit() and 0 < len(raw) < 7 and int(raw) else 1


class RowNumber(IntegerConverter):
    """``<int:…>`` in an address: a number that no row can bear is an address that does not exist."""

    regex = f"[0-9]{{1,{LONGEST}}}"

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=LARGEST)


def install(app: Flask) -> None:
    app.url_map.converters["int"] = RowNumber
