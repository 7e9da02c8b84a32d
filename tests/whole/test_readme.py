"""The README's commands, run as a newcomer would: in a clean clone, with a virtual environment of its own."""

import os
import re
import signal
import socket
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import pytest

ROOT = Path(__file__).parents[2]
PATIENCE = 600
"""Seconds: tells a hang from a slow download"""


def commands() -> list[str]:
    block = re.search(r"```sh\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.S)
    assert block
    return block[1].split("\n")[:-1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is committed, and nothing else."""
    folder = tmp_path_factory.mktemp("newcomer") / "referentiel"
    subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(folder)], check=True)
    return folder


@contextmanager
def running(clone: Path, command: str, port: int) -> Iterator[str]:
    """The command runs in a group of its own, answers, and is ended; yields what it printed until it answered."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("REFERENTIEL_")}
    environment |= {"REFERENTIEL_PORT": str(port)}
    environment.pop("MAKEFLAGS", None)
    log = clone / f"said-{port}.txt"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command.split(), cwd=clone, env=environment, stdout=output, stderr=output, start_new_session=True
        )
    try:
        end = monotonic() + PATIENCE
        while True:
            assert process.poll() is None, log.read_text()
            assert monotonic() < end, log.read_text()
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/sante", timeout=5):
                    break
            except (urllib.error.URLError, OSError):
                sleep(0.2)
        yield log.read_text()
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)


def page(port: int, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
        return str(answer.read().decode())


def test_the_readme_has_two_commands() -> None:
    assert commands() == ["make run", "make test"]


@pytest.mark.xdist_group("newcomer")
def test_a_newcomer_types_the_first_command_and_reads_the_text_then_types_it_again(clone: Path) -> None:
    port = free_port()
    with running(clone, commands()[0], port) as said:
        assert f"http://127.0.0.1:{port}/" in said
        assert "/invitation/" in said
        assert "Passer d’une étape à l’autre sans trou" in page(port, "/criteres/E4")
    with running(clone, commands()[0], port) as said:
        assert "Installation" not in said
        assert "texte de départ" in page(port, "/editions/2026.0/")


def test_the_second_command_is_a_gesture_of_the_makefile(clone: Path) -> None:
    done = subprocess.run(["make", "-n", "test"], cwd=clone, capture_output=True, text=True, check=True)
    assert "pytest" in done.stdout


def test_make_alone_lists_the_gestures(clone: Path) -> None:
    done = subprocess.run(["make"], cwd=clone, capture_output=True, text=True, check=True)
    for gesture in ("run", "demo", "test", "check", "faults", "walk", "bench"):
        assert f"make {gesture} " in done.stdout
