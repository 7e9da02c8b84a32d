"""Every verb of a proposal, on every kind of item: asked by a form, adopted all or nothing."""

import pytest
from sqlalchemy import select

from referentiel.criteria.document import Document
from referentiel.database import session
from referentiel.library.library import Library
from referentiel.proposals import actions
from referentiel.proposals.models import Draft, Proposal
from referentiel.proposals.states import ProposalKind, State
from tests.cast import Someone, explain, forms_of
from tests.proposal_lives import ago, decided, in_discussion

WHY = {"title": "Un titre", "reason": "Une raison que chacun peut lire.", "licence": "y"}


def the_proposal() -> Proposal:
    return session.scalars(select(Proposal)).one()


def adopted(library: Library, chloe: Someone, denis: Someone) -> Proposal:
    """The only proposal, admitted long ago, signed twice today."""
    proposal = the_proposal()
    actions.admit(proposal, by=chloe.person, at=ago(40))
    decided(library, proposal, chloe.person, denis.person)
    session.expire_all()
    assert proposal.state is State.ADOPTED
    return proposal


def read(library: Library, path: str) -> Document:
    return Document.read(library.read(path).text, path)


def sent(someone: Someone, page: str, **fields: object) -> None:
    answer = someone.fill(page, button="Envoyer ma proposition", **{**WHY, **fields})
    assert answer.status_code == 303, explain(answer)
    someone.follow(answer)


# --- move


def test_a_criterion_moves_to_another_chapter_and_keeps_its_code(
    bruno: Someone, chloe: Someone, denis: Someone, library: Library
) -> None:
    sent(bruno, "/propositions/nouvelle?critere=E4&verbe=deplacer", key_apres="D:D2", change_class="clarity")
    assert adopted(library, chloe, denis).kind is ProposalKind.MOVE
    moved, before, after = (read(library, f"criteres/{code}.md") for code in ("E4", "D2", "D3"))
    assert moved.value("chapitre") == "D"
    assert int(before.value("rang") or 0) < int(moved.value("rang") or 0) < int(after.value("rang") or 0)
    page = bruno.get("/travail/chapitres/D").get_data(as_text=True)
    assert page.index(">D2<") < page.index(">E4<") < page.index(">D3<")


def test_a_criterion_that_stays_where_it_is_has_not_moved(bruno: Someone) -> None:
    answer = bruno.fill("/propositions/nouvelle?critere=E4&verbe=deplacer", button="Envoyer ma proposition", **WHY)
    assert answer.status_code == 422
    assert "le même qu’avant" in answer.get_data(as_text=True)


def test_a_chapter_moves_in_the_order_of_the_text(
    bruno: Someone, chloe: Someone, denis: Someone, library: Library
) -> None:
    sent(bruno, "/propositions/nouvelle?texte=chapitres/A&verbe=deplacer", key_apres="C", change_class="clarity")
    adopted(library, chloe, denis)
    assert read(library, "referentiel.md").values("chapitres") == ("B", "C", "A", "D", "E", "F", "G")
    bruno.get("/travail/")


def test_what_follows_the_alphabet_has_no_place_to_change(bruno: Someone) -> None:
    answer = bruno.get("/propositions/nouvelle?texte=glossaire/aci&verbe=deplacer", status=422)
    assert "alphabet" in answer.get_data(as_text=True)


# --- merge


def test_two_criteria_become_one_and_the_other_leads_to_it(
    bruno: Someone, chloe: Someone, denis: Someone, library: Library
) -> None:
    page = bruno.get("/propositions/nouvelle?critere=E5&verbe=reunir").get_data(as_text=True)
    assert "avec=E2" in page
    sent(
        bruno,
        "/propositions/nouvelle?critere=E5&verbe=reunir&avec=E2",
        section_enonce="Les deux engagements en un seul.",
    )
    adopted(library, chloe, denis)
    assert read(library, "criteres/E5.md").section("Énoncé") == "Les deux engagements en un seul."
    gone = read(library, "criteres/E2.md")
    assert (gone.value("etat"), gone.values("remplace_par")) == ("retire", ("E5",))
    assert gone.section("Raison du retrait") == WHY["reason"]
    assert "E2" not in read(library, "criteres/E5.md").values("voir_aussi")


def test_a_criterion_is_not_merged_with_itself(bruno: Someone) -> None:
    answer = bruno.get("/propositions/nouvelle?critere=E4&verbe=reunir&avec=E4", status=422)
    assert "réuni avec lui-même" in answer.get_data(as_text=True)


def test_a_merge_that_writes_nothing_in_the_survivor_is_refused_with_words(bruno: Someone) -> None:
    answer = bruno.fill(
        "/propositions/nouvelle?texte=criteres/A1&verbe=reunir&avec=G7", button="Envoyer ma proposition", **WHY
    )
    assert answer.status_code == 422


# --- split


def test_a_criterion_gives_a_part_of_its_text_to_a_new_one(
    bruno: Someone, chloe: Someone, denis: Someone, library: Library
) -> None:
    bruno.get("/propositions/nouvelle?critere=E4&verbe=scinder")
    sent(
        bruno,
        "/propositions/nouvelle?critere=E4&verbe=scinder&reste=oui",
        section_enonce="Une moitié.",
        t2_key_titre="L’autre moitié",
        t2_section_enonce="L’autre moitié de l’engagement.",
        **{"t2_section_facile-a-lire": "L’autre moitié."},
    )
    adopted(library, chloe, denis)
    new = read(library, "criteres/E7.md")
    assert (new.value("titre"), new.value("chapitre")) == ("L’autre moitié", "E")
    assert new.values("structures") == read(library, "criteres/E4.md").values("structures")
    ranks = [int(read(library, f"criteres/{code}.md").value("rang") or 0) for code in ("E4", "E7", "E5")]
    assert ranks == sorted(ranks)


def test_a_criterion_that_goes_leads_to_the_two_that_take_its_text(
    bruno: Someone, chloe: Someone, denis: Someone, library: Library
) -> None:
    sent(
        bruno,
        "/propositions/nouvelle?critere=E4&verbe=scinder&reste=non",
        t2_key_titre="Le premier",
        t2_section_enonce="Le premier engagement.",
        t3_key_titre="Le second",
        t3_section_enonce="Le second engagement.",
        **{"t2_section_facile-a-lire": "Un.", "t3_section_facile-a-lire": "Deux."},
    )
    adopted(library, chloe, denis)
    gone = read(library, "criteres/E4.md")
    assert (gone.value("etat"), gone.values("remplace_par")) == ("retire", ("E7", "E8"))
    assert read(library, "criteres/E8.md").value("titre") == "Le second"


def test_a_withdrawn_criterion_is_not_split(bruno: Someone, chloe: Someone, denis: Someone, library: Library) -> None:
    sent(bruno, "/propositions/nouvelle?critere=E2&retirer=1", key_remplace_par=["E5"])
    adopted(library, chloe, denis)
    for verb in ("scinder", "reunir", "deplacer", "retirer", "changer"):
        page = bruno.get(f"/propositions/nouvelle?critere=E2&verbe={verb}", status=422).get_data(as_text=True)
        assert "proposez de rétablir" in page


# --- withdraw, restore


def test_what_others_cite_is_not_withdrawn_until_each_link_has_a_successor(
    bruno: Someone, chloe: Someone, denis: Someone, library: Library
) -> None:
    answer = bruno.fill("/propositions/nouvelle?critere=E2&retirer=1", button="Envoyer ma proposition", **WHY)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "est cité par C2, E1, E4" in page
    for code in ("C2", "E1", "E4"):
        answer = bruno.send(button=f"Changer aussi {code}")
        assert answer.status_code == 200, explain(answer)
    answer = bruno.send(button="Envoyer ma proposition", licence="y")
    assert answer.status_code == 303, explain(answer)
    adopted(library, chloe, denis)
    assert read(library, "criteres/E2.md").value("etat") == "retire"
    for code in ("C2", "E1", "E4"):
        assert "E2" not in read(library, f"criteres/{code}.md").values("voir_aussi")


def test_a_withdrawn_criterion_comes_back_with_its_code(
    bruno: Someone, chloe: Someone, denis: Someone, library: Library
) -> None:
    before = library.read("criteres/E2.md").text
    sent(bruno, "/propositions/nouvelle?critere=E2&retirer=1", key_remplace_par=["E5"])
    first = adopted(library, chloe, denis)
    assert "E2" in bruno.get("/propositions/nouvelle?verbe=retablir").get_data(as_text=True)
    sent(bruno, "/propositions/nouvelle?critere=E2&verbe=retablir")
    second = session.scalars(select(Proposal).where(Proposal.id != first.id)).one()
    actions.admit(second, by=chloe.person, at=ago(40))
    decided(library, second, chloe.person, denis.person)
    assert library.read("criteres/E2.md").text == before


def test_a_tool_is_withdrawn_and_its_page_says_what_replaces_it(
    bruno: Someone, chloe: Someone, denis: Someone, library: Library, passer_by: Someone
) -> None:
    page = "/propositions/nouvelle?texte=outils/dora&verbe=retirer"
    sent(bruno, page, key_remplace_par="pass-iae")
    adopted(library, chloe, denis)
    assert "/travail/outils/dora" not in passer_by.get("/travail/outils/").get_data(as_text=True)
    said = passer_by.get("/travail/outils/dora").get_data(as_text=True)
    assert "retiré" in said
    assert "/travail/outils/pass-iae" in said


# --- other kinds, several items


@pytest.mark.parametrize(
    ("what", "fields", "path"),
    [
        (
            "glossaire",
            {"key_terme": "Aller plus loin", "section_definition": "Une définition."},
            "glossaire/aller-plus-loin.md",
        ),
        ("outils", {"key_nom": "Un outil neuf", "section_a-quoi-il-sert": "À rien encore."}, "outils/un-outil-neuf.md"),
        ("competences", {"key_nom": "Écouter", "section_description": "Écouter les autres."}, "competences/ecouter.md"),
        ("pages", {"key_titre": "Une page", "section_en-bref": "En bref."}, "pages/une-page.md"),
        ("chapitres", {"key_titre": "Un chapitre", "section_presentation": "De quoi il parle."}, "chapitres/H.md"),
    ],
)
def test_an_item_of_any_kind_is_added_under_its_own_name(
    bruno: Someone, chloe: Someone, denis: Someone, library: Library, what: str, fields: dict[str, str], path: str
) -> None:
    sent(bruno, f"/propositions/nouvelle?ajouter={what}", **fields)
    bruno.get("/propositions/")
    bruno.get(f"/propositions/{the_proposal().id}/differences")
    proposal = adopted(library, chloe, denis)
    assert proposal.adopted_path == path
    assert path in library.files(library.head())
    bruno.get(f"/propositions/{proposal.id}")
    bruno.get(f"/decisions/{proposal.decision_number}")


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("chapitres/A", "section_presentation"),
        ("pages/methode", "section_en-bref"),
        ("glossaire/aci", "section_definition"),
        ("outils/dora", "section_a-quoi-il-sert"),
        ("competences/donner-son-avis", "section_description"),
    ],
)
def test_an_item_of_any_kind_is_reworded(bruno: Someone, text: str, field: str) -> None:
    sent(bruno, f"/propositions/nouvelle?texte={text}", **{field: "D’autres mots.", "change_class": "clarity"})
    assert "D’autres mots." in the_proposal().revision.main.text
    assert the_proposal().path == f"{text}.md"


def test_a_new_chapter_comes_with_its_first_criterion(
    bruno: Someone, chloe: Someone, denis: Someone, library: Library
) -> None:
    bruno.get("/propositions/nouvelle?ajouter=chapitres")
    bruno.send(
        button="Ajouter un texte nouveau", key_titre="Le numérique", section_presentation="Un monde.", neuf="criteres"
    )
    answer = bruno.send(
        button="Envoyer ma proposition",
        **WHY,
        t2_key_chapitre="nouveau-1",
        t2_key_titre="Ne laisser personne sans accès",
        t2_key_niveau="standard",
        t2_key_etape="accueil",
        t2_key_structures=["ACI"],
        t2_section_enonce="La structure prête un ordinateur.",
        **{"t2_section_facile-a-lire": "On vous prête un ordinateur."},
    )
    assert answer.status_code == 303, explain(answer)
    adopted(library, chloe, denis)
    assert read(library, "criteres/H1.md").value("chapitre") == "H"


def test_one_proposal_touches_several_items_and_keeps_what_was_typed(bruno: Someone) -> None:
    bruno.get("/propositions/nouvelle?critere=E4")
    bruno.send(button="Ajouter ce texte", section_enonce="Un premier texte.", ajout="outil dora", reason="Ma raison.")
    page = bruno.page.get_data(as_text=True)  # type: ignore[union-attr]
    assert "Un premier texte." in page
    assert "Ma raison." in page
    answer = bruno.send(button="Enregistrer le brouillon", **{"t2_section_a-quoi-il-sert": "À autre chose."})
    bruno.follow(answer)
    page = bruno.page.get_data(as_text=True)  # type: ignore[union-attr]
    assert "À autre chose." in page
    preview = bruno.send(button="Prévisualiser").get_data(as_text=True)
    assert "outils/dora" in preview
    answer = bruno.send(button="Envoyer ma proposition", **WHY)
    assert answer.status_code == 303, explain(answer)
    assert session.scalars(select(Draft)).all() == []
    assert [file.path for file in the_proposal().revision.files] == ["criteres/E4.md", "outils/dora.md"]
    for page in ("", "/differences", "/collision", "/modifier"):
        bruno.get(f"/propositions/1{page}", status=409 if page == "/modifier" else 200)


def test_an_item_is_taken_out_again(bruno: Someone) -> None:
    bruno.get("/propositions/nouvelle?critere=E4")
    bruno.send(button="Ajouter ce texte", ajout="E5")
    bruno.send(button="Ajouter ce texte", ajout="outil PASS IAE", **{"t2_section_enonce": "Autre énoncé de E5."})
    bruno.send(button="Ôter ce texte de la proposition (2)")
    page = bruno.page.get_data(as_text=True)  # type: ignore[union-attr]
    assert 'name="t2_texte" value="outils/pass-iae.md"' in page
    assert "Autre énoncé de E5." not in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Écrivez le code"),
        ("zzz", "Aucun texte"),
        ("E4", "déjà dans votre proposition"),
        ("con", "Plusieurs textes"),
    ],
)
def test_a_name_that_leads_nowhere_loses_nothing(bruno: Someone, typed: str, said: str) -> None:
    bruno.get("/propositions/nouvelle?critere=E4")
    answer = bruno.send(button="Ajouter ce texte", ajout=typed, section_enonce="Mots gardés.")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in page
    assert "Mots gardés." in page


def test_an_item_of_the_proposal_that_does_not_change_is_named(bruno: Someone) -> None:
    bruno.get("/propositions/nouvelle?critere=E4")
    bruno.send(button="Ajouter ce texte", ajout="E5", section_enonce="Un autre texte.")
    answer = bruno.send(button="Envoyer ma proposition", **WHY)
    assert answer.status_code == 422
    assert "« E5 » est le même qu’avant" in answer.get_data(as_text=True).replace("\u00a0", " ")


def test_typing_errors_of_several_files_take_the_short_path(library: Library, bruno: Someone, chloe: Someone) -> None:
    bruno.get("/propositions/nouvelle?critere=E4")
    one = read(library, "criteres/E4.md").section("Énoncé") or ""
    two = read(library, "criteres/E5.md").section("Énoncé") or ""
    bruno.send(button="Ajouter ce texte", ajout="E5", section_enonce=one.replace("préparé", "préparés"))
    answer = bruno.send(
        button="Envoyer ma proposition", **WHY, change_class="typo", t2_section_enonce=f"{two} Cinq mots de plus ici."
    )
    assert answer.status_code == 422
    answer = bruno.send(button="Envoyer ma proposition", t2_section_enonce=two.replace("la", "là", 1), licence="y")
    assert answer.status_code == 303, explain(answer)
    proposal = the_proposal()
    actions.admit(proposal, by=chloe.person, at=ago(1))
    assert proposal.window_ends is None


def test_a_text_that_moved_in_one_file_writes_none(
    library: Library, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    bruno.get("/propositions/nouvelle?critere=E4")
    bruno.send(button="Ajouter ce texte", ajout="E5", section_enonce="Nouveau E4.")
    bruno.send(button="Envoyer ma proposition", **WHY, t2_section_enonce="Nouveau E5.")
    first = the_proposal()
    other = in_discussion(library, bruno.person, chloe.person, path="criteres/E5.md", title="Sur E5 seul")
    actions.admit(first, by=chloe.person, at=ago(40))
    decided(library, other, chloe.person, denis.person)
    head = library.head()
    chloe.get(f"/propositions/{first.id}/collision")
    with pytest.raises(Exception, match="ne s’applique plus"):
        decided(library, first, chloe.person, denis.person)
    assert library.head() == head
    assert "Nouveau E4." not in library.read("criteres/E4.md").text


def test_what_is_written_again_keeps_every_item_and_its_verb(
    library: Library, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    sent(
        bruno,
        "/propositions/nouvelle?critere=E4&verbe=scinder&reste=non",
        t2_key_titre="Le premier",
        t2_section_enonce="Le premier engagement.",
        t3_key_titre="Le second",
        t3_section_enonce="Le second engagement.",
        **{"t2_section_facile-a-lire": "Un.", "t3_section_facile-a-lire": "Deux."},
    )
    actions.admit(the_proposal(), by=chloe.person, at=ago(40))
    answer = bruno.fill("/propositions/1/modifier", button="Envoyer", t3_section_enonce="Le second, redit.")
    assert answer.status_code == 303, explain(answer)
    session.expire_all()
    texts = {file.path: file.text for file in the_proposal().revision.files}
    assert set(texts) == {"criteres/E4.md", "criteres/nouveau-1.md", "criteres/nouveau-1-2.md"}
    assert "Le second, redit." in texts["criteres/nouveau-1-2.md"]
    assert "remplace_par: [nouveau-1, nouveau-1-2]" in texts["criteres/E4.md"]


# --- are there similar ones?


def test_similar_ones_are_shown_before_sending(bruno: Someone, amina: Someone) -> None:
    sent(
        bruno,
        "/propositions/nouvelle?critere=E4",
        section_enonce="Un mois avant.",
        title="Prévenir un mois avant le changement de chantier",
    )
    page = amina.get("/propositions/nouvelle?critere=E4").get_data(as_text=True)
    assert "Prévenir un mois avant" in page
    page = amina.fill(
        "/propositions/nouvelle?critere=A1",
        button="Prévisualiser",
        section_enonce="Autre chose.",
        title="Être prévenu un mois avant un changement de chantier",
    ).get_data(as_text=True)
    assert "Y en a-t-il de semblables" in page
    assert "des mots proches" in page


def test_a_new_criterion_that_repeats_another_is_told(bruno: Someone, library: Library) -> None:
    words = read(library, "criteres/E4.md").section("Énoncé") or ""
    page = bruno.fill(
        "/propositions/nouvelle?ajouter=1&chapitre=E",
        button="Prévisualiser",
        key_titre="Sans trou",
        section_enonce=words,
    ).get_data(as_text=True)
    assert "un critère qui dit presque la même chose" in page


# --- bad input


@pytest.mark.parametrize(
    "words",
    [
        "<<<<<<< HEAD\nun\n=======\ndeux\n>>>>>>> autre",
        "Operation: 42\nDecision: 7\nProposal: 1",
        "---\ncode: Z9\n---",
    ],
)
def test_words_that_look_like_marks_of_a_program_are_words(
    bruno: Someone, chloe: Someone, denis: Someone, library: Library, words: str
) -> None:
    sent(
        bruno,
        "/propositions/nouvelle?critere=E4",
        section_enonce=words,
        title="Operation: 42",
        change_class="substance",
    )
    adopted(library, chloe, denis)
    assert read(library, "criteres/E4.md").section("Énoncé") == words
    commit = library.snapshots.commit(library.head())
    assert commit.message.count("Operation:") == 2, "one in the words of the subject, one trailer"


def test_the_longest_text_with_every_line_changed_is_shown_sent_and_adopted(
    bruno: Someone, chloe: Someone, denis: Someone, library: Library
) -> None:
    def filled(mark: str) -> dict[str, str]:
        line = f"- {mark} " + "mot " * 20
        text = (line.strip() + "\n") * (19_000 // (len(line.strip()) + 1))
        names = ("section_enonce", "section_pourquoi", "section_indicateurs")
        return {name: text.replace(mark, f"{mark}{number}") for number, name in enumerate(names)}

    sent(bruno, "/propositions/nouvelle?critere=E4", **filled("un"), change_class="substance")
    adopted(library, chloe, denis)
    answer = bruno.fill("/propositions/nouvelle?critere=E4", button="Prévisualiser", **filled("deux"))
    assert answer.status_code == 200
    longer = filled("trois") | {"section_comment-verifier": "x" * 4_000}
    answer = bruno.fill("/propositions/nouvelle?critere=E4", button="Envoyer", **WHY, **longer)
    assert answer.status_code == 422
    assert "trop longue" in answer.get_data(as_text=True)


def test_a_form_that_is_none_of_ours_is_refused_in_words(bruno: Someone) -> None:
    bruno.get("/propositions/nouvelle?critere=E4")
    for change in (
        {"kind": "everything"},
        {"texte": "referentiel.md", "kind": "withdraw"},
        {"texte": "referentiel/presentation.md"},
        {"texte": "criteres/../x.md"},
        {"t2_texte": "criteres/E5.md", "t2_verbe": "fly"},
        {"t2_texte": "glossaire/aci.md", "t2_verbe": "move"},
        {"t2_texte": "criteres/nouveau-7.md", "t2_verbe": "modify"},
        {"t2_texte": "decisions/1.md", "t2_verbe": "modify"},
    ):
        bruno.get("/propositions/nouvelle?critere=E4")
        form = next(form for form in forms_of(bruno.page) if form.method == "post")  # type: ignore[arg-type]
        answer = bruno.post("/propositions/nouvelle", dict(form.values) | {k: [v] for k, v in change.items()})
        assert answer.status_code in (404, 422), (change, explain(answer))
