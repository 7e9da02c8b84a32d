"""The seal test: an edition, ten changes, the next edition. The first one has the same bytes, and its frames say so."""

import hashlib
import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from referentiel.cli import referentiel
from referentiel.commands.sealing import Sealer
from referentiel.commands.work import remake_frames
from referentiel.config import Settings
from referentiel.dates import day
from referentiel.editions import queries
from referentiel.editions.preparing import actions
from referentiel.library.library import Library
from tests.cast import BASE, Someone, environment
from tests.edition_lives import adopted, prepared, published
from tests.functional.test_editions import sealed_bytes
from tests.functional.test_reading import words
from tests.git_hands import git
from tests.proposal_lives import ago

CODES = ("A1", "A2", "A3", "B1", "B2", "C1", "C2", "D1", "E4", "F1")


def reworded(code: str) -> dict[str, str]:
    return {"Énoncé": f"La structure prépare {code} avec la personne, un mois avant, et l’écrit."}


@pytest.mark.slow
def test_ten_changes_later_the_first_edition_is_the_same_and_its_frames_name_the_newer_one(
    app: Flask,
    settings: Settings,
    library: Library,
    amina: Someone,
    chloe: Someone,
    denis: Someone,
    passer_by: Someone,
    tmp_path: Path,
) -> None:
    pages = queries.shelf_of(library).pages("2026.0")
    before = sealed_bytes(library, "2026.0")
    tag = library.edition("2026.0").tag_id
    served = {path: digest_of(passer_by, f"/editions/2026.0/scelle/{path}") for path in before}
    assert served == before
    framed = passer_by.get("/editions/2026.0/criteres/E4")
    assert "2026.1" not in words(framed)

    for number, code in enumerate(CODES):
        path, days = f"criteres/{code}.md", 30 - number
        adopted(library, amina.person, chloe.person, denis.person, days=days, path=path, sections=reworded(code))
    actions.confirm(library, prepared(library, denis.person), by=chloe.person, at=ago(4))
    assert Sealer().seal(ago(3)) == ["2026.1"]
    with app.test_request_context():
        assert remake_frames(ago(0))

    assert sealed_bytes(library, "2026.0") == before
    assert {path: digest_of(passer_by, f"/editions/2026.0/scelle/{path}") for path in before} == before
    assert library.edition("2026.0").tag_id == tag
    shelf = queries.shelf_of(library)
    for page in pages:
        fragment = Path(shelf.sealed("2026.0", f"{page}.html")).read_bytes()
        assert fragment in Path(shelf.frame("2026.0", "fr", page)).read_bytes()
    framed = passer_by.get("/editions/2026.0/criteres/E4")
    assert "Une édition plus récente existe : 2026.1" in words(framed)
    assert reworded("E4")["Énoncé"] not in words(framed)

    newer = json.loads(passer_by.get("/editions/2026.1/scelle/referentiel.json").data)
    told = {item["code"]: item["rubriques"] for chapter in newer["chapitres"] for item in chapter["criteres"]}
    for code in CODES:
        assert {"titre": "Énoncé", "texte": reworded(code)["Énoncé"]} in told[code]
    assert newer["precedente"] == "2026.0"

    victim = shelf.path / "2026.0" / "scelle" / "criteres" / "E4.html"
    victim.chmod(0o644)
    data = bytearray(victim.read_bytes())
    data[60] ^= 1
    victim.write_bytes(data)
    answer = CliRunner().invoke(referentiel, ["verify"], env=environment(settings))
    assert answer.exit_code == 1
    assert [line for line in answer.output.splitlines() if "I5" in line] == [
        "I5 édition 2026.0 : le fichier criteres/E4.html n’a plus l’empreinte annoncée"
    ]
    assert CliRunner().invoke(referentiel, ["verify", "--fix"], env=environment(settings)).exit_code == 0
    assert sealed_bytes(library, "2026.0") == before

    clone = tmp_path / "clone.git"
    git("clone", "--quiet", "--mirror", str(library.path), str(clone))
    for number in ("2026.0", "2026.1"):
        answer = CliRunner().invoke(referentiel, ["rebuild", "--edition", number, "--from", str(clone)])
        assert "se refait à l’identique" in answer.output, answer.output


def digest_of(someone: Someone, path: str) -> str:
    return hashlib.sha256(someone.client.get(path, base_url=BASE).data).hexdigest()


def test_the_clock_that_goes_back_neither_reuses_a_number_nor_goes_backwards(
    library: Library, amina: Someone, chloe: Someone, denis: Someone
) -> None:
    adopted(library, amina.person, chloe.person, denis.person)
    assert str(published(library, denis.person, chloe.person).number) == "2026.1"
    adopted(library, amina.person, chloe.person, denis.person, path="criteres/A1.md", sections=reworded("A1"), days=2)
    a_year_before = ago(0) - timedelta(days=366)
    assert day(a_year_before).year < 2026
    assert queries.number_for(library, library.head(), a_year_before) == "2026.2"
