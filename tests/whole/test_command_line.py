"""Every command is there, helps, and answers a mistake by one French line and a status that is not zero."""

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from referentiel.cli import COMMANDS, main
from referentiel.config import Settings


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Status, standard output, standard error."""
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    said = capsys.readouterr()
    return int(stop.value.code or 0), said.out, said.err


def one_line(told: tuple[int, str, str]) -> str:
    """The one line of a refusal."""
    status, out, err = told
    assert status in (1, 2)
    assert out == ""
    assert err.startswith("Erreur : ")
    assert err.count("\n") == 1
    return err


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_helps_in_french(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    main([name, "--help"])
    told = capsys.readouterr().out
    assert name in told
    assert len(told.splitlines()) > 3


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("publier",), "la commande « publier » n’existe pas"),
        (("edition", "efface"), "la commande « efface » n’existe pas"),
        (("card", "--nombre"), "l’option « --nombre » n’existe pas"),
        (("invite",), "il manque « --college »"),
        (("invite", "--college"), "l’option « --college » est mal écrite"),
        (("invite", "--college", "amis"), "choisissez parmi employees, siae, spe, partners"),
        (("card", "--structure", "ici"), "écrivez un nombre entier"),
        (("restore",), "il manque « BACKUP »"),
        (("restore", "/absent"), "ce dossier n’existe pas"),
        (("verify", "--backup", "/absent"), "ce fichier n’existe pas"),
        (("edition", "announce", "--closing", "demain", "--by", "d@tests.invalid"), "écrivez une date"),
        (("maintain", "vite"), "la commande est mal écrite"),
        (("export",), "il manque « --static »"),
    ],
)
def test_a_badly_written_command_is_told_in_one_french_line(
    arguments: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    told = answer(capsys, *arguments)
    assert told[0] == 2
    line = one_line(told)
    assert words in line
    assert line.rstrip().endswith("--help")


@pytest.mark.parametrize(
    "name", sorted(COMMANDS.keys() - {"init", "demo", "invite", "edition", "export", "import", "restore"})
)
def test_without_an_instance_a_command_says_to_make_one(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REFERENTIEL_INSTANCE", str(tmp_path / "absent"))
    assert "lancez d’abord « referentiel init »" in one_line(answer(capsys, name))


def test_a_database_that_holds_nothing_is_told(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REFERENTIEL_INSTANCE", str(settings.instance))
    monkeypatch.setenv("REFERENTIEL_DATABASE_URL", f"sqlite:///{tmp_path / 'empty.sqlite'}")
    line = one_line(answer(capsys, "card"))
    assert "la base de données ne répond pas comme prévu" in line
    assert "no such table" in line


def test_a_place_where_nothing_can_be_written_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("REFERENTIEL_INSTANCE", str(tmp_path / "file" / "instance"))
    assert f"« {tmp_path / 'file' / 'instance'} » ne peut pas être" in one_line(answer(capsys, "init"))


def test_a_card_for_a_structure_that_does_not_exist_is_refused(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REFERENTIEL_INSTANCE", str(settings.instance))
    assert "structure" in one_line(answer(capsys, "card", "--structure", "99999"))


def test_a_process_that_lasts_begins_again_without_docstrings_and_under_its_number(tmp_path: Path) -> None:
    program = Path(sys.executable).with_name("referentiel")
    kept = os.environ | {"REFERENTIEL_INSTANCE": str(tmp_path / "none")}
    with subprocess.Popen([program, "work", "--once"], env=kept, stderr=subprocess.DEVNULL) as process:
        ran: set[bytes] = set()
        while process.poll() is None:
            with contextlib.suppress(FileNotFoundError):
                ran.add(Path(f"/proc/{process.pid}/cmdline").read_bytes())
    assert any(b"\0-OO\0-X\0no_debug_ranges\0-m\0referentiel.program\0work\0--once\0" in line for line in ran)
