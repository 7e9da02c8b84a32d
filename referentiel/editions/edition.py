"""An edition as its seal tells it, and the seal as it is written in the tag. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from referentiel.editions.formats import FIRST_MADE
from referentiel.editions.manifest import Manifest
from referentiel.editions.numbering import Number

STARTING_STATUS = "texte de départ, proposé à la discussion"
SIGNED_STATUS = "texte publié, signé par deux collèges"

HEADER = (
    *("commit", "previous", "published", "applies", "status", "note"),
    *("revision", "site", "formats", "audit", "builder", "versions"),
)


@dataclass(frozen=True, slots=True)
class Edition:
    """What a tag says of its edition. ``manifest``: path under ``scelle/`` → SHA-256, in the order of the paths.

    ``published`` and ``applies`` are days in Paris. ``audit`` is the head of the audit chain when it was sealed.
    ``site`` is the public address of that day, without a slash at its end, which sealed bytes bear; ``formats`` are the
    forms that were made. ``revision`` is the note of revision, in Markdown; empty when nobody wrote one.
    """

    number: Number
    commit: str
    previous: str
    published: date
    applies: date
    status: str
    note: str
    audit: str
    builder: str
    versions: str
    revision: str = ""
    site: str = ""
    formats: tuple[str, ...] = FIRST_MADE
    manifest: Mapping[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, number: str, header: Mapping[str, str], manifest: Mapping[str, str]) -> "Edition":
        """Read the header of a tag. Raises ValueError or KeyError when it is not one of ours."""
        return cls(
            number=Number.read(number),
            commit=header["commit"],
            previous=header.get("previous", ""),
            published=date.fromisoformat(header["published"]),
            applies=date.fromisoformat(header["applies"]),
            status=header.get("status", ""),
            note=header.get("note", ""),
            audit=header.get("audit", ""),
            builder=header.get("builder", ""),
            versions=header.get("versions", ""),
            revision=str(json.loads(header.get("revision", '""'))),
            site=header.get("site", ""),
            formats=tuple(header["formats"].split()) if "formats" in header else FIRST_MADE,
            manifest=manifest,
        )

    @classmethod
    def read(cls, number: str, message: str) -> "Edition":
        """Read a whole seal. Raises ValueError or KeyError when it is not one of ours."""
        top, _, rest = message.partition("\n\n")
        header = dict(line.partition(": ")[::2] for line in top.split("\n") if ": " in line)
        return cls.of(number, header, Manifest(rest))

    @property
    def header(self) -> str:
        """The first lines of the seal, one ``key: value`` a line; an empty value has no line.

        Whatever a value holds stays on its own line: a note of several paragraphs would otherwise end the header. That
        of revision, whose paragraphs count, is a string of JSON.
        """
        values = ((key, self._written(key)) for key in HEADER)
        return "".join(f"{key}: {value}\n" for key, value in values if value)

    def _written(self, key: str) -> str:
        if key == "revision":
            return json.dumps(self.revision, ensure_ascii=False) if self.revision else ""
        return " ".join(self.formats if key == "formats" else str(getattr(self, key)).split())

    @property
    def message(self) -> str:
        """The seal, whole: the message of the annotated tag."""
        files = "".join(f"{digest}  {path}\n" for path, digest in sorted(self.manifest.items()))
        return f"{self.header}\n{files}"

    @property
    def verification_address(self) -> str:
        """Where anyone reads how to check it; only its path when no public address was known."""
        return f"{self.site}/editions/{self.number}/verifier"

    @property
    def is_starting_text(self) -> bool:
        """True for a text that no college has adopted."""
        return self.status == STARTING_STATUS

    def applies_on(self, day: date) -> bool:
        return self.applies <= day


def in_force(editions: tuple[Edition, ...], day: date) -> Edition | None:
    """The latest published edition whose application date has come on that day."""
    known = (edition for edition in editions if edition.applies_on(day) and edition.published <= day)
    return max(known, key=lambda edition: edition.number, default=None)


def newer_than(editions: tuple[Edition, ...], number: Number) -> tuple[Edition, ...]:
    """The editions that came after this one, oldest first."""
    return tuple(sorted((e for e in editions if e.number > number), key=lambda e: e.number))
