"""The grid of self-assessment and the data of an edition: whole, in order, open to every program, never a formula."""

import csv
import io
import json
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from referentiel.commands.init import CONTENT
from referentiel.criteria.vocabulary import StructureType
from referentiel.editions.downloads import exports, schema, sheets
from referentiel.editions.downloads.book import parts
from referentiel.editions.downloads.grid import ANSWERS, guarded
from referentiel.editions.downloads.words import words
from referentiel.editions.values import as_json
from tests.edition_material import criterion, material

FORMULAS = ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1)", '=HYPERLINK("http://x")']


@pytest.fixture(scope="module")
def grids() -> dict[str, bytes]:
    return sheets.as_xlsx(material())


def rows_of(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


def sheet_of(data: bytes, name: str) -> Any:
    return load_workbook(io.BytesIO(data))[name]


def codes_of(data: bytes) -> list[str]:
    return [row[0].value for row in sheet_of(data, "Grille").iter_rows(2)]


def run(command: list[str], folder: Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(command, cwd=folder, capture_output=True, check=False, timeout=180)


def test_the_csv_has_a_line_for_each_item_in_reading_order_and_each_line_says_its_edition() -> None:
    rows = rows_of(sheets.as_csv(material())["referentiel.csv"])
    codes = [row["Code"] for row in rows if row["Genre"] == "Critère"]
    assert codes[:6] == ["A1", "A2", "A3", "A4", "A5", "B1"]
    assert len(codes) == 40
    assert {row["Édition"] for row in rows} == {"2026.1"}
    assert {row["Texte"] for row in rows} == {"855d3e13e0428b730c3bc15642d2cdcbf5ebcfb4"}
    assert {row["Pour vérifier"] for row in rows} == {"https://referentiel.example/editions/2026.1/verifier"}
    assert all("ni un contrôle" in row["Avertissement"] for row in rows)


def test_a_structure_chooses_its_answer_in_a_list_and_has_room_for_proofs_and_a_comment(
    grids: dict[str, bytes],
) -> None:
    sheet = sheet_of(grids["referentiel.xlsx"], "Grille")
    heads = [cell.value for cell in sheet[1]]
    assert {"Où en sommes-nous ?", "Nos preuves", "Notre commentaire"} <= set(heads)
    (choice,) = sheet.data_validations.dataValidation
    assert choice.formula1 == f'"{",".join(ANSWERS)}"'
    where = heads.index("Où en sommes-nous ?")
    assert sheet.cell(2, where + 1).coordinate in choice.sqref
    assert sheet.cell(2, where + 1).value is None


def test_each_type_of_structure_has_its_own_grid_with_the_criteria_that_concern_it(grids: dict[str, bytes]) -> None:
    asked = {kind: codes_of(grids[f"referentiel-{kind}.xlsx"]) for kind in StructureType}
    whole = codes_of(grids["referentiel.xlsx"])
    text = material()
    for kind, codes in asked.items():
        expected = [line.code for line in text.summary.in_force if not line.structures or kind in line.structures]
        assert codes == expected, kind
    assert whole == [line.code for line in text.summary.in_force]


def test_a_withdrawn_criterion_is_asked_of_nobody_and_its_words_are_kept() -> None:
    gone = criterion().replace("etat: en_vigueur", "etat: retire\nremplace_par: [E5]")
    data = sheets.as_xlsx(material({"criteres/E4.md": gone}))["referentiel.xlsx"]
    assert "E4" not in codes_of(data)
    texts = [[cell.value for cell in row] for row in sheet_of(data, "Les autres textes").iter_rows(2)]
    assert any(row[1] == "E4" and "Tout passage vers une autre structure" in (row[4] or "") for row in texts)


@pytest.mark.parametrize("hostile", FORMULAS)
def test_what_would_begin_a_formula_is_words_in_both(hostile: str) -> None:
    text = criterion().replace("titre: Passer d’une étape à l’autre sans trou", f"titre: {hostile}")
    changed = material({"criteres/E4.md": text})
    (row,) = [row for row in rows_of(sheets.as_csv(changed)["referentiel.csv"]) if row["Code"] == "E4"]
    assert row["Titre"] == f"'{hostile}"
    sheet = sheet_of(sheets.as_xlsx(changed)["referentiel.xlsx"], "Grille")
    (cell,) = [row[1] for row in sheet.iter_rows(2) if row[0].value == "E4"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (hostile, "s", True)
    assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)


@given(st.text(max_size=30))
def test_no_cell_of_the_csv_begins_like_a_formula(text: str) -> None:
    assert guarded(text)[:1] not in {"=", "+", "-", "@", "\t", "\r", "\0"}
    assert guarded(text).endswith(text)


def test_the_workbooks_are_dated_by_the_edition_and_not_by_the_clock(grids: dict[str, bytes]) -> None:
    with zipfile.ZipFile(io.BytesIO(grids["referentiel.xlsx"])) as archive:
        assert {entry.date_time[:3] for entry in archive.infolist()} == {(2026, 3, 2)}
        assert archive.namelist()[0] == "[Content_Types].xml"
        core = archive.read("docProps/core.xml").decode()
    assert core.count("2026-03-02T00:00:00Z") == 2
    assert sheets.as_xlsx(material()) == grids


def test_the_words_of_a_passage_are_those_of_the_page() -> None:
    lists = "- un\n- deux\n\n3. trois\n4. quatre"
    table = "| a | b |\n| --- | --- |\n| 1 | 2 |"
    assert words(f"Un **mot** et [un lien](https://a.example/b).\n\n{lists}\n\n{table}").split("\n") == [
        "Un mot et un lien (https://a.example/b).",
        *("• un", "• deux", "3. trois", "4. quatre", "a | b", "1 | 2"),
    ]
    assert words("<script>alert(1)</script>") == "<script>alert(1)</script>"


def test_the_json_obeys_the_schema_that_is_sealed_beside_it() -> None:
    data = exports.data(material())
    validator = jsonschema.Draft202012Validator(schema.schema())
    validator.check_schema(schema.schema())
    assert list(validator.iter_errors(json.loads(as_json(data)))) == []
    broken = {**data, "commit": "HEAD"}
    assert [error.path[0] for error in validator.iter_errors(broken)] == ["commit"]


def test_the_archive_of_texts_is_checked_by_sha256sum_alone(tmp_path: Path) -> None:
    text = material()
    with zipfile.ZipFile(io.BytesIO(exports.as_zip(text.edition, text.texts))) as archive:
        archive.extractall(tmp_path)
    folder = tmp_path / "referentiel-2026.1"
    done = run(["sha256sum", "--check", "--quiet", "EMPREINTES.txt"], folder)
    assert (done.returncode, done.stdout) == (0, b"")
    assert (folder / "criteres" / "E4.md").read_text(encoding="utf-8") == text.texts["criteres/E4.md"]
    (folder / "criteres" / "E4.md").write_text("autre chose", encoding="utf-8")
    done = run(["sha256sum", "--check", "EMPREINTES.txt"], folder)
    assert done.returncode == 1
    assert b"criteres/E4.md: FAILED" in done.stdout


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_the_grid(grids: dict[str, bytes], tmp_path: Path) -> None:
    (tmp_path / "grille.xlsx").write_bytes(grids["referentiel-ETTI.xlsx"])
    home = f"-env:UserInstallation=file://{tmp_path}/home"
    second_sheet = "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,true,false,false,false,2"
    run(["soffice", home, "--headless", "--convert-to", second_sheet, "grille.xlsx"], tmp_path)
    (made,) = tmp_path.glob("*.csv")
    text = material().summary.in_force
    assert [row["Code"] for row in rows_of(made.read_bytes())] == [
        line.code for line in text if not line.structures or "ETTI" in line.structures
    ]


def test_what_was_withdrawn_beside_the_criteria_keeps_its_words_in_the_book_and_in_the_data() -> None:
    gone = (CONTENT / "outils" / "pass-iae.md").read_text(encoding="utf-8").rstrip("\n")
    gone = (
        gone.replace("\n---\n", "\netat: retire\n---\n", 1)
        + "\n\n## Raison du retrait\n\nPlus personne ne s’en sert.\n"
    )
    text = material({"outils/pass-iae.md": gone})
    bodies = [part.body for part in parts(text)]
    assert "Plus personne ne s’en sert." in bodies
    data = json.loads(as_json(exports.data(text)))
    (tool,) = data["retires"]
    assert (tool["genre"], tool["cle"]) == ("outils", "pass-iae")
    assert list(jsonschema.Draft202012Validator(schema.schema()).iter_errors(data)) == []
