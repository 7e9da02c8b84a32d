"""The answers that a field offers, as WTForms wants them: one object for each, not pairs."""

from collections.abc import Iterable, Mapping

from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

Pairs = Iterable[tuple[str, str]]
"""The value that is sent, and the words that are read"""


def choices(offered: Pairs | Mapping[str, Pairs]) -> list[SelectChoice]:
    """In their order; under their headings when they come with some, those of the heading "" under none."""
    if not isinstance(offered, Mapping):
        return [SelectChoice(value, label) for value, label in offered]
    return [
        SelectChoice(value, label, optgroup=heading) for heading, pairs in offered.items() for value, label in pairs
    ]
