"""A small house for the tests of the library: one folder, its database, its Git repository, and nothing of the web."""

import atexit
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from flask import Flask
from sqlalchemy import select

from referentiel.config import Settings
from referentiel.criteria.document import Document
from referentiel.criteria.merging import touched
from referentiel.database import Base, db, prepare_engine, session, writing
from referentiel.journal import actions as journal
from referentiel.journal.authors import Author
from referentiel.journal.changes import FileChange
from referentiel.journal.messages import compose
from referentiel.journal.models import Operation, OutboxItem
from referentiel.library.actions import carry_out
from referentiel.library.failures import Failpoints, no_failpoint
from referentiel.library.library import Applied, Library
from referentiel.library.projection import rebuild
from tests.postgresql import Server

FIRST_DAY = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
KIND = "test"
URL = "database.url"
SECTIONS = ("Énoncé", "Facile à lire", "Question au salarié", "Pourquoi")

CRITERION = """---
code: {code}
titre: Un critère {code}
chapitre: {chapter}
rang: {rank}
niveau: standard
etape: accueil
structures: [ACI, AI]
outils: []
competences: []
preuve_detenue_par: []
voir_aussi: []
etat: en_vigueur
---

## Énoncé

La structure accueille chaque personne selon {code}.

Elle le fait le premier jour.

## Facile à lire

On vous accueille.
On vous explique {code}.

## Question au salarié

Vous a-t-on accueilli ?

## Pourquoi

Parce que le premier jour compte.
"""


def write_content(folder: Path, count: int = 4) -> Path:
    """A small first text: one chapter A and ``count`` criteria, A1 to A<count>."""
    (folder / "criteres").mkdir(parents=True)
    (folder / "chapitres").mkdir()
    (folder / "referentiel.md").write_text(
        "---\ntitre: Référentiel d’essai\nlicence: etalab-2.0\nchapitres: [A]\n---\n\n## À propos\n\nPour les tests.\n"
    )
    (folder / "chapitres" / "A.md").write_text(
        "---\ncode: A\ntitre: Accueillir\nrang: 10\n---\n\n## Présentation\n\nAccueillir.\n"
    )
    for number in range(1, count + 1):
        text = CRITERION.format(code=f"A{number}", chapter="A", rank=number * 10)
        (folder / "criteres" / f"A{number}.md").write_text(text)
    return folder


def effects() -> None:
    """Operations of these tests tell their author, by the outbox, what became of them."""

    def told(operation: Operation, what: str) -> None:
        journal.post("told", {"operation": operation.id, "what": what}, at=operation.closed_at or FIRST_DAY)

    journal.register_effect(KIND, lambda one: told(one, "done"), lambda one: told(one, "refused"))


@dataclass
class House:
    """The library and the database, with the gestures of the tests."""

    folder: Path
    library: Library
    app: Flask
    now: datetime = FIRST_DAY

    def tick(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now

    def begin(
        self,
        changes: Sequence[FileChange],
        *,
        id: str | None = None,
        base: str | None = None,
        proposal: int = 42,
        decision: int | None = None,
        change_class: str = "substance",
        college: str = "employees",
        subject: str = "Adopter une proposition",
    ) -> Operation:
        """The SQL half of a signature: the operation's row, committed."""
        at, base = self.tick(), base or self.library.head()
        trailers: list[tuple[str, object]] = [("Proposal", proposal), ("Class", change_class)]
        if decision:
            trailers.insert(1, ("Decision", decision))
        with writing():
            return journal.begin(
                id=id or str(uuid4()),
                kind=KIND,
                subject=f"proposal:{proposal}",
                base=base,
                files=changes,
                message=compose(subject, trailers=trailers),
                author=Author.of(college, f"proposal-{proposal}"),
                by_id=1,
                college=college,
                at=at,
            )

    def edit(self, path: str, sections: Mapping[str, str], *, commit: str | None = None) -> FileChange:
        """A change of these sections (or ``key:…``), from the text as it is at a commit."""
        read = self.library.read(path, commit)
        base = document = Document.read(read.text, path)
        for part, value in sections.items():
            key, colon, name = part.partition(":")
            by_key = colon and key == "key"
            document = document.with_value(name, value) if by_key else document.with_section(part, value)
        return FileChange(path, read.blob, document.text, touched(base, document))

    def adopt(self, path: str, sections: Mapping[str, str], *, commit: str | None = None, **facts: Any) -> Applied:
        """One signed decision, from end to end."""
        change = self.edit(path, sections, commit=commit)
        return carry_out(self.library, self.begin([change], **facts), at=self.tick())

    def section(self, path: str, title: str) -> str:
        return Document.read(self.library.read(path).text).section(title) or ""

    def told(self) -> list[tuple[str, str]]:
        """What people were told: operation and answer, in order."""
        told = select(OutboxItem).where(OutboxItem.kind == "told").order_by(OutboxItem.id)
        rows = [item.payload for item in session.scalars(told)]
        session.rollback()
        return [(row["operation"], row["what"]) for row in rows]


def make_folder(folder: Path, count: int = 4) -> Path:
    """A filled folder: the library and, beside it, an empty database."""
    folder.mkdir(parents=True, exist_ok=True)
    content = write_content(folder / "content", count)
    Library.create(folder / "library.git", content, at=FIRST_DAY)
    with house_in(folder) as house:
        Base.metadata.create_all(db.engine)
        rebuild(house.library)
    return folder


@cache
def _template(count: int) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="house-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return make_folder(folder / "house", count)


def copy_folder(folder: Path, count: int = 4) -> Path:
    """A filled folder, copied from one that is made once."""
    shutil.copytree(_template(count), folder)
    return folder


def on_server(folder: Path, server: Server | None) -> Path:
    """The same folder with its database on PostgreSQL, when the tests run on it."""
    if server is not None:
        server.drop("house")
        (folder / URL).write_text(server.create("house"))
        with house_in(folder) as house:
            Base.metadata.create_all(db.engine)
            rebuild(house.library)
    return folder


@contextmanager
def house_in(folder: Path, *, failpoints: Failpoints = no_failpoint, upstream: str = "") -> Iterator[House]:
    """Open the house of a folder, as one process would."""
    app = Flask("tests")
    url = (folder / URL).read_text() if (folder / URL).exists() else ""
    app.config["SQLALCHEMY_DATABASE_URI"] = Settings(instance=folder, database_url=url).sqlalchemy_url
    db.init_app(app)
    effects()
    library = Library.open(folder / "library.git", upstream=upstream, failpoints=failpoints)
    with app.app_context():
        prepare_engine(db.engine)
        try:
            yield House(folder, library, app)
        finally:
            session.remove()
            db.engine.dispose()
            library.close()
