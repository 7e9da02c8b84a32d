"""Pages of discussion cost the same number of SQL statements whatever there is to show."""

from collections.abc import Mapping

from referentiel.comments import actions as comments
from referentiel.comments.anchors import Anchor, Target, quote
from referentiel.comments.suggesting import suggest
from referentiel.comments.wishing import wish
from referentiel.criteria.document import Document
from referentiel.database import session
from referentiel.library.library import Library
from referentiel.proposals import actions
from referentiel.proposals.models import Proposal
from referentiel.proposals.states import Outcome, Stance
from tests.cast import Someone
from tests.functional.test_reading import statements
from tests.proposal_lives import ago, decided, in_decision, in_discussion

PUBLIC = (
    "/propositions/",
    "/propositions/1",
    "/propositions/1/differences",
    "/propositions/1/colleges.json",
    "/propositions/1/rivales?avec=4",
    "/decisions/",
    "/souhaits/",
    "/criteres/E4",
    "/criteres/E4/historique",
    "/criteres/E4/pourquoi",
    "/flux/propositions.atom",
    "/flux/criteres/E4.atom",
    "/flux/chapitres/E.atom",
)
OWN = {
    "amina": ("/mes-contributions", "/bureau", "/propositions/1"),
    "bruno": ("/mes-contributions", "/bureau", "/propositions/1"),
    "chloe": ("/bureau", "/propositions/", "/propositions/1", "/moderation/", "/propositions/1/contributions"),
    "denis": ("/bureau", "/propositions/1", "/propositions/1/decision", "/moderation/", "/souhaits/"),
}


def discussed(library: Library, cast: Mapping[str, Someone], name: str) -> Proposal:
    """Proposed, commented, with an opinion, other words suggested and taken up, and a wish that stays one."""
    amina, bruno, chloe, denis = (cast[one].person for one in ("amina", "bruno", "chloe", "denis"))
    sections = {"Énoncé": f"Tout passage {name} est préparé un mois avant, avec la personne."}
    proposal = in_discussion(library, bruno, chloe, title=f"Prévenir, {name}", sections=sections)
    (file,) = proposal.revision.files
    whole = Anchor(Target.PROPOSAL, str(proposal.id))
    passage = quote(
        Anchor(Target.PROPOSAL, str(proposal.id), "Énoncé", file.blob, path=file.path),
        Document.read(file.text).section("Énoncé") or "",
        "un mois",
    )
    suggested = suggest(passage, "C’est court.", "deux mois", by=amina, at=ago(30), form=f"s{name}")
    rows = [
        suggested,
        comments.comment(whole, f"Bonne idée, {name}.", by=amina, at=ago(30), form=f"a{name}"),
        comments.comment(passage, f"Un mois suffit, {name}.", by=denis, at=ago(30), form=f"d{name}"),
        wish(Anchor(Target.CRITERION, "E4"), f"Je voudrais savoir, {name}.", by=amina, at=ago(30), form=f"w{name}"),
    ]
    for row in rows:
        comments.publish(row, by=chloe, at=ago(29))
    actions.take_position(proposal, Stance.FAVOURABLE, revision=1, by=denis, at=ago(28))
    actions.apply_suggestion(library, proposal, suggested.id, by=bruno, at=ago(20))
    actions.take_position(proposal, Stance.RESERVED, revision=2, by=amina, at=ago(18))
    return proposal


def some(library: Library, cast: Mapping[str, Someone], name: str) -> None:
    """One under discussion, one that waits for its second signature, one refused."""
    chloe, denis = cast["chloe"].person, cast["denis"].person
    discussed(library, cast, f"{name}a")
    in_decision(library, discussed(library, cast, f"{name}b"), chloe)
    decided(library, discussed(library, cast, f"{name}c"), chloe, denis, Outcome.REFUSED)


def test_pages_of_discussion_cost_no_more_statements_when_there_is_more(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    cast = {"amina": amina, "bruno": bruno, "chloe": chloe, "denis": denis, "passer_by": passer_by}
    pages = [("passer_by", page) for page in PUBLIC] + [(who, page) for who, own in OWN.items() for page in own]

    def costs() -> dict[tuple[str, str], int]:
        found = {}
        for who, page in pages:
            cast[who].get(page)
            session.remove()
            with statements() as sent:
                cast[who].get(page)
            found[who, page] = len(sent)
        return found

    for name in ("1", "2"):
        some(library, cast, name)
    few = costs()
    for name in ("3", "4", "5"):
        some(library, cast, name)
    many = costs()
    assert {key: (few[key], many[key]) for key in few if many[key] > few[key]} == {}
