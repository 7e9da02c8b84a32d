"""What is written is whole and stays: what was there before or what is new, and nothing beside it."""

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from referentiel.commands.init import write_secret
from referentiel.durable import SECRET, aside, synchronise, write_durably, write_new, write_whole

FULL = Path("/dev/full")
WRITERS = (write_durably, write_whole)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("write", WRITERS)
def test_a_file_is_put_in_place_of_another_and_nothing_stays_beside_it(
    write: Callable[[Path, bytes], None], tmp_path: Path
) -> None:
    for content in (b"avant", b"apr\xc3\xa8s"):
        write(tmp_path / "fichier", content)
        assert (tmp_path / "fichier").read_bytes() == content
    assert names(tmp_path) == ["fichier"]


@pytest.mark.parametrize("write", WRITERS)
def test_a_place_that_refuses_leaves_no_draft(write: Callable[[Path, bytes], None], tmp_path: Path) -> None:
    (tmp_path / "place" / "taken").mkdir(parents=True)
    with pytest.raises(OSError, match="place"):
        write(tmp_path / "place", b"nouveau")
    assert names(tmp_path) == ["place"]
    assert names(tmp_path / "place") == ["taken"]


def test_a_secret_is_for_the_operator_alone_also_in_place_of_a_file_for_all(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"for all")
    (tmp_path / "secret").chmod(0o644)
    write_durably(tmp_path / "secret", b"for one", mode=SECRET)
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600


def test_a_new_file_never_takes_the_place_of_another(tmp_path: Path) -> None:
    write_new(tmp_path / "fichier", b"premier")
    with pytest.raises(FileExistsError):
        write_new(tmp_path / "fichier", b"second")
    assert (tmp_path / "fichier").read_bytes() == b"premier"


def test_a_full_disk_leaves_what_was_there_and_takes_the_draft_away(tmp_path: Path) -> None:
    def fill() -> None:
        with aside(tmp_path / "fichier") as draft:
            draft.symlink_to(FULL)
            draft.write_bytes(b"nouveau")

    (tmp_path / "fichier").write_bytes(b"avant")
    with pytest.raises(OSError, match="No space left"):
        fill()
    assert (tmp_path / "fichier").read_bytes() == b"avant"
    assert names(tmp_path) == ["fichier"]
    assert FULL.exists()


def test_a_folder_is_named_once_it_is_whole(tmp_path: Path) -> None:
    with aside(tmp_path / "dossier") as draft:
        draft.mkdir()
        (draft / "un").write_bytes(b"1")
        assert not (tmp_path / "dossier").exists()
    assert names(tmp_path / "dossier") == ["un"]
    assert names(tmp_path) == ["dossier"]


def test_a_folder_that_fails_is_taken_away_with_all_that_it_holds(tmp_path: Path) -> None:
    def fail() -> None:
        with aside(tmp_path / "dossier") as draft:
            (draft / "dedans").mkdir(parents=True)
            raise ValueError("raté")

    with pytest.raises(ValueError, match="raté"):
        fail()
    assert names(tmp_path) == []


def test_a_link_changes_what_it_names_by_one_rename(tmp_path: Path) -> None:
    for name in ("un", "deux"):
        (tmp_path / name).mkdir()
        with aside(tmp_path / "lien") as link:
            link.symlink_to(name)
    assert (tmp_path / "lien").readlink() == Path("deux")
    assert names(tmp_path) == ["deux", "lien", "un"]


def test_what_a_killed_process_left_is_hidden_and_hinders_nobody(tmp_path: Path) -> None:
    dies = (
        "import os, signal, sys; from pathlib import Path; from referentiel.durable import aside\n"
        "with aside(Path(sys.argv[1])) as draft:\n"
        "    draft.write_bytes(b'half')\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    (tmp_path / "fichier").write_bytes(b"avant")
    subprocess.run([sys.executable, "-c", dies, str(tmp_path / "fichier")], check=False)
    (left,) = set(names(tmp_path)) - {"fichier"}
    assert left.startswith(".fichier.partial-")
    assert (tmp_path / "fichier").read_bytes() == b"avant"
    write_durably(tmp_path / "fichier", b"nouveau")
    assert (tmp_path / "fichier").read_bytes() == b"nouveau"


def test_who_writes_again_under_the_same_name_begins_afresh(tmp_path: Path) -> None:
    with aside(tmp_path / "fichier") as draft:
        draft.write_bytes(b"premier")
        left = tmp_path / draft.name
        os.link(draft, tmp_path / "copie")
    left.mkdir()
    (left / "debris").touch()
    write_durably(tmp_path / "fichier", b"second")
    assert names(tmp_path) == ["copie", "fichier"]
    assert (tmp_path / "copie").read_bytes() == b"premier"


def test_files_and_folders_are_synchronised_and_what_is_missing_is_told(tmp_path: Path) -> None:
    (tmp_path / "fichier").touch()
    synchronise(tmp_path / "fichier")
    synchronise(tmp_path)
    with pytest.raises(FileNotFoundError):
        synchronise(tmp_path / "absent")


def test_a_key_that_the_disk_cannot_hold_is_not_there_at_all(tmp_path: Path) -> None:
    fails = (
        "import resource, sys; from pathlib import Path; from referentiel.commands.init import write_secret\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (16, 16))\n"
        "write_secret(Path(sys.argv[1]))\n"
    )
    place = tmp_path / "secret"
    done = subprocess.run([sys.executable, "-c", fails, str(place)], check=False, capture_output=True, text=True)
    assert "File too large" in done.stderr
    assert names(tmp_path) == [], "half a key would be taken for one at the next start"
    write_secret(place)
    assert len(place.read_bytes()) == 32
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
