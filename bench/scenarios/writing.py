"""Proposing and adopting: what a person waits for, and the same commit by Git's own plumbing."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from bench.child import Child
from bench.figures import Goal, Ratio, Section, Wrong, middle, ms
from bench.forms import Fields, fields_of
from bench.people import person
from bench.plumbing import Twin
from bench.served import cookies_of
from bench.sizes import Size
from bench.state import State
from bench.texts import STATEMENT, mark
from referentiel.criteria.document import Document
from referentiel.library.library import Library
from referentiel.proposals.actions import Verdict, admit, propose_decision, submit
from referentiel.proposals.states import Outcome
from referentiel.proposals.wording import Sheet, section_field

PROPOSE, ADOPT, MOST = 12.0, 20.0, 1.5
SESSION = "session"


@dataclass(frozen=True, slots=True)
class Signable:
    """A decision that waits for its second signature."""

    proposal: int
    code: str
    words: str


def measure(state: State, size: Size, folder: Path) -> Section:
    """Proposals sent and decisions signed through the pages, then each commit again by six commands of Git."""
    codes = state.busy[: 2 * size.written]
    twin = Twin(state.settings.library_path, _copy(state, folder), folder / "index")
    proposing, adopting, plumbing = [], [], []
    with Child(state.settings) as child:
        waiting: list[Signable] = child.call(ready_to_sign, state, codes[size.written :])
        for place, (code, signable) in enumerate(zip(codes[: size.written], waiting, strict=True)):
            proposing.append(_propose(child, state, code, place))
            adopting.append(sign(child, state, signable, place))
            recipe = twin.recipe(child.call(head))
            plumbing.append(twin.replay(recipe))
    whole, bare = middle(adopting), middle(plumbing)
    table: list[Sequence[str]] = [
        ("", "first, ms", "warm, ms"),
        ("propose: the form sent, to the redirect", ms(proposing[0] * 1000), ms(middle(proposing[1:]))),
        ("adopt: the second signature sent, to the redirect", ms(adopting[0] * 1000), ms(middle(adopting[1:]))),
        ("the same commit by plumbing", ms(plumbing[0] * 1000), ms(middle(plumbing[1:]))),
    ]
    return Section(
        "Proposing and adopting",
        f"{size.written} of each, in turn, on another criterion each time, at {state.revisions} revisions. An adoption "
        "is everything between the form and the redirect: two SQL transactions and one commit, all on disk. The "
        "plumbing (`hash-object`, `read-tree`, `update-index`, `write-tree`, `commit-tree`, `update-ref`, with "
        "`core.fsync=all`) makes the same commit, to the hash, in a copy of the library.",
        table,
        ratios=[Ratio("adopt over the same commit by plumbing", whole / bare, MOST)],
        goals=[
            Goal("propose", middle(proposing[1:]), PROPOSE),
            Goal("adopt, durable", middle(adopting[1:]), ADOPT),
        ],
    )


def head(library: Library) -> str:
    """The commit of the draft."""
    return library.head()


def ready_to_sign(library: Library, state: State, codes: Sequence[str]) -> list[Signable]:
    """On each of these criteria, a corrected word that one person of two has signed."""
    made = []
    now = datetime.now(UTC)
    for place, code in enumerate(codes):
        path = f"criteres/{code}.md"
        before = Document.read(library.read(path).text).section(STATEMENT) or ""
        after = before.replace(f"Voici le {mark(code)}", f"Voilà le {mark(code)}")
        sheet = Sheet(
            title=f"Corriger {code}",
            reason="Une faute de frappe.",
            change_class="typo",
            sections={STATEMENT: after},
            licence=True,
        )
        author = person(state.authors[place % len(state.authors)])
        proposal = submit(library, sheet, path=path, by=author, at=now)
        admit(proposal, by=person(state.editor), at=now)
        verdict = Verdict(Outcome.ADOPTED, "C’est une faute.", "On corrige.", {})
        propose_decision(library, proposal, verdict, form_id=str(uuid4()), by=person(state.editor), at=now)
        made.append(Signable(proposal.id, code, f"Voilà le {mark(code)}"))
    return made


def decided(library: Library, signable: Signable) -> bool:
    """Whether the draft holds the words of a decision."""
    return signable.words in library.read(f"criteres/{signable.code}.md").text


def _propose(child: Child, state: State, code: str, place: int) -> float:
    cookies = {SESSION: state.cookies[str(state.authors[place % len(state.authors)])]}
    page = child.ask(f"/propositions/nouvelle?critere={code}", cookies=cookies)
    fields = fields_of(page.text, holding="form_id")
    statement = section_field(STATEMENT)
    words = f"Cette proposition {code} dit plus."
    fields |= {
        statement: [f"{fields[statement][0]} {words}"],
        "title": [f"Dire plus en {code}"],
        "reason": ["Pour que chacun comprenne."],
        "change_class": ["clarity"],
        "licence": ["y"],
    }
    answer = child.ask("/propositions/nouvelle", cookies=cookies | cookies_of(page.headers), form=fields)
    shown = answer.header("location")
    if answer.status != 303 or words not in child.ask(f"{shown}/differences", cookies=cookies).text:
        raise Wrong(f"the proposal on {code} was answered by {answer.status}")
    return answer.seconds


def sign(child: Child, state: State, signable: Signable, place: int) -> float:
    """Give the second signature through its page; the seconds of the form. Raises :class:`Wrong` if nothing landed."""
    cookies = {SESSION: state.cookies[str(state.signers[place % len(state.signers)])]}
    address = f"/propositions/{signable.proposal}/signature"
    page = child.ask(address, cookies=cookies)
    fields: Fields = fields_of(page.text, holding="digest")
    answer = child.ask(address, cookies=cookies | cookies_of(page.headers), form=fields)
    if answer.status != 303 or not child.call(decided, signable):
        raise Wrong(f"the signature on proposal {signable.proposal} was answered by {answer.status}")
    return answer.seconds


def _copy(state: State, folder: Path) -> Path:
    twin = folder / "twin.git"
    folder.mkdir()
    shutil.copytree(state.settings.library_path, twin)
    return twin
