"""Kinds of columns that the tables of people share."""

from collections.abc import Iterable

from sqlalchemy import String


def one_of(column: str, values: Iterable[str]) -> str:
    """The CHECK of a closed list."""
    return f"{column} IN ({', '.join(repr(str(value)) for value in values)})"


DIGEST = String(64)
"""SHA-256 in hexadecimal"""
