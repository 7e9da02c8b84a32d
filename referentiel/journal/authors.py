"""Who signs in Git: a college and a number, never a person."""

from dataclasses import dataclass

COLLEGES = {
    "employees": "Collège des salariés en insertion",
    "siae": "Collège des SIAE",
    "spe": "Collège des référents de l’emploi",
    "partners": "Collège État et partenaires",
}
APPLICATION = "Référentiel partagé"
DOMAIN = "referentiel.invalid"


@dataclass(frozen=True)
class Author:
    """The author line of a commit. ``name`` and ``email`` hold neither ``<``, ``>`` nor a line break."""

    name: str
    email: str

    def __post_init__(self) -> None:
        for part in (self.name, self.email):
            if not part.strip() or any(mark in part for mark in "<>\n\r\0"):
                raise ValueError(f"not an author: {part!r}")

    @classmethod
    def of(cls, college: str, thing: str) -> "Author":
        """``Author.of("employees", "proposal-42")``. Raises ``KeyError`` on an unknown college."""
        return cls(COLLEGES[college], f"{thing}@{DOMAIN}")


def co_author(college: str, thing: str) -> str:
    """The value of a ``Co-authored-by`` trailer."""
    author = Author.of(college, thing)
    return f"{author.name} <{author.email}>"


def college_of(name: str) -> str:
    """The college that this author name stands for, or an empty string (the application itself)."""
    return next((college for college, label in COLLEGES.items() if label == name), "")
