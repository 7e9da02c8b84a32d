"""One writer at a time, and locks that a crash left behind."""

import logging
import os
import subprocess
import threading
from pathlib import Path

import pytest

from referentiel.errors import Busy
from referentiel.library.lock import writer_lock
from tests.patience import patience


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / "refs" / "heads").mkdir(parents=True)
    return tmp_path


def test_a_second_writer_is_told_to_try_again(repository: Path) -> None:
    with writer_lock(repository), patience(), pytest.raises(Busy), writer_lock(repository, patience=0.2):
        pass
    with writer_lock(repository, patience=0.2):
        pass


def test_a_waiting_writer_goes_in_when_the_first_leaves(repository: Path) -> None:
    inside = threading.Event()

    def second() -> None:
        with writer_lock(repository, patience=5):
            inside.set()

    with writer_lock(repository):
        thread = threading.Thread(target=second)
        thread.start()
        assert not inside.wait(0.1)
    assert inside.wait(5)
    thread.join()


def test_a_child_that_outlives_its_worker_keeps_the_lock(repository: Path) -> None:
    with writer_lock(repository) as descriptor:
        child = subprocess.Popen(["cat"], stdin=subprocess.PIPE, pass_fds=[descriptor])
    with pytest.raises(Busy), writer_lock(repository, patience=0.1):
        pass
    assert child.stdin is not None
    child.stdin.close()
    child.wait()
    with writer_lock(repository, patience=0.1):
        pass


def test_locks_left_by_a_crash_are_deleted_and_said(repository: Path, caplog: pytest.LogCaptureFixture) -> None:
    left = [repository / "HEAD.lock", repository / "packed-refs.lock", repository / "refs" / "heads" / "main.lock"]
    for path in left:
        path.touch()
    with caplog.at_level(logging.WARNING), writer_lock(repository):
        assert not any(path.exists() for path in left)
    assert [record.message.rpartition(os.sep)[2] for record in caplog.records] != []
    assert len(caplog.records) == 3


def test_a_folder_that_cannot_be_written_to_is_busy_not_broken(tmp_path: Path) -> None:
    with pytest.raises(Busy), writer_lock(tmp_path / "nowhere"):
        pass
