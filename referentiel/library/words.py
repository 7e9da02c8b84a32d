"""A merge by words, made by Git's own ``merge-file`` on files of one word a line."""

import re
import tempfile
from pathlib import Path

from git.exc import GitCommandError

from referentiel.library.repositories import Repositories

_TOKENS = re.compile(r"\w+|\s+|[^\w\s]")


def merge_words(repositories: Repositories, base: str, draft: str, proposed: str) -> str | None:
    """The text that holds both changes, None when they collide. Three files and a process: about 4 ms."""
    with tempfile.TemporaryDirectory(prefix="merge-") as folder:
        paths = []
        for name, text in (("draft", draft), ("base", base), ("proposed", proposed)):
            path = Path(folder) / name
            path.write_text(_one_a_line(text), encoding="utf-8", newline="\n")
            paths.append(str(path))
        try:
            merged = repositories.run("merge-file", "-p", "-q", "--", *paths).decode()
        except GitCommandError as error:
            if isinstance(error.status, int) and 0 < error.status < 128:
                return None
            raise
    return "".join(line.replace("\\n", "\n").replace("\\\\", "\\") for line in merged.split("\n"))


def _one_a_line(text: str) -> str:
    tokens = (token.replace("\\", "\\\\").replace("\n", "\\n") for token in _TOKENS.findall(text))
    return "".join(f"{token}\n" for token in tokens)
