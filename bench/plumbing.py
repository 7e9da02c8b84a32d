"""The same commit by Git's own plumbing, with every object on disk: what an adoption is compared to."""

import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from bench.figures import Wrong
from referentiel.library.environment import environment

PATH = {"PATH": "/usr/bin:/bin:/usr/local/bin"}


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that a commit holds, read from the library that made it: nothing of this is timed."""

    commit: str
    parent: str
    message: str
    author: str
    email: str
    date: str
    files: tuple[tuple[str, bytes], ...]


class Twin:
    """A copy of the library, to which the commits of the first are added again, one process after the other."""

    def __init__(self, source: Path, twin: Path, folder: Path) -> None:
        self._source, self._twin, self._folder = source, twin, folder
        folder.mkdir()

    def recipe(self, commit: str) -> Recipe:
        """What it takes to make this commit of the first library again."""
        format_ = "--format=%P%x00%an%x00%ae%x00%at%x00%B"
        shown = self._first("show", "-s", format_, commit).decode()
        parent, author, email, time_, message = shown.split("\0")
        names = self._first("diff-tree", "--no-commit-id", "--name-only", "-r", commit).decode().split()
        files = tuple((name, self._first("cat-file", "blob", f"{commit}:{name}")) for name in names)
        return Recipe(commit, parent, message.rstrip("\n") + "\n", author, email, f"{time_} +0000", files)

    def replay(self, recipe: Recipe) -> float:
        """Seconds that the six commands take. Raises :class:`Wrong` unless they give the very same commit."""
        places = []
        for number, (_name, content) in enumerate(recipe.files):
            place = self._folder / f"{number}"
            place.write_bytes(content)
            places.append(str(place))
        began = time.perf_counter()
        blobs = self._git("hash-object", "-w", "--no-filters", *places).split()
        self._git("read-tree", recipe.parent)
        listed = "".join(f"100644 {blob}\t{name}\n" for blob, (name, _content) in zip(blobs, recipe.files, strict=True))
        self._git("update-index", "--index-info", given=listed)
        tree = self._git("write-tree").strip()
        commit = self._git("commit-tree", tree, "-p", recipe.parent, given=recipe.message, by=recipe).strip()
        self._git("update-ref", "-m", "bench", "refs/heads/main", commit, recipe.parent)
        seconds = time.perf_counter() - began
        if commit != recipe.commit:
            raise Wrong(f"the plumbing made {commit}, the application {recipe.commit}")
        return seconds

    def _git(self, *arguments: str, given: str = "", by: Recipe | None = None) -> str:
        environ = PATH | environment() | {"GIT_DIR": str(self._twin), "GIT_INDEX_FILE": str(self._folder / "index")}
        if by is not None:
            environ |= {"GIT_AUTHOR_NAME": by.author, "GIT_AUTHOR_EMAIL": by.email}
            environ |= {"GIT_AUTHOR_DATE": by.date, "GIT_COMMITTER_DATE": by.date}
        done = subprocess.run(
            ["git", *arguments], input=given.encode(), stdout=subprocess.PIPE, env=environ, check=True
        )
        return done.stdout.decode()

    def _first(self, *arguments: str) -> bytes:
        environ = PATH | environment() | {"GIT_DIR": str(self._source)}
        return subprocess.run(["git", *arguments], stdout=subprocess.PIPE, env=environ, check=True).stdout
