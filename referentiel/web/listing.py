"""A long list, a page at a time: which page is asked for, how many there are, and the address of the others."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import request

from referentiel.web.forms import showable
from referentiel.web.numbers import page_number

A_PAGE = 25


def page_asked(name: str = "page") -> int:
    """The page number of the address, from 1. What is not a number is the first."""
    return page_number(request.args.get(name))


def word_asked(name: str, *, most: int = 100) -> str:
    """Words of the address, cut to what a search can use; what no page can hold is written out."""
    return showable(request.args.get(name, "")[:most].strip())


@dataclass(frozen=True)
class Pages:
    """Where one stands in a list of ``count`` things. ``address`` ends just before a page number."""

    number: int
    count: int
    address: str
    size: int = A_PAGE

    @classmethod
    def of(cls, number: int, count: int, path: str, asked: Mapping[str, str]) -> "Pages":
        """``asked`` are the other parts of the address; the empty ones are left out."""
        kept = urlencode({name: value for name, value in asked.items() if value})
        return cls(number, count, f"{path}?{kept}&page=" if kept else f"{path}?page=")

    @property
    def last(self) -> int:
        return max(1, -(-self.count // self.size))
