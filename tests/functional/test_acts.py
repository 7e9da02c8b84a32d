"""The page of a decision is the public act, and its file in the library says the same words: for each outcome."""

import html
import re
from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from git import Repo
from sqlalchemy import delete, event

from referentiel.criteria.document import Document
from referentiel.database import db, session, writing
from referentiel.dates import long_date
from referentiel.library.library import Library
from referentiel.permissions import College
from referentiel.proposals import act, actions, queries
from referentiel.proposals.actions.deciding import act_of
from referentiel.proposals.impact import Touched, impact
from referentiel.proposals.models import Decision, DecisionCollege, DecisionFile, Signature, StepLine
from referentiel.proposals.sheets import Part
from referentiel.proposals.states import ItemVerb, Outcome, ProposalKind, State
from tests.cast import Someone, explain
from tests.functional.test_suggestions import suggested
from tests.proposal_lives import ago, decided, in_decision, in_discussion, statement

AMENDED = "Tout passage est préparé dès qu’il est connu, si possible un mois avant."
E2 = Part(ItemVerb.MODIFY, "criteres/E2.md", {"Énoncé": "Le point se fait à trois, chaque mois."})
NEW = Part(
    ItemVerb.CREATE,
    "criteres/nouveau-1-2.md",
    {"Énoncé": "La structure garde le contact.", "Facile à lire": "On garde le contact."},
    {"titre": "Garder le contact", "chapitre": "E", "niveau": "standard", "etape": "suivi", "structures": ("ACI",)},
)


def words_of(page: str) -> str:
    """What somebody reads in the main part of a page, spaces made one."""
    main = re.search(r"<main.*?</main>", page, re.S)
    assert main
    text = re.sub(r"<(style|script|svg)\b.*?</\1>", " ", main[0], flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def facts_of(page: str) -> dict[str, str]:
    found = re.findall(r"<dt>(.*?)</dt><dd[^>]*>(.*?)</dd>", page, re.S)
    return {words_in(term): words_in(value) for term, value in found}


def words_in(piece: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", piece)).split())


def check_same(library: Library, reader: Someone, number: int) -> act.Written:
    """The page says all that the file says: each reason to the letter, each college, each number, each date."""
    text = library.read(f"decisions/{number}.md").text
    said = act.read(Document.read(text))
    page = reader.get(f"/decisions/{number}").get_data(as_text=True)
    shown, facts = words_of(page), facts_of(page)
    document = Document.read(text)
    for title in (act.REASON, act.PLAIN):
        body = document.section(title)
        assert body
        assert " ".join(body.split()) in shown, title
    assert (facts["Proposition"], facts["Rédaction"]) == (str(said.proposal), str(said.revision))
    assert facts.get("Textes", facts.get("Texte")) == ", ".join(said.items)
    assert [facts["Première signature"], facts["Deuxième signature"]] == [LABELS[one] for one in said.signatories]
    assert f"Décision {number}, {long_date(said.signed_on)}".replace("\xa0", " ") in shown
    assert said.outcome.state.label in shown
    assert f"Changement : {said.change_class.label}".replace("\xa0", " ") in shown.replace("\xa0", " ")
    if said.resume_on:
        assert long_date(said.resume_on).replace("\xa0", " ") in shown
    for college in College:
        if college in said.heard:
            assert f"{LABELS[college]} entendu" in shown
        elif college in said.silences:
            assert f"{LABELS[college]} n’a pas été entendu. {' '.join(said.silences[college].split())}" in shown
        else:
            assert f"{LABELS[college]} n’a pas été entendu. La décision peut se prendre sans lui." in shown
    for contribution in said.contributions:
        assert re.search(rf"[Cc]ontributions? reprises? :.*\b{contribution} \(", shown.replace("\xa0", " "))
    return said


LABELS = {
    College.EMPLOYEES: "Salariés en insertion",
    College.SIAE: "Structures (SIAE)",
    College.SPE: "Référents du SPE",
    College.PARTNERS: "État et partenaires",
}


# --- the page and the file


@pytest.mark.parametrize(
    ("outcome", "more"),
    [
        (Outcome.ADOPTED, {}),
        (Outcome.ADOPTED_WITH_CHANGES, {"sections": {"Énoncé": AMENDED}}),
        (Outcome.REFUSED, {}),
        (Outcome.POSTPONED, {"resume_on": date.today() + timedelta(days=30)}),
    ],
)
def test_the_page_of_an_act_and_its_file_say_the_same_words(
    library: Library,
    amina: Someone,
    chloe: Someone,
    denis: Someone,
    passer_by: Someone,
    outcome: Outcome,
    more: dict[str, object],
) -> None:
    proposal = in_discussion(library, amina.person, chloe.person)
    reason = "## Ce titre n’en est pas un\n\nPrévenir tôt évite les <b>ruptures</b>.\n\n- 100 % des passages\n- *tous*"
    silences = {
        College.EMPLOYEES: "Invités à trois ateliers.\n\nPersonne n’est venu.",
        College.SIAE: "Invitées trois fois.",
        College.SPE: "**Structures (SIAE)** : non, les référents, invités trois fois.",
    }
    decision = in_decision(library, proposal, chloe.person, outcome, reason=reason, silences=silences, **more)
    if outcome is Outcome.ADOPTED_WITH_CHANGES:
        actions.answer_amendment(decision, digest=decision.digest, accepts=True, by=amina.person, at=ago(0))
    actions.sign(library, decision, digest=decision.digest, form_id=str(uuid4()), by=denis.person, at=ago(0))
    said = check_same(library, passer_by, 1)
    assert (said.outcome, said.items, said.silences.keys()) == (outcome, ("E4",), silences.keys())
    assert said.unasked == (College.PARTNERS,)


def test_an_act_on_several_texts_names_each_and_shows_each(
    library: Library, bruno: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    proposal = in_discussion(library, bruno.person, chloe.person, more=(E2, NEW), kind=ProposalKind.MODIFY)
    assert [file.path for file in proposal.revision.in_order] == [
        "criteres/E4.md",
        "criteres/E2.md",
        "criteres/nouveau-1-2.md",
    ]
    decided(library, proposal, chloe.person, denis.person)
    said = check_same(library, passer_by, 1)
    assert said.items[:2] == ("E4", "E2")
    assert re.fullmatch(r"E\d+", said.items[2])
    page = passer_by.get("/decisions/1").get_data(as_text=True)
    for code in said.items:
        assert f'href="/travail/criteres/{code}"' in page
    assert "Garder le contact" in page
    assert queries.proposal(1).code == "E4"


def test_a_refusal_on_several_texts_names_what_was_asked(
    library: Library, bruno: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    proposal = in_discussion(library, bruno.person, chloe.person, more=(E2, NEW), kind=ProposalKind.MODIFY)
    decided(library, proposal, chloe.person, denis.person, Outcome.REFUSED)
    assert check_same(library, passer_by, 1).items == ("E4", "E2", "nouveau-1-2")


def test_an_act_credits_the_contributions_that_it_took_up_by_their_numbers(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    proposal = in_discussion(library, amina.person, chloe.person)
    said = suggested(proposal, bruno.person, chloe.person)
    actions.apply_suggestion(library, proposal, said.id, by=amina.person, at=ago(15))
    session.expire_all()
    decided(library, queries.proposal(1), chloe.person, denis.person)
    written = check_same(library, passer_by, 1)
    assert written.contributions == (said.id,)
    with Repo(library.path) as repo:
        message = repo.git.log("-1", "--format=%B", "main")
    assert f"Co-authored-by: Collège des SIAE <contribution-{said.id}@referentiel.invalid>" in message


def test_an_act_that_the_database_forgot_is_shown_as_its_file_tells_it(
    library: Library, amina: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    decided(library, in_discussion(library, amina.person, chloe.person), chloe.person, denis.person)
    known = words_of(passer_by.get("/decisions/1").get_data(as_text=True))
    with writing() as rows:
        for table in (StepLine, DecisionCollege, DecisionFile, Signature, Decision):
            rows.execute(delete(table))
    page = words_of(passer_by.get("/decisions/1").get_data(as_text=True))
    for words in ("Prévenir tôt évite les ruptures.", "Vous serez prévenu plus tôt.", "Invité trois fois"):
        assert words in page
        assert words in known


# --- an amended wording of several texts


def test_one_text_of_several_is_amended_and_its_author_reads_which(
    library: Library, amina: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    in_discussion(library, amina.person, chloe.person, more=(E2,), kind=ProposalKind.MODIFY)
    told = {
        "outcome": "adopted_with_changes",
        "reason": "Chaque mois, c’est trop.",
        "plain_reason": "On se voit tous les deux mois.",
        "silence_employees": "Invités.",
        "silence_siae": "Invitées.",
        "silence_spe": "Invités.",
        "t2_section_enonce": "Le point se fait à trois, tous les deux mois.",
    }
    look = chloe.fill("/propositions/1/decision", button="Prévisualiser", **told).get_data(as_text=True)
    corrections = re.search(r'id="ecart".*?</form>', look, re.S)
    assert corrections
    assert "tous les deux mois" in corrections[0]
    sent = chloe.send(button="Signer", **told)
    assert sent.status_code == 303, explain(sent)
    (e2, e4) = queries.decision_under_way(queries.proposal(1)).files
    assert (e2.path, e4.path) == ("criteres/E2.md", "criteres/E4.md")
    page = words_of(amina.get("/propositions/1/texte-modifie").get_data(as_text=True))
    assert "tous les deux mois" in page
    assert "Rien n’est corrigé dans ce texte." in page
    assert amina.send(accepts="oui").status_code == 303
    denis.get("/propositions/1/signature")
    assert denis.send(button="Signer la décision").status_code == 303
    assert statement(library, "E2") == "Le point se fait à trois, tous les deux mois."
    assert statement(library, "E4").endswith("un mois avant.")
    assert check_same(library, passer_by, 1).items == ("E4", "E2")


def test_a_fault_in_the_second_text_is_said_beside_its_own_field(
    library: Library, amina: Someone, chloe: Someone
) -> None:
    in_discussion(library, amina.person, chloe.person, more=(E2,), kind=ProposalKind.MODIFY)
    refused = chloe.fill(
        "/propositions/1/decision",
        button="Signer",
        outcome="adopted_with_changes",
        reason="Raison.",
        plain_reason="En clair.",
        silence_employees="Invités.",
        silence_siae="Invitées.",
        silence_spe="Invités.",
        t2_section_enonce="",
    )
    assert refused.status_code == 422
    page = refused.get_data(as_text=True)
    assert 'id="t2_section_enonce-erreur"' in page
    assert 'id="section_enonce-erreur"' not in page


def test_two_signatures_bind_the_hash_of_every_text(
    library: Library, amina: Someone, chloe: Someone, denis: Someone
) -> None:
    proposal = in_discussion(library, amina.person, chloe.person, more=(E2, NEW), kind=ProposalKind.MODIFY)
    decision = in_decision(library, proposal, chloe.person)
    bound = act_of(decision)
    assert len(bound.files) == 3
    for place, file in enumerate(bound.files):
        others = [*bound.files[:place], replace(file, blob="0" * 40), *bound.files[place + 1 :]]
        assert replace(bound, files=others).digest != decision.digest
        assert replace(bound, files=[*bound.files[:place], *bound.files[place + 1 :]]).digest != decision.digest
    actions.sign(library, decision, digest=decision.digest, form_id=str(uuid4()), by=denis.person, at=ago(0))
    assert [signature.digest for signature in decision.signatures] == [decision.digest] * 2


# --- what a decision touches


def test_what_cites_a_text_is_read_before_its_decision_and_on_the_page_of_the_proposal(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    links = {"Pourquoi": "Comme dit [ici](/criteres/E4)."}
    in_discussion(library, bruno.person, chloe.person, path="criteres/B2.md", sections=links)
    in_discussion(library, bruno.person, chloe.person, title="Une rivale", sections={"Pourquoi": "Pour elle."})
    proposal = in_discussion(library, amina.person, chloe.person, title="La nôtre")
    cited = queries.cited_in_draft(library).get("criteres/E4.md", ())
    assert cited, "the first text cites E4"
    for page in (
        chloe.get("/propositions/3/decision"),
        (in_decision(library, proposal, chloe.person), denis.get("/propositions/3/signature"))[1],
    ):
        text = page.get_data(as_text=True)
        card = re.search(r'aria-labelledby="touche".*?</section>', text, re.S)
        assert card
        for link in cited:
            key = link.source.partition("/")[2].removesuffix(".md")
            assert f'/{key}"' in card[0], key
        assert 'href="/propositions/1"' in card[0], "it begins to cite E4"
        assert 'href="/propositions/2"' in card[0], "it changes E4 too"
        assert 'href="/propositions/3"' not in card[0]
    public = re.search(
        r'aria-labelledby="touche".*?</section>', passer_by.get("/propositions/3").get_data(as_text=True), re.S
    )
    assert public
    assert all(f'/{link.source.partition("/")[2].removesuffix(".md")}"' in public[0] for link in cited)


def test_what_cites_a_text_costs_two_statements_however_many_proposals_there_are(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone
) -> None:
    in_discussion(library, amina.person, chloe.person)
    touched = Touched(frozenset({"criteres/E4.md"}), 1)

    def statements() -> tuple[int, int]:
        asked: list[str] = []

        def count(*args: object) -> None:
            asked.extend([str(args[2])] if str(args[2]).startswith("SELECT") else [])

        session.expire_all()
        event.listen(db.engine, "before_cursor_execute", count)
        try:
            found = impact(library, touched)
        finally:
            event.remove(db.engine, "before_cursor_execute", count)
        return len(asked), sum(len(group.rows) for group in found if group.kind == "propositions")

    assert statements() == (2, 0)
    for code in ("B2", "B3", "C1"):
        links = {"Pourquoi": "Comme dit [ici](/criteres/E4)."}
        in_discussion(library, bruno.person, chloe.person, path=f"criteres/{code}.md", sections=links)
        in_discussion(library, bruno.person, chloe.person, sections={"Pourquoi": f"Comme {code}."})
    assert statements() == (2, 6)
    assert [group.kind for group in impact(library, touched, leaving=("propositions",))][-1:] != ["propositions"]


def test_a_text_that_is_decided_upon_together_with_what_it_cites_is_not_told_apart(
    library: Library, amina: Someone, chloe: Someone
) -> None:
    cited = queries.cited_in_draft(library)
    target = next(path for path in cited if path.startswith("criteres/") and cited[path])
    sources = {link.source for link in cited[target]}
    found = impact(library, Touched(frozenset({target, *sources}), 0))
    told = {f"{group.kind}/{row.key}.md" for group in found for row in group.rows}
    assert not told & {target, *sources}


def test_a_word_of_the_glossary_touches_what_says_it(library: Library) -> None:
    files = library.files(library.head())
    path = next(path for path in files if path == "glossaire/pass-iae.md" or path.startswith("glossaire/"))
    term = Document.read(library.read(path).text).value("terme") or ""
    found = impact(library, Touched(frozenset({path}), 0))
    saying = {row.key for group in found if group.kind == "criteres" for row in group.rows if "mots" in row.how}
    for key in saying:
        assert term.casefold() in library.read(f"criteres/{key}.md").text.casefold()


def test_an_adoption_reads_one_file_again_to_know_who_cites_what(
    library: Library, amina: Someone, chloe: Someone, denis: Someone
) -> None:
    before = queries.cited_in_draft(library)
    words = {"Pourquoi": "Comme dit dans [le critère](/criteres/B2)."}
    proposal = in_discussion(library, amina.person, chloe.person, sections=words)
    decided(library, proposal, chloe.person, denis.person)
    after = queries.cited_in_draft(library)
    new = {link for links in after.values() for link in links} - {link for links in before.values() for link in links}
    assert {(link.source, link.target) for link in new} == {("criteres/E4.md", "criteres/B2.md")}
    assert queries.proposal(1).state is State.ADOPTED
