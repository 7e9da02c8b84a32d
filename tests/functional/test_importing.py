"""A text kept elsewhere comes back as a proposal: what is new, changed, the same, and refused, by file and by line."""

import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import func, select

from referentiel.cli import referentiel
from referentiel.config import Settings
from referentiel.criteria.changes import ChangeClass
from referentiel.criteria.document import Document
from referentiel.criteria.merging import touched
from referentiel.database import session
from referentiel.editions.queries import shelf_of
from referentiel.errors import Refused
from referentiel.library.library import Library
from referentiel.proposals import actions
from referentiel.proposals.importing.actions import bring, examine
from referentiel.proposals.importing.report import Report, Verdict
from referentiel.proposals.models import Proposal
from referentiel.proposals.sheets import Sheet
from referentiel.proposals.states import ProposalKind, State
from tests.cast import Someone, environment
from tests.edition_lives import adopted
from tests.importing import edit, folder_of, write, zipped
from tests.proposal_lives import ago, decided

NOW = datetime.now(UTC)
SHEET = Sheet("Des mots repris", "Notre réseau l’a relu.", "C’est plus clair.", "substance", licence=True)
NEW = """---
code: E99
titre: Dire à qui parler le premier jour
chapitre: E
rang: 45
niveau: standard
etape: accueil
structures: [ACI, EI]
outils: []
competences: []
preuve_detenue_par: [personne]
voir_aussi: [E4]
etat: en_vigueur
---

## Énoncé

La personne sait à qui parler dès son premier jour.

## Facile à lire

Vous savez à qui parler.
"""


@pytest.fixture
def place(library: Library, tmp_path: Path) -> Path:
    """The text as somebody took it home."""
    return folder_of(library, tmp_path / "texte")


def said(report: Report, *verdicts: Verdict) -> list[str]:
    return [f"{line.place} : {line.words}" for line in report.sorted() if line.verdict in verdicts]


def ours(report: Report) -> list[str]:
    return said(report, Verdict.CHANGED, Verdict.NEW)


def refused(report: Report) -> list[str]:
    return said(report, Verdict.REFUSED)


def proposals_made() -> int:
    return session.scalar(select(func.count()).select_from(Proposal)) or 0


def run(settings: Settings, *arguments: str) -> Result:
    return CliRunner().invoke(referentiel, ["import", *arguments], env=environment(settings))


# --- nothing changed


def test_our_own_download_brings_nothing_even_when_the_text_went_on(
    library: Library, passer_by: Someone, bruno: Someone, chloe: Someone, denis: Someone, tmp_path: Path
) -> None:
    (tmp_path / "referentiel.zip").write_bytes(
        (shelf_of(library).path / "2026.0" / "scelle" / "referentiel.zip").read_bytes()
    )
    first = examine(library, tmp_path / "referentiel.zip")
    adopted(library, bruno.person, chloe.person, denis.person)
    for looked_at in (first, examine(library, tmp_path / "referentiel.zip")):
        assert (ours(looked_at.report), refused(looked_at.report)) == ([], [])
        assert looked_at.report.files(Verdict.SAME) == len(library.files(library.edition("2026.0").commit))
        assert looked_at.report.absent == 0
        assert looked_at.base == library.edition("2026.0").commit
        with pytest.raises(Refused, match="Rien n’a changé"):
            bring(library, looked_at, by=bruno.person, at=NOW)


def test_the_text_taken_home_and_brought_back_is_the_same(library: Library, place: Path) -> None:
    looked_at = examine(library, place)
    assert (ours(looked_at.report), refused(looked_at.report)) == ([], [])
    unfolded = {str(path.relative_to(place)): path.read_bytes() for path in place.rglob("*.md")}
    again = examine(library, zipped(place.parent / "texte.zip", unfolded))
    assert said(again.report, Verdict.SAME) == said(looked_at.report, Verdict.SAME)


def test_blank_lines_and_other_spellings_of_a_list_change_nothing(library: Library, place: Path) -> None:
    edit(place, "criteres/E4.md", ("\n\n## Facile à lire", "\n\n\n\n## Facile à lire"))
    edit(place, "criteres/E4.md", ("[ACI, AI, EI, ETTI, EITI]", "[ACI,AI, EI , ETTI, EITI]"))
    assert ours(examine(library, place).report) == []


# --- what becomes a proposal


def test_words_changed_elsewhere_become_one_proposal_of_a_person(
    app: Flask, library: Library, place: Path, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    edit(place, "criteres/E4.md", ("sans période sans solution", "sans jour sans solution"), ("rang: 40", "rang: 41"))
    edit(place, "glossaire/aci.md", ("certitude: ", "certitude: "))
    edit(place, "criteres/A1.md", ("niveau: standard", "niveau: imperatif"))
    looked_at = examine(library, place, sheet=SHEET)
    assert refused(looked_at.report) == []
    assert ours(looked_at.report) == [
        "criteres/A1.md, ligne 6 : « Niveau »",
        "criteres/E4.md, ligne 5 : « Place dans le chapitre »",
        "criteres/E4.md, ligne 16 : rubrique « Énoncé »",
    ]
    before = library.head()
    proposal = bring(library, looked_at, by=bruno.person, at=ago(45))
    assert (proposal.state, proposal.kind, proposal.author_id) == (
        State.SUBMITTED,
        ProposalKind.MODIFY,
        bruno.person_id,
    )
    assert proposal.change_class is ChangeClass.SUBSTANCE
    assert {file.path for file in proposal.revision.files} == {"criteres/A1.md", "criteres/E4.md"}
    assert library.head() == before, "nothing is adopted by an import"
    assert bring(library, looked_at, by=bruno.person, at=NOW).id == proposal.id, "sent twice, it is one"
    bruno.get(f"/propositions/{proposal.id}")
    bruno.get(f"/propositions/{proposal.id}/differences")
    actions.admit(proposal, by=chloe.person, at=ago(44))
    decided(library, proposal, chloe.person, denis.person, days=1)
    now = Document.read(library.read("criteres/E4.md").text)
    there = Document.read((place / "criteres/E4.md").read_text())
    assert touched(now, there) == {"key:rang"}, "its rank is the same among the others"


def test_a_new_criterion_has_its_place_and_its_code_when_it_is_adopted(
    library: Library, place: Path, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    write(place, {"criteres/E99.md": NEW})
    edit(place, "criteres/E4.md", ("voir_aussi: [D3, E2, E5, F4]", "voir_aussi: [D3, E2, E5, F4, E99]"))
    looked_at = examine(library, place, sheet=SHEET)
    assert refused(looked_at.report) == []
    assert "criteres/E99.md, ligne 1" in "".join(said(looked_at.report, Verdict.NEW))
    proposal = bring(library, looked_at, by=bruno.person, at=ago(45))
    actions.admit(proposal, by=chloe.person, at=ago(44))
    decided(library, proposal, chloe.person, denis.person, days=1)
    made = Document.read(library.read("criteres/E7.md").text)
    assert made.value("titre") == "Dire à qui parler le premier jour"
    assert made.section("Énoncé") == "La personne sait à qui parler dès son premier jour."
    assert Document.read(library.read("criteres/E4.md").text).values("voir_aussi")[-1] == "E7"
    ranks = {
        code: int(Document.read(library.read(f"criteres/{code}.md").text).value("rang") or 0)
        for code in ("E4", "E7", "E5")
    }
    assert ranks["E4"] < ranks["E7"] < ranks["E5"]


def test_a_new_chapter_with_its_criteria_a_term_and_a_tool_come_together(
    library: Library, place: Path, bruno: Someone
) -> None:
    write(
        place,
        {
            "chapitres/H.md": "---\ncode: H\ntitre: Les lieux\nrang: 80\n---\n\n## Présentation\n\nIci.\n",
            "criteres/H1.md": NEW.replace("code: E99", "code: H1").replace("chapitre: E", "chapitre: H"),
            "criteres/H2.md": NEW.replace("code: E99", "code: H2")
            .replace("chapitre: E", "chapitre: H")
            .replace("rang: 45", "rang: 50"),
            "glossaire/tiers-lieu.md": "---\nterme: tiers-lieu\nanciens_noms: []\ncertitude: à vérifier\n---\n\n"
            "## Définition\n\nUn lieu partagé.\n",
        },
    )
    looked_at = examine(library, place, sheet=SHEET)
    assert refused(looked_at.report) == []
    proposal = bring(library, looked_at, by=bruno.person, at=NOW)
    files = {file.path: Document.read(file.text) for file in proposal.revision.files}
    new = f"nouveau-{proposal.id}"
    assert set(files) == {
        f"chapitres/{new}.md",
        f"criteres/{new}-2.md",
        f"criteres/{new}-3.md",
        f"glossaire/{new}-4.md",
    }
    assert files[f"criteres/{new}-2.md"].value("chapitre") == new


def test_a_new_name_takes_the_place_of_links_alone(library: Library, place: Path, bruno: Someone) -> None:
    tool = "---\nnom: Accueil\ncertitude: à vérifier\n---\n\n## À quoi il sert\n\nÀ se retrouver.\n"
    write(place, {"outils/accueil.md": tool, "criteres/E99.md": NEW.replace("outils: []", "outils: [accueil]")})
    looked_at = examine(library, place, sheet=SHEET)
    assert refused(looked_at.report) == []
    proposal = bring(library, looked_at, by=bruno.person, at=NOW)
    made = {file.path: Document.read(file.text) for file in proposal.revision.files}
    criterion = made[f"criteres/nouveau-{proposal.id}.md"]
    assert (criterion.value("etape"), criterion.values("outils")) == ("accueil", (f"nouveau-{proposal.id}-2",))


def test_words_cannot_lead_to_what_has_no_code_yet(library: Library, place: Path) -> None:
    write(place, {"criteres/E99.md": NEW})
    edit(place, "criteres/E4.md", ("\n## Pourquoi\n\n", "\n## Pourquoi\n\nVoir [le premier jour](/criteres/E99).\n\n"))
    (line,) = refused(examine(library, place).report)
    assert line.startswith("criteres/E4.md, ligne 30 : rubrique « Pourquoi » : ce lien mène à un texte nouveau")


def test_a_tombstone_does_not_change(
    library: Library, place: Path, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    text = (place / "glossaire/qpv.md").read_text()
    text = text.replace("\n---\n", "\netat: retire\n---\n", 1) + "\n## Raison du retrait\n\nPersonne ne s’en sert.\n"
    (place / "glossaire/qpv.md").write_text(text)
    proposal = bring(library, examine(library, place, sheet=SHEET), by=bruno.person, at=ago(45))
    actions.admit(proposal, by=chloe.person, at=ago(44))
    decided(library, proposal, chloe.person, denis.person, days=1)
    assert refused(examine(library, place).report) == []
    edit(place, "glossaire/qpv.md", ("Personne ne s’en sert.", "Personne."))
    line = text[: text.index("## Raison")].count("\n") + 1
    assert refused(examine(library, place).report) == [
        f"glossaire/qpv.md, ligne {line} : ce texte est retiré : il ne change plus."
    ]


def test_moving_withdrawing_and_bringing_back_are_told_from_changing(
    library: Library, place: Path, bruno: Someone
) -> None:
    edit(place, "criteres/D3.md", ("chapitre: D", "chapitre: E"), ("rang: 30", "rang: 99"))
    looked_at = examine(library, place, sheet=SHEET)
    assert refused(looked_at.report) == []
    assert (looked_at.kind, looked_at.path) == (ProposalKind.MOVE, "criteres/D3.md")
    bring(library, looked_at, by=bruno.person, at=NOW)


def test_a_tombstone_is_proposed_as_one(library: Library, place: Path, bruno: Someone) -> None:
    path = "glossaire/qpv.md"
    assert path in library.files(library.head())
    text = (place / path).read_text()
    (place / path).write_text(
        text.replace("\n---\n", "\netat: retire\n---\n", 1) + "\n## Raison du retrait\n\nPlus personne ne s’en sert.\n"
    )
    looked_at = examine(library, place, sheet=SHEET)
    assert refused(looked_at.report) == []
    assert looked_at.kind is ProposalKind.WITHDRAW
    proposal = bring(library, looked_at, by=bruno.person, at=NOW)
    (file,) = proposal.revision.files
    assert not touched(Document.read(file.text), Document.read((place / path).read_text()))


def test_what_was_taken_from_an_edition_is_compared_with_it(
    library: Library, place: Path, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    edit(place, "criteres/A1.md", ("niveau: standard", "niveau: imperatif"))
    adopted(library, bruno.person, chloe.person, denis.person)
    behind = examine(library, place)
    assert {line.path for line in behind.report.lines if line.verdict is Verdict.CHANGED} == {
        "criteres/A1.md",
        "criteres/E4.md",
    }, "compared with the draft, an old text would undo a decision: the report shows it"
    looked_at = examine(library, place, sheet=SHEET, base="2026.0")
    assert {line.path for line in looked_at.report.lines if line.verdict is Verdict.CHANGED} == {"criteres/A1.md"}
    assert bring(library, looked_at, by=bruno.person, at=NOW).revision.base_commit == library.edition("2026.0").commit


def test_what_an_import_does_not_hold_stays(library: Library, place: Path) -> None:
    (place / "criteres" / "E4.md").unlink()
    (place / "criteres" / "E5.md").unlink()
    report = examine(library, place).report
    assert (ours(report), refused(report), report.absent) == ([], [], 2)


# --- what is refused, with its line


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("niveau: imperatif", "niveau: parfait", 6, "parfait"),
        ("niveau: imperatif", "niveau imperatif", 6, "clé: valeur"),
        ("code: E4", "code: E5", 2, "le nom du fichier diffèrent"),
        ("## Facile à lire", "## Énoncé", 20, "déjà à la ligne 16"),
        ("sans période sans solution", "sans\u202epériode", 18, "U+202E"),
        ("sans période sans solution", "sans\x07période", 18, "U+0007"),
        ("sans période sans solution", "sans pe\u0301riode", 18, "NFC"),
        ("sans période sans solution", "sans\r\npériode", 18, "fins de ligne Windows"),
        ("sans période sans solution", "long " * 4_001, 16, "20000"),
        ("sans période sans solution", "[" * 301, 16, "crochets"),
        ("titre: Passer", "titre: " + "très " * 61 + "Passer", 3, "300"),
        ("voir_aussi: [D3, E2, E5, F4]", "voir_aussi: [D3, E2, E5, F4]\nnote: à nous", 13, "« note »"),
        ("voir_aussi: [D3, E2, E5, F4]", "voir_aussi: [D3, E2, E5, F4]\n# à relire", 13, "notes de l’en-tête"),
        ("## Pourquoi", "## Notre rubrique\n\nÀ nous.\n\n## Pourquoi", 30, "Notre rubrique"),
        ("chapitre: E", "chapitre: D", 4, "en vigueur"),
    ],
)
def test_a_fault_is_told_with_its_file_and_its_line(
    old: str, new: str, line: int, words: str, library: Library, place: Path, bruno: Someone
) -> None:
    text = (place / "criteres" / "E4.md").read_text(encoding="utf-8")
    (place / "criteres" / "E4.md").write_bytes(text.replace(old, new, 1).encode())
    looked_at = examine(library, place, sheet=SHEET)
    if words == "en vigueur":
        assert looked_at.kind is ProposalKind.MOVE
        return
    faults = [one for one in looked_at.report.sorted() if one.verdict is Verdict.REFUSED]
    assert [(one.path, one.number) for one in faults] == [("criteres/E4.md", line)]
    assert words in faults[0].words
    with pytest.raises(Refused, match="refusé"):
        bring(library, looked_at, by=bruno.person, at=NOW)
    assert proposals_made() == 0


def test_one_fault_keeps_all_the_rest_from_being_written(
    settings: Settings, library: Library, place: Path, bruno: Someone
) -> None:
    edit(place, "criteres/A1.md", ("niveau: standard", "niveau: imperatif"))
    (place / "criteres" / "E4.md").write_bytes(b"---\ncode: E4\n---\n\n## \xc9nonc\xe9\n")
    told = run(
        settings, str(place), "--by", "bruno@tests.invalid", "--title", "T", "--reason", "R", "--licence-ouverte"
    )
    assert told.exit_code == 1
    assert "refusé    criteres/E4.md, ligne 5 : le texte n’est pas en UTF-8" in told.output
    assert "changé    criteres/A1.md, ligne 6" in told.output
    assert proposals_made() == 0


def test_place_and_words_changed_at_once_are_asked_in_two_times(library: Library, place: Path) -> None:
    edit(place, "criteres/E4.md", ("chapitre: E", "chapitre: D"), ("titre: Passer", "titre: Aller"))
    assert refused(examine(library, place).report) == [
        "criteres/E4.md, ligne 4 : ce texte change de place et de mots : apportez d’abord sa place, puis ses mots, "
        "en deux fois."
    ]


def test_decisions_errata_and_the_order_of_the_chapters_are_never_imported(library: Library, place: Path) -> None:
    write(place, {"decisions/1.md": "---\nnumero: 1\n---\n", "annexes/dep-38/criteres/A9.md": NEW.replace("E99", "A9")})
    edit(place, "referentiel.md", ("chapitres: [A, B", "chapitres: [B, A"))
    told = " ".join(refused(examine(library, place).report))
    assert "decisions/1.md : une décision se signe ici" in told
    assert "annexes/dep-38/criteres/A9.md : les traductions et les annexes" in told
    assert "referentiel.md : l’ordre des chapitres suit leurs places" in told


def test_another_presentation_of_the_whole_is_imported_like_any_text(library: Library, place: Path) -> None:
    edit(place, "referentiel.md", ("aucun collège ne l’a encore adopté", "deux collèges l’ont adopté"))
    found = examine(library, place, sheet=SHEET)
    assert refused(found.report) == []
    assert (found.path, list(found.sheet.sections)) == ("referentiel.md", ["Présentation"])


def test_the_presentation_of_the_whole_is_not_imported_withdrawn(library: Library, place: Path) -> None:
    edit(place, "referentiel.md", ("statut: ", "etat: retire\nstatut: "))
    told = refused(examine(library, place, sheet=SHEET).report)
    assert told == ["referentiel.md, ligne 5 : ce texte se change, il ne se retire pas : ôtez cette ligne."]


@pytest.mark.parametrize("path", ["referentiel.md", "outils/gps.md"])
def test_what_has_no_place_is_not_imported_with_a_chapter(library: Library, place: Path, path: str) -> None:
    edit(place, path, ("---\n\n", "chapitre: D\n---\n\n"))
    (told,) = refused(examine(library, place, sheet=SHEET).report)
    assert "« Chapitre » : aucun formulaire ne peut proposer ce changement-là" in told


def test_more_texts_than_a_proposal_holds_come_in_several_times(library: Library, place: Path, bruno: Someone) -> None:
    for letter in "ABC":
        for file in (place / "criteres").glob(f"{letter}*.md"):
            edit(place, f"criteres/{file.name}", ("\n## Facile à lire\n\n", "\n## Facile à lire\n\nVoici.\n"))
    assert "--only" in refused(examine(library, place, sheet=SHEET).report)[0]
    some = examine(library, place, sheet=SHEET, only=("criteres/A1.md", "criteres/A2.md"))
    assert refused(some.report) == []
    assert len(bring(library, some, by=bruno.person, at=NOW).revision.files) == 2


# --- the command


def test_the_report_alone_writes_nothing_and_needs_nobody(settings: Settings, library: Library, place: Path) -> None:
    edit(place, "criteres/A1.md", ("niveau: standard", "niveau: imperatif"))
    told = run(settings, str(place), "--dry-run")
    assert told.exit_code == 0
    assert "Comparé à l’édition 2026.0." in told.output
    assert "changé    criteres/A1.md, ligne 6 : « Niveau »" in told.output
    assert "identique criteres/A2.md" in told.output
    assert "changés : 1, nouveaux : 0" in told.output
    assert proposals_made() == 0


def test_what_only_a_person_can_say_is_asked(settings: Settings, place: Path) -> None:
    told = run(settings, str(place), "--by", "bruno@tests.invalid")
    assert "--title, --reason, --licence-ouverte" in str(told.exception)
    given = ("--title", "T", "--reason", "R", "--licence-ouverte")
    assert "Personne" in str(run(settings, str(place), "--by", "nul@tests.invalid", *given).exception)


def test_the_command_answers_the_address_of_the_proposal(settings: Settings, place: Path, bruno: Someone) -> None:
    edit(place, "criteres/A1.md", ("niveau: standard", "niveau: imperatif"))
    given = ("--title", "Un titre", "--reason", "Une raison.", "--licence-ouverte")
    told = run(settings, str(place), "--by", "bruno@tests.invalid", *given)
    assert told.exit_code == 0, told.output
    assert told.output.splitlines()[-1] == "http://127.0.0.1:8000/propositions/1"
    assert session.scalars(select(Proposal.author_id)).one() == bruno.person_id
    assert "Rien n’a changé" in run(settings, str(place), "--dry-run", "--only", "criteres/A2.md").output
    assert zipfile.is_zipfile(place) is False
