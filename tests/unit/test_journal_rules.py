"""Messages, authors, changes and the chain: the pure rules of the journal."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referentiel.errors import Invalid
from referentiel.journal.authors import COLLEGES, Author, co_author, college_of
from referentiel.journal.chain import ORIGIN, PURGED, as_named, first_fault, is_public, line_hash, runs
from referentiel.journal.changes import FileChange, unclean
from referentiel.journal.messages import compose, trailers, with_operation

FIRST = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
UUID = "0b0f7b0e-8a70-4f0c-9d5e-2a5f3f0a1111"
TEXT = "---\ncode: A1\n---\n\n## Énoncé\n\nTexte.\n"


@given(
    st.text("aé:\n ", min_size=1).filter(str.strip),
    st.text("Proposal: 1\n"),
    st.lists(st.sampled_from(["Proposal", "Decision", "Class"]), max_size=3),
)
def test_nothing_that_a_person_types_becomes_a_trailer(subject: str, body: str, keys: list[str]) -> None:
    message = with_operation(compose(subject, body, [(key, 42) for key in keys]), UUID)
    assert trailers(message) == {**{key: ["42"] * keys.count(key) for key in keys}, "Operation": [UUID]}


@pytest.mark.parametrize(
    "typed", ["Operation: un faux", "Proposal: 1", "Proposal: 1\nOperation: un faux", "Operation: x\n\nOperation: y"]
)
def test_a_forged_trailer_stays_prose(typed: str) -> None:
    message = with_operation(compose("Sujet", typed, [("Proposal", 42)]), UUID)
    assert trailers(message) == {"Proposal": ["42"], "Operation": [UUID]}
    assert trailers(with_operation(compose("Sujet", typed), UUID))["Operation"] == [UUID]


def test_a_commit_is_signed_by_a_college_and_a_number() -> None:
    author = Author.of("employees", "proposal-42")
    assert (author.name, author.email) == ("Collège des salariés en insertion", "proposal-42@referentiel.invalid")
    assert co_author("siae", "contribution-118") == "Collège des SIAE <contribution-118@referentiel.invalid>"
    assert [college_of(name) for name in COLLEGES.values()] == list(COLLEGES)
    with pytest.raises(ValueError, match="not an author"):
        Author("Bruno\nParent", "b@c")


def test_a_change_comes_back_from_its_row_as_it_was() -> None:
    change = FileChange("criteres/A1.md", "a" * 40, TEXT, frozenset({"section:Énoncé"}))
    assert FileChange.from_json(change.to_json()) == change
    with pytest.raises(ValueError, match="not the one that was signed"):
        FileChange.from_json({**change.to_json(), "text": TEXT.replace("Texte", "Autre")})


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("../criteres/A1.md", TEXT),
        ("criteres/A1.txt", TEXT),
        ("criteres/nouveau-4.md", TEXT),
        ("criteres/A1.md", TEXT.replace("Texte", "Te\0xte")),
        ("criteres/A1.md", TEXT.replace("É", "E\u0301")),
        ("criteres/A1.md", TEXT.rstrip("\n")),
        ("criteres/A1.md", TEXT.replace("\n", "\r\n")),
    ],
)
def test_what_could_never_be_adopted_is_refused_at_once(path: str, text: str) -> None:
    with pytest.raises(Invalid):
        FileChange(path, None, text).check()


def test_a_new_criterion_names_its_chapter() -> None:
    FileChange("criteres/nouveau-4.md", None, TEXT, new_criterion_chapter="A").check()
    with pytest.raises(Invalid):
        FileChange("criteres/A4.md", None, TEXT, new_criterion_chapter="A").check()


def test_ordinary_french_and_arabic_are_clean() -> None:
    assert unclean("L’œuvre ; « 12 % » — été\nمرحبا بك\n") == ""


@dataclass(frozen=True)
class Line:
    seq: int
    at: datetime
    event: str
    subject: str
    by_id: int | None
    details: dict[str, Any]
    previous: str
    hash: str = ""


def chain(length: int) -> list[Line]:
    lines: list[Line] = []
    for seq in range(1, length + 1):
        line = Line(
            seq, datetime(2026, 1, seq, tzinfo=UTC), "e", "s", seq, {"n": seq}, lines[-1].hash if lines else ORIGIN
        )
        lines.append(replace(line, hash=line_hash(**{k: v for k, v in vars(line).items() if k != "hash"})))
    return lines


def test_the_chain_finds_a_line_changed_removed_or_added() -> None:
    lines = chain(6)
    assert first_fault(lines) is None
    assert first_fault([*lines[:2], replace(lines[2], details={"n": 9}), *lines[3:]]) == 3
    assert first_fault([*lines[:2], *lines[3:]]) == 3
    assert first_fault([*lines[:3], lines[1]]) == 4
    assert first_fault(lines[1:]) == 1


def linked(lines: list[Line], event: str, details: dict[str, Any] | None = None) -> Line:
    """One more line, as the chain wants it."""
    seq = len(lines) + 1
    line = Line(seq, FIRST, event, "s", None, details or {}, lines[-1].hash if lines else ORIGIN)
    return replace(line, hash=line_hash(**{k: v for k, v in vars(line).items() if k != "hash"}))


def chain_of(events: list[str]) -> list[Line]:
    lines: list[Line] = []
    for event in events:
        lines.append(linked(lines, event))
    return lines


@given(st.lists(st.booleans(), min_size=1, max_size=30))
def test_a_chain_holds_whatever_stretches_were_purged(public: list[bool]) -> None:
    lines = chain_of(["proposal.sign" if one else "person.joined" for one in public])
    gone = list(runs((line.seq, line.previous, line.hash) for line in lines if not is_public(line.event)))
    kept = [line for line in lines if is_public(line.event)]
    told = linked(lines, PURGED, {"stretches": [list(as_named(run)) for run in gone]})
    assert first_fault([*kept, told], gone) is None
    if not gone:
        return
    first = gone[0].first_seq
    assert first_fault([*kept, told]) == first
    assert first_fault([*kept, linked(lines, PURGED, {"stretches": []})], gone) == first
    assert first_fault([*kept, told], [replace(gone[0], previous="1" * 64), *gone[1:]]) == first
    assert first_fault([*kept, told], [replace(gone[0], last_hash="1" * 64), *gone[1:]]) is not None


def test_a_stretch_ends_where_an_edition_was_sealed() -> None:
    chained = chain_of(["person.joined"] * 5)
    lines = [(line.seq, line.previous, line.hash) for line in chained]
    found = list(runs(lines, ends={chained[2].hash}))
    assert [(run.first_seq, run.last_seq, run.last_hash) for run in found] == [
        (1, 3, chained[2].hash),
        (4, 5, chained[4].hash),
    ]
