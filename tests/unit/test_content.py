"""The first text: every file of ``content/`` stands where it may, reads, and holds what the product promises of it."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from referentiel.criteria.document import Document
from referentiel.criteria.items import check
from referentiel.criteria.paths import is_allowed
from referentiel.criteria.vocabulary import (
    SECTIONS,
    Certainty,
    EvidenceHolder,
    Level,
    State,
    Step,
    StructureType,
)

CONTENT = Path(__file__).parents[2] / "content"
PATHS = sorted(path.relative_to(CONTENT).as_posix() for path in CONTENT.rglob("*.md"))
TEXTS = {path: (CONTENT / path).read_bytes().decode() for path in PATHS}
DOCUMENTS = {path: Document.read(text, path) for path, text in TEXTS.items()}

CRITERION_KEYS = (
    "code",
    "titre",
    "chapitre",
    "rang",
    "niveau",
    "etape",
    "structures",
    "outils",
    "competences",
    "preuve_detenue_par",
    "voir_aussi",
    "etat",
)
HANDOVER = "Passage de relais"
HANDED_OVER = ("D", "E", "G")
NO_BREAK = "\u00a0"

_STEP_NAMES = ("Pas encore", "Un peu", "Souvent", "Toujours")
_HANDOVER_NAMES = ("Quoi", "De qui", "À qui", "Délai", "Accord")
_ITEM = re.compile(rf"- \*\*(?P<name>[^*]+)\*\*{NO_BREAK}: \S.*")
_WORD = re.compile(r"[\w-]+")
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")


def folder(name: str) -> dict[str, Document]:
    """The documents of one folder, by the name of their file without its suffix."""
    return {Path(path).stem: document for path, document in DOCUMENTS.items() if path.startswith(f"{name}/")}


CRITERIA = folder("criteres")
CHAPTERS = folder("chapitres")
each_file = pytest.mark.parametrize("path", PATHS)
each_criterion = pytest.mark.parametrize("code", CRITERIA)


def sentences(document: Document) -> Iterator[str]:
    """Every sentence and list item of a document, without list markers, the name of its step, case or punctuation."""
    for section in document.sections:
        for line in section.body.split("\n"):
            bare = re.sub(rf"^- (\*\*[^*]+\*\*{NO_BREAK}: )?", "", line)
            for sentence in _SENTENCE_END.split(bare):
                folded = " ".join(_WORD.findall(sentence)).casefold()
                if folded:
                    yield folded


def named_items(body: str | None) -> tuple[str, ...]:
    """``- **Souvent** : …`` lines → their names; a line of another form is named by itself, so that a test shows it."""
    lines = (body or "").split("\n")
    return tuple(match["name"] if (match := _ITEM.fullmatch(line)) else line for line in lines)


def test_the_starter_text_is_whole() -> None:
    assert len(CHAPTERS) == 7
    assert len(CRITERIA) == 40
    assert len(folder("glossaire")) == 84
    assert set(folder("pages")) >= {"preambule", "methode", "feuille-de-route", "guide-du-prescripteur"}
    assert len(folder("outils")) == 9
    assert len(folder("competences")) == 16


def test_beside_the_text_there_is_only_its_licence() -> None:
    others = [path.name for path in CONTENT.rglob("*") if path.is_file() and path.suffix != ".md"]
    assert others == ["LICENCE"]
    assert "etalab-2.0" in (CONTENT / "LICENCE").read_text("utf-8")
    assert DOCUMENTS["referentiel.md"].value("licence") == "etalab-2.0"


@each_file
def test_every_file_stands_where_the_library_allows_it(path: str) -> None:
    assert is_allowed(path)


@each_file
def test_every_file_passes_the_check_made_before_anything_enters_the_library(path: str) -> None:
    assert check(path, TEXTS[path]).keys == DOCUMENTS[path].keys


@each_file
def test_every_file_read_then_written_is_the_same_to_the_byte(path: str) -> None:
    assert DOCUMENTS[path].text == TEXTS[path]


@each_file
def test_every_file_is_plain_text_that_ends_with_one_newline(path: str) -> None:
    text = TEXTS[path]
    assert unicodedata.is_normalized("NFC", text)
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert not [c for c in text if c != "\n" and unicodedata.category(c) in {"Cc", "Cf", "Cs", "Cn", "Co"}]
    assert not [line for line in text.split("\n") if line != line.strip()]


@each_file
def test_every_sentence_uses_one_typography(path: str) -> None:
    """Titles of sections are names, and keep the apostrophe they have in the code."""
    text = "\n".join(line for line in TEXTS[path].split("\n") if not line.startswith("## "))
    assert "'" not in text
    assert not re.findall(r".{0,20} [:;?!»]", text)
    assert not re.findall(r"« .{0,20}", text)


@each_file
def test_every_section_says_something(path: str) -> None:
    assert DOCUMENTS[path].sections
    assert all(section.title and section.body for section in DOCUMENTS[path].sections)


def test_the_referential_lists_each_chapter_once_in_its_order() -> None:
    order = DOCUMENTS["referentiel.md"].values("chapitres")
    assert sorted(order) == sorted(CHAPTERS)
    ranks = [int(CHAPTERS[code].value("rang") or 0) for code in order]
    assert ranks == sorted(set(ranks))


@pytest.mark.parametrize("code", CHAPTERS)
def test_every_chapter_has_its_two_titles_and_an_introduction(code: str) -> None:
    chapter = CHAPTERS[code]
    assert chapter.value("code") == code
    assert chapter.value("titre")
    assert chapter.value("titre_facile")
    assert chapter.section("Présentation")


@each_criterion
def test_every_criterion_has_the_keys_of_the_format_in_their_order(code: str) -> None:
    criterion = CRITERIA[code]
    assert criterion.keys == CRITERION_KEYS
    assert criterion.value("code") == code
    assert criterion.value("chapitre") in CHAPTERS


@each_criterion
def test_every_criterion_has_its_sections_in_their_order(code: str) -> None:
    """All that a reader needs to act is there; only the handover may be missing."""
    titles = [section.title for section in CRITERIA[code].sections]
    expected = [kind.title for kind in SECTIONS]
    if HANDOVER not in titles:
        expected.remove(HANDOVER)
    assert titles == expected


@each_criterion
def test_every_criterion_keeps_to_the_closed_lists(code: str) -> None:
    criterion = CRITERIA[code]
    assert criterion.value("niveau") in set(Level)
    assert criterion.value("etape") in set(Step)
    assert criterion.value("etat") in set(State)
    for key, allowed in (("structures", set(StructureType)), ("preuve_detenue_par", set(EvidenceHolder))):
        values = criterion.values(key)
        assert values
        assert len(set(values)) == len(values)
        assert set(values) <= allowed


def test_criteria_of_a_chapter_do_not_share_a_rank() -> None:
    ranks = [(criterion.value("chapitre"), criterion.value("rang")) for criterion in CRITERIA.values()]
    assert len(set(ranks)) == len(ranks)


@each_criterion
def test_every_link_of_a_criterion_leads_somewhere(code: str) -> None:
    criterion = CRITERIA[code]
    assert set(criterion.values("voir_aussi")) <= set(CRITERIA) - {code}
    assert set(criterion.values("outils")) <= set(folder("outils"))
    assert set(criterion.values("competences")) <= set(folder("competences"))


@pytest.mark.parametrize("kind", ["outils", "competences"])
def test_every_tool_and_every_skill_is_cited_by_a_criterion(kind: str) -> None:
    cited = {slug for criterion in CRITERIA.values() for slug in criterion.values(kind)}
    assert cited == set(folder(kind))


@each_criterion
def test_every_expected_level_is_described_in_four_steps(code: str) -> None:
    assert named_items(CRITERIA[code].section("Niveau attendu")) == _STEP_NAMES


@each_criterion
def test_every_handover_says_what_by_whom_to_whom_when_and_with_which_agreement(code: str) -> None:
    handover = CRITERIA[code].section(HANDOVER)
    if handover is None:
        assert CRITERIA[code].value("chapitre") not in HANDED_OVER
    else:
        assert named_items(handover) == _HANDOVER_NAMES
        delay = handover.split("\n")[_HANDOVER_NAMES.index("Délai")]
        assert "à débattre" in delay


@each_criterion
def test_chapters_d_e_and_g_cite_skills(code: str) -> None:
    if CRITERIA[code].value("chapitre") in HANDED_OVER:
        assert CRITERIA[code].values("competences")


@each_criterion
def test_every_list_is_a_list_of_capitalised_items(code: str) -> None:
    for title in ("Exemples de preuves", "Comment vérifier", "Indicateurs", "Points d'attention"):
        lines = (CRITERIA[code].section(title) or "").split("\n")
        assert all(re.match(r"- [^\Wa-zà-ÿœ]|- «", line) for line in lines), lines


@each_criterion
def test_every_question_is_one_question(code: str) -> None:
    question = CRITERIA[code].section("Question au salarié") or ""
    assert question.endswith(f"{NO_BREAK}?")
    assert question.count("?") == 1
    assert "\n" not in question


def test_no_sentence_stands_in_two_criteria() -> None:
    where = defaultdict(set)
    for code, criterion in CRITERIA.items():
        for sentence in sentences(criterion):
            where[sentence].add(code)
    assert {sentence: codes for sentence, codes in where.items() if len(codes) > 1} == {}


def test_no_title_stands_twice() -> None:
    titles = [document.value("titre") for document in (*CRITERIA.values(), *CHAPTERS.values())]
    assert len(set(titles)) == len(titles)


@each_file
def test_plain_text_has_one_short_sentence_a_line(path: str) -> None:
    """At most twelve words, one idea a line; a blank line may part two groups."""
    plain = DOCUMENTS[path].section("Facile à lire")
    for line in filter(None, (plain or "").split("\n")):
        assert len(_WORD.findall(line)) <= 12, line
        assert re.search(r"[.?!]$", line), line
        assert len(_SENTENCE_END.split(line)) == 1, line


@pytest.mark.parametrize("kind", ["glossaire", "outils", "competences"])
def test_what_is_not_sure_says_so(kind: str) -> None:
    certainties = {document.value("certitude") for document in folder(kind).values()}
    assert certainties <= set(Certainty)
    assert Certainty.TO_CHECK in certainties


def test_every_term_has_a_definition_and_its_former_names() -> None:
    terms = folder("glossaire")
    assert all(term.value("terme") and term.section("Définition") for term in terms.values())
    assert all("anciens_noms" in term.keys for term in terms.values())
    former = {name for term in terms.values() for name in term.values("anciens_noms")}
    assert {"DIRECCTE", "Pôle emploi"} <= former
    assert any(name.startswith("CDIAE") for name in former)


def test_every_tool_says_what_it_is_for_and_who_opens_it() -> None:
    for tool in folder("outils").values():
        assert tool.value("nom")
        assert tool.value("ouvert_par")
        assert tool.section("À quoi il sert")
        assert tool.section("Qui l'ouvre")


def test_every_skill_is_named_and_described() -> None:
    for skill in folder("competences").values():
        assert skill.value("nom")
        assert skill.section("Description")
        assert skill.section("Facile à lire")


def test_pages_have_a_title_and_a_place() -> None:
    ranks = [int(page.value("rang") or 0) for page in folder("pages").values()]
    assert all(page.value("titre") for page in folder("pages").values())
    assert len(set(ranks)) == len(ranks)


def test_every_plain_text_is_announced_as_a_draft() -> None:
    for page in folder("pages").values():
        assert "est un brouillon" in (page.section("Facile à lire") or "")
    assert DOCUMENTS["referentiel.md"].value("statut") == "texte de départ, proposé à la discussion"
