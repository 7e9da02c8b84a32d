"""The real ``git`` in the hands of somebody who clones, with nothing of this machine's settings."""

import os
import subprocess
from pathlib import Path

CLEAN = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C.UTF-8"}


def tried(*arguments: str, inside: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run git as they do; whatever its answer."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "http_", "https_"))}
    return subprocess.run(
        ["git", *arguments], cwd=inside, env={**kept, **CLEAN}, capture_output=True, text=True, check=False, timeout=120
    )


def git(*arguments: str, inside: Path | None = None) -> str:
    """Run git as they do; it must succeed."""
    done = tried(*arguments, inside=inside)
    assert done.returncode == 0, f"git {' '.join(arguments)}: {done.stderr}"
    return done.stdout.strip()


def references(repository: Path) -> dict[str, str]:
    """Every reference of a repository, with what it names."""
    lines = git("for-each-ref", "--format=%(objectname) %(refname)", inside=repository).splitlines()
    return {name: value for value, _, name in (line.partition(" ") for line in lines)}
