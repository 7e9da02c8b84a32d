"""The bar of a command that is long, on standard error: what the command says stays alone on standard output."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import click


@contextmanager
def percents(label: str) -> Iterator[Callable[[int, int], None]]:
    """Give what is told ``done, total``. The bar appears with the first step: nothing to do shows nothing."""
    with ExitStack() as stack:
        shown: list[Any] = []

        def tell(done: int, total: int) -> None:
            if not shown:
                shown.append(stack.enter_context(click.progressbar(length=100, label=label, file=sys.stderr)))
            (bar,) = shown
            bar.update(100 * done // max(total, 1) - bar.pos)

        yield tell
