"""The grid of self-assessment as files: CSV for every program, XLSX to fill in, one also for each type of structure."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from referentiel.criteria.vocabulary import STATEMENT, StructureType
from referentiel.editions.downloads.archives import zipped
from referentiel.editions.downloads.book import DRAFT_PLAIN_TEXT, facts_of, parts
from referentiel.editions.downloads.grid import ANSWERS, TITLES, Line, guarded, lines, looks_like_a_formula
from referentiel.editions.edition import Edition
from referentiel.editions.formats import GRIDS
from referentiel.editions.material import Material
from referentiel.editions.mentions import LICENCE, NOTICE

ANSWER, PROOF, COMMENT = "Où en sommes-nous ?", "Nos preuves", "Notre commentaire"
FACTS = ("Niveau", "Étape", "Pour", "Preuve détenue par", "Outils", "Compétences", "Voir aussi")
OTHERS, MARKS = "Autres rubriques", "Repères"

_AFTER = TITLES[1:]
GRID: tuple[str, ...] = ("Code", "Critère", *FACTS[:3], STATEMENT, ANSWER, PROOF, COMMENT, *_AFTER, *FACTS[3:], OTHERS)
TABLE: tuple[str, ...] = (
    *("Genre", "Code", "Titre", *FACTS[:4], *TITLES, OTHERS, *FACTS[4:], MARKS, ANSWER, PROOF, COMMENT),
    *("Édition", "Statut", "Publiée le", "Applicable le", "Licence", "Texte", "Pour vérifier", "Avertissement"),
)
WIDTHS = {"Code": 8, "Critère": 32, STATEMENT: 48, ANSWER: 20, PROOF: 36, COMMENT: 36, "Niveau": 12, "Étape": 16}
WIDE, NARROW = 64, 22
LINE, LOWEST, HIGHEST = 15.0, 45.0, 400.0
"""Points: a line of text, and how low and how high a row may be. No program opens a file with rows that fit."""
FACE = "Calibri"
ROWS = 2_000
"""How far down the choices reach: more criteria than a referential has."""

_HEAD = PatternFill("solid", start_color="FF1B3A57")
_ASKED = PatternFill("solid", start_color="FFFFF8E1")
_RULE = Border(bottom=Side(style="thin", color="FFB8C4CE"))
_MODIFIED = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")


def as_csv(material: Material) -> dict[str, bytes]:
    """Semicolons and a mark of UTF-8, as the spreadsheets of French desks open it; each line says its edition."""
    edition, buffer = material.edition, io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n", quoting=csv.QUOTE_MINIMAL)
    writer.writerow(TABLE)
    for line in lines(parts(material)):
        writer.writerow([guarded(cell) for cell in _cells(line, TABLE, edition)])
    return {"referentiel.csv": buffer.getvalue().encode("utf-8-sig")}


def as_xlsx(material: Material) -> dict[str, bytes]:
    """The whole grid, and one for each type of structure with the criteria that concern it."""
    found = list(lines(parts(material)))
    made = {"referentiel.xlsx": _workbook(material.edition, found, None)}
    return made | {file: _workbook(material.edition, found, kind) for kind, file in GRIDS}


def _workbook(edition: Edition, found: Sequence[Line], kind: StructureType | None) -> bytes:
    asked = [line for line in found if line.is_asked and (kind is None or line.concerns(kind.value))]
    said = [line for line in found if not line.is_asked]
    book = Workbook()
    first = book.worksheets[0]
    first.title = "À lire d’abord"
    _foreword(first, edition, kind, len(asked))
    _grid(book.create_sheet("Grille"), edition, asked)
    _texts(book.create_sheet("Les autres textes"), edition, said)
    book.active = 1
    facts = book.properties
    facts.title = f"Référentiel partagé, édition {edition.number} : grille d’auto-évaluation"
    facts.creator, facts.language = "Référentiel partagé", "fr-FR"
    facts.description = f"{edition.status}. {NOTICE} {LICENCE}. Texte {edition.commit}."
    facts.identifier = edition.commit
    buffer = io.BytesIO()
    book.save(buffer)
    return _dated(buffer.getvalue(), edition)


def _foreword(sheet: Worksheet, edition: Edition, kind: StructureType | None, count: int) -> None:
    whom = kind.label if kind else "toutes les structures"
    rows = [
        (f"Grille d’auto-évaluation : {whom}", ""),
        *facts_of(edition),
        ("Critères", str(count)),
        ("Attention", NOTICE),
        ("Facile à lire", DRAFT_PLAIN_TEXT),
        ("Comment faire", f"Ouvrez la feuille « Grille ». Pour chaque critère, choisissez dans « {ANSWER} »."),
        ("", f"Les réponses possibles : {', '.join(ANSWERS)}."),
        ("", f"Écrivez dans « {PROOF} » ce qui le montre, et dans « {COMMENT} » ce qu’il faut savoir ou changer."),
        ("", "N’écrivez le nom de personne : cette grille parle de la structure."),
    ]
    for row, (label, text) in enumerate(rows, 1):
        _put(sheet, row, 1, label).font = Font(name=FACE, bold=True, size=14 if row == 1 else 11)
        _put(sheet, row, 2, text).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.column_dimensions["A"].width = 22
    sheet.column_dimensions["B"].width = 90
    _printed(sheet, edition, landscape=False)


def _grid(sheet: Worksheet, edition: Edition, asked: Iterable[Line]) -> None:
    _heads(sheet, GRID)
    last = 1
    for last, line in enumerate(asked, 2):
        cells = _cells(line, GRID, edition)
        sheet.row_dimensions[last].height = _height(zip(cells, map(_width, GRID), strict=True))
        for column, text in enumerate(cells, 1):
            cell = _put(sheet, last, column, text)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.border = _RULE
            if GRID[column - 1] in {ANSWER, PROOF, COMMENT}:
                cell.fill = _ASKED
    where = get_column_letter(GRID.index(ANSWER) + 1)
    choice = DataValidation("list", formula1=f'"{",".join(ANSWERS)}"', allow_blank=True, showErrorMessage=True)
    choice.promptTitle, choice.prompt = ANSWER, "Choisissez une réponse dans la liste."
    choice.errorTitle, choice.error = "Réponse inconnue", "Choisissez une réponse dans la liste, ou laissez vide."
    choice.showInputMessage = True
    choice.add(f"{where}2:{where}{ROWS}")
    sheet.add_data_validation(choice)
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(GRID))}{last}"
    # On paper, what is asked and the place to answer: the rest is read on the screen.
    sheet.print_area = f"A1:{get_column_letter(GRID.index(COMMENT) + 1)}{last}"
    _printed(sheet, edition, landscape=True)


def _texts(sheet: Worksheet, edition: Edition, said: Iterable[Line]) -> None:
    heads = ("Genre", "Code", "Titre", "Rubrique", "Texte")
    _heads(sheet, heads)
    sheet.column_dimensions["D"].width, sheet.column_dimensions["E"].width = 26, 100
    row = 2
    for line in said:
        passages = [*line.facts.items(), *line.sections.items(), *([("", line.others)] if line.others else [])]
        for title, text in passages or [("", "")]:
            sheet.row_dimensions[row].height = _height([(text, 100)], lowest=LINE)
            for column, cell in enumerate((line.genre, line.code, line.title, title, text), 1):
                _put(sheet, row, column, cell).alignment = Alignment(wrap_text=True, vertical="top")
            row += 1
    sheet.freeze_panes = "A2"
    _printed(sheet, edition, landscape=True)


def _cells(line: Line, heads: Sequence[str], edition: Edition) -> list[str]:
    marks = {label: text for label, text in line.facts.items() if label not in FACTS}
    known: dict[str, str] = {
        **line.facts,
        **line.sections,
        **{"Genre": line.genre, "Code": line.code, "Titre": line.title, "Critère": line.title, OTHERS: line.others},
        MARKS: "\n".join(f"{label} : {text}" for label, text in marks.items()),
        **{"Édition": str(edition.number), "Statut": edition.status, "Licence": LICENCE, "Texte": edition.commit},
        **{"Publiée le": edition.published.isoformat(), "Applicable le": edition.applies.isoformat()},
        **{"Pour vérifier": edition.verification_address, "Avertissement": NOTICE},
    }
    return [known.get(head, "") for head in heads]


def _heads(sheet: Worksheet, heads: Sequence[str]) -> None:
    for column, head in enumerate(heads, 1):
        cell = _put(sheet, 1, column, head)
        cell.font, cell.fill = Font(name=FACE, bold=True, color="FFFFFFFF"), _HEAD
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        sheet.column_dimensions[get_column_letter(column)].width = _width(head)
    sheet.print_title_rows = "1:1"


def _width(head: str) -> int:
    """In signs of the usual face."""
    return WIDTHS.get(head, NARROW if head in FACTS or head == "Genre" else WIDE)


def _height(cells: Iterable[tuple[str, int]], lowest: float = LOWEST) -> float:
    """What the longest of these texts needs, each in a column of so many signs."""
    most = max(sum(1 + len(line) // width for line in text.split("\n")) for text, width in cells)
    return min(max(LINE * most, lowest), HIGHEST)


def _put(sheet: Worksheet, row: int, column: int, text: str) -> Cell | MergedCell:
    """Words, never a formula, whatever they begin with."""
    cell = sheet.cell(row, column)
    cell.value = text or None
    if text:
        cell.data_type = "s"
        if looks_like_a_formula(text):
            cell.quotePrefix = True
    return cell


def _printed(sheet: Worksheet, edition: Edition, *, landscape: bool) -> None:
    sheet.page_setup.paperSize = 9
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    footer: Any = sheet.oddFooter
    footer.left.text = f"Référentiel partagé, édition {edition.number}"
    footer.right.text = "Page &P sur &N"


def _dated(data: bytes, edition: Edition) -> bytes:
    """The same workbook, with one date in it and on each of its parts, which the library takes from the clock."""
    stamp = datetime.combine(edition.published, time(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        inside = {name: archive.read(name) for name in archive.namelist()}
    inside["docProps/core.xml"] = _MODIFIED.sub(rb"\g<1>" + stamp, inside["docProps/core.xml"])
    return zipped(inside, edition.published, first=("[Content_Types].xml",))
