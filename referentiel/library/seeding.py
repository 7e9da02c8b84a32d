"""The first commit, made from the files of ``content/``."""

from datetime import datetime
from pathlib import Path

import git

from referentiel.criteria.items import check
from referentiel.criteria.paths import is_allowed
from referentiel.durable import aside
from referentiel.errors import N_, FileError, Refused
from referentiel.journal.changes import unclean
from referentiel.library.environment import IDENTITY, environment
from referentiel.library.lock import writer_lock
from referentiel.library.loose import Made, made, open_folders, store
from referentiel.library.objects import NO_OBJECT, Commit
from referentiel.library.references import MAIN, move_reference
from referentiel.library.repositories import Repositories
from referentiel.library.snapshots import Snapshots, write_trees

MESSAGE = "Texte de départ, proposé à la discussion\n"
LICENCE = "LICENCE"
"""Stands beside the text in a source folder, and is not a part of it."""


class MalformedContent(FileError):
    """Several files are malformed; printed, it lists them all."""

    def __init__(self, errors: list[FileError]) -> None:
        super().__init__(errors[0].file, errors[0].line, errors[0].message)
        self.errors = errors

    def __str__(self) -> str:
        return "\n".join(str(error) for error in self.errors)


def seed(path: Path, content: Path, at: datetime) -> None:
    """Make the library beside its place, then name it: nobody ever sees half of it."""
    if path.exists():
        raise Refused(N_("Il y a déjà une bibliothèque dans %(path)s."), path=path)
    texts = read_content(content)
    path.parent.mkdir(parents=True, exist_ok=True)
    with aside(path) as draft:
        _make(draft, texts, at)


def make_empty(path: Path) -> Repositories:
    """A bare repository without any commit, with nothing from the machine's templates."""
    path.mkdir(parents=True, exist_ok=True)
    shell = git.Git(str(path))
    shell.update_environment(**environment())
    shell.execute(["git", "init", "--quiet", "--bare", "--template=", "--initial-branch=main", "."])
    return Repositories(path)


def read_content(content: Path) -> dict[str, str]:
    """Path → text of every file under a folder, but its licence.

    Raises :class:`MalformedContent`, which names every file that is malformed.
    """
    texts: dict[str, str] = {}
    errors: list[FileError] = []
    for file in sorted(content.rglob("*")):
        path = file.relative_to(content).as_posix()
        if file.is_dir() or path == LICENCE:
            continue
        try:
            texts[path] = _read(path, file)
        except FileError as error:
            errors.append(error)
    if not texts and not errors:
        errors.append(FileError(str(content), 1, N_("le dossier ne contient aucun fichier du référentiel.")))
    if errors:
        raise MalformedContent(errors)
    return texts


def _read(path: str, file: Path) -> str:
    if not is_allowed(path):
        raise FileError(path, 1, N_("ce nom n’est pas celui d’un fichier du référentiel : renommez-le ou retirez-le."))
    raw = file.read_bytes()
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise FileError(path, line, N_("le texte n’est pas en UTF-8 : enregistrez-le dans ce codage.")) from error
    check(path, text)
    fault = unclean(text)
    if fault:
        raise FileError(path, _faulty_line(text), f"{fault}.")
    return text


def _faulty_line(text: str) -> int:
    return next(
        (number for number, line in enumerate(text.split("\n"), 1) if unclean(f"{line}\n")), text.count("\n") + 1
    )


def _make(path: Path, texts: dict[str, str], at: datetime) -> None:
    repositories = make_empty(path)
    batch: dict[str, Made] = {}
    blobs = {name: made("blob", text.encode(), batch) for name, text in texts.items()}
    tree = write_trees(Snapshots(repositories), None, blobs, batch)
    commit = Commit(tree, None, *IDENTITY, int(at.timestamp()), MESSAGE)
    root = made("commit", commit.content(IDENTITY), batch)
    open_folders(path / "objects")
    store(path / "objects", batch)
    with writer_lock(path) as lock:
        move_reference(repositories, MAIN, new=root, old=NO_OBJECT, lock=lock, why="first text")
    repositories.drop()
