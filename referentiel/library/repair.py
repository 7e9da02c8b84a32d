"""``verify --fix``: references from their log, objects from the journal or a backup, then open operations and lists."""

import logging
import re
import shutil
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

from git.exc import GitCommandError
from sqlalchemy import select

from referentiel.database import session
from referentiel.durable import write_durably
from referentiel.errors import Refused
from referentiel.journal.models import DONE, Operation
from referentiel.library.failures import Damaged, Missing
from referentiel.library.library import Library
from referentiel.library.loose import Made
from referentiel.library.objects import NO_OBJECT, object_id
from referentiel.library.projection import compare, rebuild
from referentiel.library.recovery import recover
from referentiel.library.references import ID, MAIN, read_reference
from referentiel.library.replaying import Differs, find_in, line_of_operations, replay_into
from referentiel.library.repositories import Repositories
from referentiel.library.seeding import make_empty
from referentiel.library.streams import LONG

log = logging.getLogger(__name__)
HEAD = "ref: refs/heads/main\n"
ASIDE = "damaged"
ROUNDS = 1000
_ABSENT = re.compile(
    r"(?:missing (?:commit|tree|blob|tag)|invalid sha1 pointer|to +(?:commit|tree|blob)) ([0-9a-f]{40})"
)


def fix(library: Library, *, at: datetime, backups: Sequence[Path] = ()) -> list[str]:
    """Mend what can be mended; each line says in French what was done. Doing it twice changes nothing more.

    ``backups`` are Git bundles, best first. What no source holds stays missing, and ``verify`` still names it.
    """
    # Objects first: a reference to a commit that can be restored must not go back to an older one.
    done = list(_mend_head(library.path))
    done += _mend_objects(library, backups)
    done += _mend_references(library)
    done += _mend_objects(library, backups)
    library.snapshots.clear()
    settled = recover(library, at=at)
    for label, operations in (
        ("retrouvée dans la bibliothèque", settled.found),
        ("rejouée", settled.replayed),
        ("refusée", settled.refused),
    ):
        done += [f"opération {one} : {label}" for one in operations]
    if compare(library):
        rebuild(library)
        done.append("listes refaites à partir de la bibliothèque")
    return done


def _mend_head(path: Path) -> Iterator[str]:
    if not (path / "HEAD").is_file() or (path / "HEAD").read_bytes() != HEAD.encode():
        _replace(path / "HEAD", HEAD)
        yield "HEAD rétabli"


def _mend_references(library: Library) -> Iterator[str]:
    path, repositories = library.path, library.repositories
    with library.writing():
        damaged = [name for name in _references(path) if _is_damaged(repositories, name)]
        if MAIN not in damaged and read_reference(repositories, MAIN) == NO_OBJECT:
            damaged.append(MAIN)
        for name in damaged:
            value = next((one for one in _former_values(path, name) if _exists(repositories, one)), None)
            if value is None:
                log.error("no former value of %s can be read", name)
                continue
            _replace(path / name, f"{value}\n")
            yield f"{name} rétabli à {value}"


def _references(path: Path) -> list[str]:
    return [
        file.relative_to(path).as_posix()
        for file in sorted((path / "refs").rglob("*"))
        if file.is_file() and not file.name.startswith(".") and not file.name.endswith(".lock")
    ]


def _is_damaged(repositories: Repositories, name: str) -> bool:
    try:
        return not _exists(repositories, read_reference(repositories, name))
    except Damaged:
        return True


def _exists(repositories: Repositories, name: str) -> bool:
    try:
        repositories.read(name)
    except (Missing, Damaged):
        return False
    return True


def _former_values(path: Path, name: str) -> Iterator[str]:
    """From the reference's own log, newest first; then, for ``main``, from the journal."""
    file = path / "logs" / name
    for line in reversed(file.read_text(errors="replace").splitlines() if file.is_file() else []):
        value = line.split(" ")[1] if line.count(" ") > 1 else ""
        if ID.match(value) and value != NO_OBJECT:
            yield value
    if name == MAIN:
        query = select(Operation.commit).where(Operation.state == DONE, Operation.commit.is_not(None))
        known = session.scalars(query.order_by(Operation.closed_at.desc())).all()
        session.rollback()
        yield from (commit for commit in known if commit)


def _replace(file: Path, content: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    write_durably(file, content.encode())


def _mend_objects(library: Library, backups: Sequence[Path]) -> list[str]:
    aside = list(_set_aside(library.path))
    done = [f"objet abîmé mis de côté : {name}" for name in aside]
    done += [f"paquet abîmé mis de côté : {name}" for name in _set_packs_aside(library)]
    library.repositories.drop()
    missing = sorted({*aside, *_missing(library.repositories)})
    if not missing:
        return done
    with ExitStack() as stack, tempfile.TemporaryDirectory(prefix="sources-", dir=library.path.parent) as folder:
        sources = list(_sources(Path(folder), backups, stack))
        for _ in range(ROUNDS):
            found = {name: item for name in missing if (item := _look_for(name, sources)) is not None}
            if not found:
                break
            library.store(found)
            done += [f"objet rétabli : {name}" for name in sorted(found)]
            library.repositories.drop()
            missing = _missing(library.repositories)
    return done


def _look_for(name: str, sources: Sequence[Repositories]) -> Made | None:
    return next((item for source in sources if (item := find_in(source, name)) is not None), None)


def _sources(folder: Path, backups: Sequence[Path], stack: ExitStack) -> Iterator[Repositories]:
    for number, bundle in enumerate(backups):
        source = make_empty(folder / f"bundle-{number}")
        stack.callback(source.drop)
        try:
            source.run("bundle", "unbundle", "--", str(bundle.absolute()), timeout=LONG)
        except GitCommandError:
            log.exception("backup %s cannot be read", bundle)
            continue
        yield source
    source = make_empty(folder / "journal")
    stack.callback(source.drop)
    try:
        replay_into(source, line_of_operations())
    except (Differs, Refused, ValueError):
        log.exception("the journal cannot be replayed to its end")
    yield source


def _set_aside(path: Path) -> Iterator[str]:
    """Loose objects whose content is not what their name says."""
    for folder in sorted((path / "objects").glob("[0-9a-f][0-9a-f]")):
        for file in sorted(folder.iterdir()):
            name = folder.name + file.name
            if ID.match(name) and not _is_sound(file, name):
                (path / ASIDE).mkdir(exist_ok=True)
                shutil.move(file, path / ASIDE / name)
                yield name


def _is_sound(file: Path, name: str) -> bool:
    try:
        header, _, content = zlib.decompress(file.read_bytes()).partition(b"\0")
    except (zlib.error, OSError):
        return False
    return object_id(header.split(b" ")[0].decode(errors="replace"), content) == name


def _set_packs_aside(library: Library) -> Iterator[str]:
    """A damaged pack is moved away; what can still be read of it is kept as loose objects."""
    for pack in sorted((library.path / "objects" / "pack").glob("*.pack")):
        try:
            library.repositories.run("verify-pack", "--", str(pack.absolute()), timeout=LONG)
        except GitCommandError:
            aside = library.path / ASIDE
            aside.mkdir(exist_ok=True)
            for file in pack.parent.glob(f"{pack.stem}.*"):
                shutil.move(file, aside / file.name)
            _unpack(library.repositories, aside / pack.name)
            yield pack.name


def _unpack(repositories: Repositories, pack: Path) -> None:
    with pack.open("rb") as stream:
        try:
            repositories.repo.git.execute(["git", "unpack-objects", "-q", "-r"], istream=stream)
        except GitCommandError:
            log.warning("%s: some of its objects are lost", pack.name)


def _missing(repositories: Repositories) -> list[str]:
    """Objects that ``main`` or an edition needs and that are not there."""
    try:
        repositories.run("fsck", "--connectivity-only", "--no-dangling", "--no-progress", timeout=LONG)
    except GitCommandError as error:
        return sorted(set(_ABSENT.findall(f"{error.stdout!r} {error.stderr!r}")) - {NO_OBJECT})
    return []
