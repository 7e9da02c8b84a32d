"""What each kind of operation does once Git has it, or once it is refused: registered by the domain that begins it.

Recovery runs the same effects as the page did, so that a crash between Git and SQL changes nothing that people see.
"""

from collections.abc import Callable
from dataclasses import dataclass

from referentiel.journal.models import Operation


def _always(_operation: Operation) -> bool:
    return True


@dataclass(frozen=True)
class Effect:
    """``done`` and ``refused`` run inside the transaction that closes the operation, and may only touch SQL.

    ``rights`` tells whether an operation that a crash left open may still be replayed.
    """

    done: Callable[[Operation], None]
    refused: Callable[[Operation], None]
    rights: Callable[[Operation], bool] = _always


_effects: dict[str, Effect] = {}


def register_effect(
    kind: str,
    on_done: Callable[[Operation], None],
    on_refused: Callable[[Operation], None],
    rights: Callable[[Operation], bool] = _always,
) -> None:
    """Say what an operation of this kind does. Registering the same kind again replaces it."""
    _effects[kind] = Effect(on_done, on_refused, rights)


def effect_of(kind: str) -> Effect:
    """Raises ``LookupError`` for a kind that no domain registered."""
    if kind not in _effects:
        raise LookupError(f"no effect registered for operations of kind {kind!r}")
    return _effects[kind]
