"""A measured state: one whole instance, with its library, its database, its edition and people at work."""

import json
import multiprocessing
import shutil
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from flask import Flask

from bench import history, people, rows
from bench.child import Child
from bench.sizes import QUIET
from bench.texts import HUGE, LONG_SECTION, Written, criteria, reworded
from referentiel.commands.init import CONTENT, write_secret
from referentiel.config import Settings
from referentiel.criteria.document import Document
from referentiel.database import Base, db, prepare_engine, session
from referentiel.dates import day
from referentiel.editions.edition import SIGNED_STATUS, Edition
from referentiel.editions.numbering import Number
from referentiel.editions.queries import shelf_of
from referentiel.editions.sealing.builder import builder, versions
from referentiel.editions.sealing.sealing import seal
from referentiel.library.library import Library
from referentiel.library.projection import rebuild
from referentiel.proposals.actions import admit, submit, take_position
from referentiel.proposals.states import Stance
from referentiel.proposals.wording import Sheet
from referentiel.search import actions as search
from referentiel.web import frames

FACTS = "bench.json"
POSITIONS = 12
EDITIONS, BETWEEN = 4, 20
"""How many editions are sealed, and how many revisions stand between two of them."""


@dataclass(frozen=True, slots=True)
class State:
    """What a scenario needs to know of an instance. ``last`` is the day of the latest revision, ISO.

    ``compared`` are proposals that change forty lines each, on the criteria ``long``; ``cookies`` are the sessions of
    the people, by id, and ``editor``, ``signers``, ``authors`` their ids.
    """

    instance: str
    revisions: int
    codes: list[str]
    compared: list[int]
    last: str
    editions: list[str]
    cookies: dict[str, str]
    authors: list[int]
    editor: int
    signers: list[int]

    @property
    def settings(self) -> Settings:
        return Settings(instance=Path(self.instance))

    @property
    def edition(self) -> str:
        """The edition in force."""
        return self.editions[-1]

    @property
    def quiet(self) -> list[str]:
        """The criteria of the recent history: the same pages whatever came before."""
        return self.codes[:QUIET]

    @property
    def long(self) -> list[str]:
        return self.codes[QUIET : 2 * QUIET]

    @property
    def busy(self) -> list[str]:
        """The criteria of the rest of the history."""
        return self.codes[2 * QUIET + HUGE :]

    @property
    def huge(self) -> list[str]:
        """Criteria with a section of four hundred lines."""
        return self.codes[2 * QUIET : 2 * QUIET + HUGE]


def ready(folder: Path, *, criteria: int, revisions: int) -> State:
    """The state of this folder, filled by a process of its own unless it is there from an earlier call."""
    facts = folder / FACTS
    if not facts.is_file():
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as other:
            state = other.submit(_fill, folder, criteria, revisions).result()
        with Child(state.settings) as child:
            child.call(_frame)
        facts.write_text(json.dumps(asdict(state)))
    return State(**json.loads(facts.read_text()))


def copied(state: State, folder: Path) -> State:
    """The same instance in another folder, for a scenario that writes."""
    shutil.copytree(state.instance, folder, symlinks=True)
    facts = {**asdict(state), "instance": str(folder)}
    return State(**facts)


def _fill(folder: Path, count: int, revisions: int) -> State:
    settings = Settings(instance=folder)
    folder.mkdir(parents=True)
    write_secret(settings.secret_path)
    now = datetime.now(UTC).replace(microsecond=0)
    last = (now - timedelta(days=1)).replace(hour=9, minute=0, second=0)
    start = last - timedelta(days=3_000)
    written = criteria(CONTENT, count)
    Library.create(settings.library_path, _content(folder, written), at=start)
    history.write(settings.library_path, written, revisions, last=last)
    library = Library.open(settings.library_path)
    app = Flask("bench")
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.sqlalchemy_url
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
        Base.metadata.create_all(db.engine)
        rebuild(library)
        somebody = people.settle(start)
        rows.adopted(library, somebody)
        codes = [one.code for one in written]
        rows.voices(codes, somebody, last)
        compared = _propose(library, codes[QUIET : 2 * QUIET], somebody, last)
        editions = _publish(library, last)
        search.rebuild(library)
        cookies = people.sign_in(somebody.all, now)
        session.remove()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
    library.close()
    return State(
        instance=str(folder),
        revisions=revisions,
        codes=codes,
        compared=compared,
        last=last.date().isoformat(),
        editions=editions,
        cookies={str(number): cookie for number, cookie in cookies.items()},
        authors=list(somebody.authors),
        editor=somebody.editor,
        signers=list(somebody.signers),
    )


def _frame(library: Library) -> None:
    """Put the sealed pages in their frames, as the worker does after a publication."""
    frames.remake(shelf_of(library), day(datetime.now(UTC)))


def _content(folder: Path, written: list[Written]) -> Path:
    """The files of ``content/`` with these criteria in the place of its own."""
    content = folder / "content"
    shutil.copytree(CONTENT, content, ignore=shutil.ignore_patterns("LICENCE", "criteres"))
    (content / "criteres").mkdir()
    for one in written:
        (content / one.path).write_text(one.text, encoding="utf-8")
    return content


def _publish(library: Library, last: datetime) -> list[str]:
    """Seal the latest editions, twenty revisions apart; the last one holds the draft as it is."""
    year = last.year
    sealed: list[str] = []
    commits = [name for name, _ in islice(library.snapshots.chain(library.head()), EDITIONS * BETWEEN)][::BETWEEN][::-1]

    for place, commit in enumerate(commits):
        at = last - timedelta(days=(EDITIONS - 1 - place) * BETWEEN)
        edition = Edition(
            number=Number.read(f"{year}.{place}"),
            commit=commit,
            previous=sealed[-1] if sealed else "",
            published=day(at),
            applies=day(at),
            status=SIGNED_STATUS,
            note="",
            audit="",
            builder=builder(),
            versions=versions(("html", "json", "zip")),
        )
        seal(library, library.path.parent / "editions", edition, at=at)
        sealed.append(str(edition.number))
    return sealed


def _propose(library: Library, codes: list[str], somebody: people.People, at: datetime) -> list[int]:
    """One proposal in discussion on each of these criteria, that changes forty lines; with positions on it."""
    made = []
    for place, code in enumerate(codes):
        path = f"criteres/{code}.md"
        wording = Document.read(reworded(library.read(path).text)).section(LONG_SECTION) or ""
        sheet = Sheet(
            title=f"Compléter {code}",
            reason="Le cas de chaque personne se complète avec elle.",
            change_class="clarity",
            sections={LONG_SECTION: wording},
            licence=True,
        )
        author = people.person(somebody.authors[place % len(somebody.authors)])
        proposal = submit(library, sheet, path=path, by=author, at=at)
        admit(proposal, by=people.person(somebody.editor), at=at)
        for turn in range(POSITIONS):
            speaker = people.person(somebody.all[(place + 3 * turn) % len(somebody.all)])
            take_position(proposal, list(Stance)[turn % len(Stance)], by=speaker, at=at)
        made.append(proposal.id)
    return made
