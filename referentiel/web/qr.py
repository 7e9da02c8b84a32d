"""QR squares as pages draw them, inline by a template or as a file."""

from functools import lru_cache

from referentiel.editions.pages.square import Square, square

__all__ = ["Square", "drawn", "square"]


@lru_cache(maxsize=64)
def drawn(text: str) -> str:
    """The QR of an address as an SVG file, black on white."""
    made = square(text)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {made.size} {made.size}">'
        f'<path fill="#fff" d="M0 0h{made.size}v{made.size}H0Z"/><path stroke="#000" d="{made.path}"/></svg>\n'
    )
