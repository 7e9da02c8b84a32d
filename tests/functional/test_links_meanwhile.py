"""What a wording leads to is withdrawn while it is discussed: who prepares the decision is told, before two sign it."""

from sqlalchemy import func, select

from referentiel.criteria.paths import kind_and_key
from referentiel.database import session
from referentiel.library.library import Library
from referentiel.proposals import actions
from referentiel.proposals.models import Decision, Proposal
from tests.cast import Someone, explain, forms_of
from tests.functional.test_bad_decisions import FILLED, WORDS, leads_out
from tests.functional.test_verbs import WHY, sent
from tests.proposal_lives import ago, decided


def test_a_new_criterion_of_a_chapter_withdrawn_meanwhile_is_told_before_anybody_signs(
    library: Library, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    sent(
        bruno,
        "/propositions/nouvelle?ajouter=1&chapitre=G",
        key_titre="Un critère neuf",
        key_niveau="standard",
        key_etape="accueil",
        key_structures=["ACI"],
        section_enonce="Une phrase.",
        **{"section_facile-a-lire": "Une phrase simple."},
    )
    bruno.get("/propositions/nouvelle?texte=chapitres/G&verbe=retirer")
    form = next(form for form in forms_of(bruno.page) if "texte" in form.values)  # type: ignore[arg-type]
    data = dict(form.values) | WHY | {"key_remplace_par": ["A"]}
    inside = sorted(path for path in library.files(library.head()) if kind_and_key(path)[1].startswith("G"))
    for place, path in enumerate((path for path in inside if path.startswith("criteres/")), 2):
        data |= {f"t{place}_texte": path, f"t{place}_verbe": "move", f"t{place}_key_apres": "A:A1"}
    answer = bruno.post("/propositions/nouvelle", data)
    assert answer.status_code == 303, explain(answer)
    new, gone = session.scalars(select(Proposal).order_by(Proposal.id)).all()
    for proposal in (new, gone):
        actions.admit(proposal, by=chloe.person, at=ago(40))
    decided(library, gone, chloe.person, denis.person)
    chloe.get(f"/propositions/{new.id}/decision")
    page = leads_out(chloe.send(button="Signer", **FILLED), new.id)
    assert "un renvoi vers « G », qui est retiré" in page
    assert "une nouvelle rédaction" in page
    assert WORDS in page
    assert session.scalar(select(func.count()).select_from(Decision)) == 1
