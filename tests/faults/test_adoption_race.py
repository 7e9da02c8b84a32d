"""Eight processes sign at the same instant: new codes differ, one of two rivals wins, one act is one act."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from uuid import uuid4

from referentiel.config import Settings
from referentiel.database import session
from referentiel.library.library import Library
from referentiel.library.verification import verify
from referentiel.proposals import queries, verification
from referentiel.proposals.models import Decision, Proposal
from referentiel.proposals.states import ProposalKind, State
from tests.cast import Someone, environment
from tests.patience import PATIENCE
from tests.proposal_lives import in_decision, in_discussion, statement

HANDS = 8
SIGN = """
import os, sys
from datetime import UTC, datetime
from referentiel.app import create_app
from referentiel.config import Settings
from referentiel.database import session
from referentiel.errors import Refused, TextMoved
from referentiel.people.models import Person
from referentiel.proposals.actions import sign
from referentiel.proposals.models import Decision
from referentiel.web.stores import library

app = create_app(Settings.from_environment(os.environ))
number, who, form = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
with app.app_context():
    decision = session.get(Decision, number)
    digest = decision.digest
    session.rollback()
    print("ready", flush=True)
    sys.stdin.readline()
    try:
        sign(library(), decision, digest=digest, form_id=form, by=session.get(Person, who), at=datetime.now(UTC))
    except TextMoved:
        print("moved")
    except Refused as refusal:
        print("refused:", refusal.message)
    else:
        print("signed")
"""


def race(settings: Settings, decisions: Sequence[int], who: int | None) -> Counter[str]:
    """One process a decision, all at once; how many were told what."""
    session.remove()
    hands = [
        subprocess.Popen(
            [sys.executable, "-c", SIGN, str(decision), str(who), str(uuid4())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **environment(settings)},
        )
        for decision in decisions
    ]
    for hand in hands:
        assert hand.stdout is not None
        assert hand.stdout.readline() == "ready\n"
    for hand in hands:
        assert hand.stdin is not None
        hand.stdin.write("go\n")
        hand.stdin.flush()
    return Counter(hand.communicate(timeout=PATIENCE)[0].strip().partition(":")[0] for hand in hands)


def sound(library: Library) -> bool:
    session.expire_all()
    return [str(finding) for finding in verify(library, also={"propositions": verification.check})] == []


def test_eight_new_criteria_of_one_chapter_adopted_at_once_get_eight_codes(
    settings: Settings, library: Library, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    before = {path for path in library.files(library.head()) if path.startswith("criteres/E")}
    proposals = [
        in_discussion(
            library,
            bruno.person,
            chloe.person,
            title=f"Garder le contact, manière {turn}",
            kind=ProposalKind.CREATE,
            sections={"Énoncé": f"La structure garde le contact, manière {turn}.", "Facile à lire": "On se parle."},
            keys={
                "titre": f"Garder le contact {turn}",
                "chapitre": "E",
                "niveau": "standard",
                "etape": "suivi",
                "structures": ("ACI",),
            },
        ).id
        for turn in range(HANDS)
    ]
    decisions = [in_decision(library, queries.proposal(number), chloe.person).id for number in proposals]
    assert race(settings, decisions, denis.person_id) == {"signed": HANDS}
    assert sound(library)
    codes = [queries.proposal(number).code for number in proposals]
    last = max(int(path.removeprefix("criteres/E").removesuffix(".md")) for path in before)
    assert sorted(codes) == sorted(f"E{last + turn}" for turn in range(1, HANDS + 1))
    assert len({session.get(Decision, number).number for number in decisions}) == HANDS  # type: ignore[union-attr]


def test_eight_rivals_on_one_section_signed_at_once_one_is_adopted_and_seven_keep_their_text(
    settings: Settings, library: Library, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    words = [f"Tout passage est préparé ensemble, manière {turn}." for turn in range(HANDS)]
    proposals = [
        in_discussion(library, bruno.person, chloe.person, title=text, sections={"Énoncé": text}).id for text in words
    ]
    decisions = [in_decision(library, queries.proposal(number), chloe.person).id for number in proposals]
    assert race(settings, decisions, denis.person_id) == {"signed": 1, "moved": HANDS - 1}
    assert sound(library)
    found: list[Proposal] = [queries.proposal(number) for number in proposals]
    (winner,) = [one for one in found if one.state is State.ADOPTED]
    assert statement(library) == winner.title
    for one, text in zip(found, words, strict=True):
        assert text in one.revision.files[0].text
        if one is not winner:
            assert one.state is State.IN_DISCUSSION
            assert queries.under_way(one) is None


def test_one_decision_signed_by_eight_clicks_is_one_act(
    settings: Settings, library: Library, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    proposal = in_discussion(library, bruno.person, chloe.person)
    decision, number = in_decision(library, proposal, chloe.person), proposal.id
    commits = sum(1 for _ in library.snapshots.chain(library.head()))
    told = race(settings, [decision.id] * HANDS, denis.person_id)
    assert told["signed"] == HANDS, told
    assert sound(library)
    assert sum(1 for _ in library.snapshots.chain(library.head())) == commits + 1
    assert queries.proposal(number).state is State.ADOPTED
