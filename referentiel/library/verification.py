"""``verify``: every promise of the write path, looked at again. Each finding is one line that a person can act on.

I1 each done operation is an ancestor of ``main``; I2 each commit after the root has one ``Operation`` trailer, unique;
I3 no operation stays open; I4 Git and SQL are sound; I5 the tag, manifest and sealed files of an edition agree; I6 each
path has an allowed form and each blob is clean text; I7 what people were told is true.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from git.exc import GitCommandError
from sqlalchemy import select, text

from referentiel.criteria.paths import is_allowed
from referentiel.database import session
from referentiel.errors import Refused
from referentiel.journal.changes import unclean
from referentiel.journal.messages import OPERATION, trailers
from referentiel.journal.models import DONE, OPEN, REFUSED, Operation
from referentiel.journal.queries import audit_fault
from referentiel.library.failures import Damaged, Missing
from referentiel.library.library import Library
from referentiel.library.objects import Commit
from referentiel.library.planning import plan
from referentiel.library.projection import compare
from referentiel.library.references import editions, read_reference
from referentiel.library.snapshots import Snapshots
from referentiel.library.streams import LONG, commits, commits_with_changes, contents

REPLAYED = 200
PATIENCE = timedelta(seconds=60)


@dataclass(frozen=True)
class Finding:
    """What is wrong: which promise, about what, and a French sentence that says what to do when there is something."""

    invariant: str
    subject: str
    message: str

    def __str__(self) -> str:
        return f"{self.invariant} {self.subject} : {self.message}"


@dataclass(frozen=True)
class Scene:
    """What every check looks at, read once."""

    library: Library
    at: datetime | None
    main: list[tuple[str, Commit]]

    @property
    def numbers(self) -> dict[str, int]:
        """Commit → its place on ``main``."""
        return {name: place for place, (name, _) in enumerate(self.main)}

    @property
    def carriers(self) -> dict[str, str]:
        """Operation → the commit that carries its trailer."""
        return {one: name for name, commit in self.main for one in trailers(commit.message).get(OPERATION, ())}


Check = Callable[[Scene], Iterator[Finding]]
Outside = Callable[[Library], Iterator[Finding]]


def verify(
    library: Library,
    *,
    at: datetime | None = None,
    also: Mapping[str, Outside] | None = None,
    progress: Callable[[str], object] = str,
) -> list[Finding]:
    """All that is wrong, nothing when all is well. Reads everything: about 10 s for 20,000 commits.

    With ``at``, an operation younger than a minute is taken for a write under way, not for a finding. ``also`` are the
    checks of what stands above the library (sealed files, search), each under the name that ``progress`` is told.
    """
    found: list[Finding] = []
    try:
        scene = Scene(library, at, commits(library.repositories, library.head()))
    except (Damaged, GitCommandError) as error:
        found.append(Finding("I4", "main", f"l’historique ne peut pas être lu ({_short(error)})"))
        scene = Scene(library, at, [])
    for name, check in CHECKS.items():
        progress(name)
        if scene.main or name in ALWAYS:
            found += _run(name, lambda check=check: check(scene))  # type: ignore[misc]
    for name, outside in (also or {}).items():
        progress(name)
        found += _run(name, lambda outside=outside: outside(library))  # type: ignore[misc]
    session.rollback()
    return list(dict.fromkeys(found))


def _run(name: str, check: Callable[[], Iterator[Finding]]) -> list[Finding]:
    """A check that falls on something unreadable is a finding, and the others still run."""
    found = []
    try:
        for finding in check():
            found.append(finding)
    except (Refused, Missing, GitCommandError, ValueError) as error:
        found.append(Finding("I4", name, f"illisible ({_short(error)})"))
    return found


def _done_operations_are_on_main(scene: Scene) -> Iterator[Finding]:
    known = scene.numbers
    for identity, commit in session.execute(select(Operation.id, Operation.commit).where(Operation.state == DONE)):
        if commit not in known:
            yield Finding("I1", f"opération {identity}", f"faite, mais {commit} n’est pas dans le texte adopté")


def _each_commit_has_its_operation(scene: Scene) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for name, commit in scene.main[1:]:
        carried = trailers(commit.message).get(OPERATION, ())
        if len(carried) != 1:
            yield Finding("I2", f"commit {name[:10]}", f"{len(carried)} ligne Operation au lieu d’une")
        for one in carried:
            if one in seen:
                yield Finding("I2", f"commit {name[:10]}", f"même opération que {seen[one][:10]} ({one})")
            seen[one] = name


def _no_operation_stays_open(scene: Scene) -> Iterator[Finding]:
    for one in session.scalars(select(Operation).where(Operation.state == OPEN)):
        if scene.at is None or one.time < scene.at - PATIENCE:
            yield Finding("I3", f"opération {one.id}", "restée ouverte : « referentiel verify --fix » la règle")


def _git_is_sound(scene: Scene) -> Iterator[Finding]:
    try:
        scene.library.repositories.run("fsck", "--full", "--strict", "--no-dangling", "--no-progress", timeout=LONG)
    except GitCommandError as error:
        for line in sorted({*_printed(error.stdout), *_printed(error.stderr)}):
            yield Finding("I4", "git fsck", line)


def _references_are_sound(scene: Scene) -> Iterator[Finding]:
    repositories = scene.library.repositories
    for path in sorted((repositories.path / "refs").rglob("*")):
        name = path.relative_to(repositories.path).as_posix()
        if path.is_file() and not name.endswith(".lock"):
            try:
                read_reference(repositories, name)
            except Damaged:
                yield Finding("I4", name, "référence abîmée : « referentiel verify --fix » la rétablit")


def _sql_is_sound(scene: Scene) -> Iterator[Finding]:
    fault = audit_fault()
    if fault is not None:
        yield Finding("I7", "journal des actes", f"la chaîne est rompue à la ligne {fault}")
    if session.get_bind().dialect.name != "sqlite":
        return
    for (line,) in session.execute(text("PRAGMA integrity_check")):
        if line != "ok":
            yield Finding("I4", "base SQL", str(line))
    for table, row, parent, _ in session.execute(text("PRAGMA foreign_key_check")):
        yield Finding("I4", "base SQL", f"{table} {row} renvoie à une ligne de {parent} qui n’existe pas")


def _tags_are_readable(scene: Scene) -> Iterator[Finding]:
    """The part of I5 that Git alone can tell; the sealed files are the business of the editions."""
    known = scene.numbers
    for number in editions(scene.library.repositories):
        try:
            tag = scene.library.edition(number)
        except Damaged:
            yield Finding("I5", f"édition {number}", "son étiquette ne peut pas être lue")
            continue
        if tag.commit not in known:
            yield Finding("I5", f"édition {number}", f"son commit {tag.commit[:10]} n’est pas dans le texte adopté")
        if tag.header.get("commit", tag.commit) != tag.commit:
            yield Finding("I5", f"édition {number}", "son en-tête nomme un autre commit que son étiquette")
        if not tag.manifest:
            yield Finding("I5", f"édition {number}", "son étiquette ne porte aucun manifeste")


def _files_are_clean(scene: Scene) -> Iterator[Finding]:
    snapshots = Snapshots(scene.library.repositories)
    places: dict[str, str] = {}
    for name, _, changes in commits_with_changes(snapshots, scene.main[-1][0]):
        for path, _, blob in changes:
            if not is_allowed(path):
                yield Finding("I6", path, f"nom de fichier interdit (commit {name[:10]})")
            if blob:
                places.setdefault(blob, path)
    for path in snapshots.files(scene.main[-1][0]):
        if not is_allowed(path):
            yield Finding("I6", path, "nom de fichier interdit")
    for blob, kind, content in contents(scene.library.repositories, list(places)):
        if kind != "blob":
            yield Finding("I4", f"blob {blob[:10]}", f"illisible ({places[blob]})")
            continue
        try:
            fault = unclean(content.decode())
        except UnicodeDecodeError:
            fault = "ce n’est pas de l’UTF-8"
        if fault:
            yield Finding("I6", places[blob], f"{fault} (blob {blob[:10]})")


def _people_were_told_the_truth(scene: Scene) -> Iterator[Finding]:
    carriers, numbers = scene.carriers, scene.numbers
    known = set()
    for one in session.scalars(select(Operation).execution_options(yield_per=500)):
        known.add(one.id)
        carrier = carriers.get(one.id)
        if one.state == REFUSED and carrier:
            yield Finding("I7", f"opération {one.id}", f"annoncée refusée, mais adoptée par {carrier[:10]}")
        if one.state == DONE and one.parent and carrier != one.commit and one.commit in numbers:
            yield Finding("I7", f"opération {one.id}", f"annoncée faite par {one.commit}, qui porte autre chose")
    for one_id, name in carriers.items():
        if one_id not in known:
            yield Finding("I7", f"commit {name[:10]}", f"la base ne connaît pas l’opération {one_id} : « reconcile »")


def _orders_give_their_commits(scene: Scene) -> Iterator[Finding]:
    """The latest operations, made again from their rows: the same rows give the same commits."""
    snapshots = scene.library.snapshots
    recent = select(Operation).where(Operation.state == DONE, Operation.parent.is_not(None))
    for one in session.scalars(recent.order_by(Operation.closed_at.desc()).limit(REPLAYED)):
        subject = f"opération {one.id}"
        try:
            made = plan(snapshots, one.order, one.parent or "").commit
        except (ValueError, Refused, Missing) as error:
            yield Finding("I7", subject, f"ne redonne pas son commit ({_short(error)})")
            continue
        if made != one.commit:
            yield Finding("I7", subject, f"redonne {made[:10]} au lieu de {(one.commit or '')[:10]}")


def _lists_follow_git(scene: Scene) -> Iterator[Finding]:
    for line in compare(scene.library):
        yield Finding("listes", "historique", f"{line} (« referentiel rebuild »)")


CHECKS: dict[str, Check] = {
    "opérations faites": _done_operations_are_on_main,
    "lignes Operation": _each_commit_has_its_operation,
    "opérations ouvertes": _no_operation_stays_open,
    "références": _references_are_sound,
    "git fsck": _git_is_sound,
    "base SQL": _sql_is_sound,
    "éditions": _tags_are_readable,
    "fichiers": _files_are_clean,
    "réponses données": _people_were_told_the_truth,
    "opérations rejouées": _orders_give_their_commits,
    "listes": _lists_follow_git,
}
ALWAYS = {"opérations ouvertes", "références", "git fsck", "base SQL"}


def _printed(output: object) -> list[str]:
    """The lines of a failed command, without GitPython's own wrapping."""
    words = output.decode(errors="replace") if isinstance(output, bytes) else str(output or "")
    lines = (line.strip().removeprefix("stderr:").removeprefix("stdout:").strip(" '") for line in words.split("\n"))
    return [line for line in lines if line]


def _short(error: Exception) -> str:
    return str(error).strip().split("\n")[0][:160]
