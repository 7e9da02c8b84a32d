"""Compare two editions, or the last one and the draft: figures, words, reasons, and what concerns whom."""

import re

from referentiel.blueprints import comparing
from referentiel.database import session
from referentiel.editions import queries
from referentiel.editions.comparing import comparisons
from referentiel.library.library import Library
from referentiel.library.projection import rebuild
from referentiel.proposals.sheets import Part
from referentiel.proposals.states import ItemVerb, Outcome, ProposalKind
from tests.cast import Someone
from tests.edition_lives import adopted, published, second_edition, withdrawn
from tests.functional.test_reading import statements, words
from tests.proposal_lives import decided, in_discussion

NEW = {"Énoncé": "Une part du texte.", "Facile à lire": "Une part, dite simplement."}


def decide(
    library: Library,
    kind: ProposalKind,
    path: str,
    *,
    by: Someone,
    chloe: Someone,
    denis: Someone,
    outcome: Outcome = Outcome.ADOPTED,
    plain: str = "Vous serez prévenu plus tôt.",
    **more: object,
) -> int:
    """A proposal of this kind, discussed and signed twice; the number of its decision."""
    proposal = in_discussion(library, by.person, chloe.person, days=60, kind=kind, path=path, **more)
    decision = decided(library, proposal, chloe.person, denis.person, outcome, days=12, plain_reason=plain)
    return decision.number or 0


def new_part(place: int, title: str, after: str, **keys: object) -> Part:
    """A new criterion of chapter C, which takes a part of another."""
    name = "nouveau-1" if place == 1 else f"nouveau-1-{place}"
    usual = {"titre": title, "chapitre": "C", "apres": after, "niveau": "standard", "etape": "accompagnement"}
    return Part(ItemVerb.CREATE, f"criteres/{name}.md", NEW, {**usual, "structures": ("ACI",), **keys})  # type: ignore[dict-item]


def merge(library: Library, by: Someone, chloe: Someone, denis: Someone) -> int:
    """E2 is taken up by E5."""
    return decide(
        library,
        ProposalKind.MERGE,
        "criteres/E5.md",
        by=by,
        chloe=chloe,
        denis=denis,
        plain="Deux pages n’en font plus qu’une.",
        sections={"Énoncé": "Les deux engagements en un seul."},
        keys={"voir_aussi": ()},
        more=(Part(ItemVerb.WITHDRAW, "criteres/E2.md"),),
    )


def split(library: Library, by: Someone, chloe: Someone, denis: Someone) -> int:
    """C2 gives a part of its text to C7, and stays."""
    return decide(
        library,
        ProposalKind.SPLIT,
        "criteres/C2.md",
        by=by,
        chloe=chloe,
        denis=denis,
        plain="Ce qui était long est en deux.",
        sections={"Énoncé": "L’autre part du texte."},
        more=(new_part(1, "La première part", "C2"),),
    )


def item(page: str, code: str) -> str:
    """What the page says of one criterion."""
    found = re.search(rf'<li id="{code}">.*?</li>\s*(?=<li id=|</ol>)', page, re.S)
    assert found, f"{code} is not on the page"
    return found[0]


def brief(page: str) -> str:
    """The figures, as they are heard."""
    found = re.search(r'<ul class="counts4">.*?</ul>', page, re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split()) if found else ""


def heard(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_nothing_changed_is_said_so(passer_by: Someone) -> None:
    assert "Rien ne change" in words(passer_by.get("/comparer"))


def test_the_same_edition_twice_is_said_so_and_leads_elsewhere(passer_by: Someone) -> None:
    page = words(passer_by.get("/comparer?de=2026.0&a=2026.0"))
    assert "c’est deux fois la même édition" in page
    assert 'href="/comparer?de=2026.0&amp;a=travail"' in page
    assert "c’est deux fois la version de travail" in words(passer_by.get("/comparer?de=travail&a=travail"))


def test_two_editions_are_compared_in_figures_in_words_and_with_the_plain_reason(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    adopted(library, amina.person, chloe.person, denis.person)
    adopted(
        library,
        bruno.person,
        chloe.person,
        denis.person,
        path="criteres/A1.md",
        sections={"Pourquoi": "Une personne bien informée choisit mieux."},
        change_class="clarity",
    )
    withdrawn(library, amina.person, chloe.person, denis.person)
    published(library, denis.person, chloe.person)
    page = words(passer_by.get("/comparer?de=2026.0&a=2026.1"))
    assert "3 critères changent." in page
    assert "Les 37 autres restent identiques." in page
    assert brief(page) == "1 modifié sur le fond 1 précisé 1 retiré"
    for expected in (
        "remplacé par G6",
        "Il fait double emploi.",
        "Vous serez prévenu plus tôt.",
        "un mois avant",
        "<ins>",
        "<del>",
        'href="/decisions/1"',
        'href="/editions/2026.1/criteres/E4"',
    ):
        assert expected in page, expected
    assert page.index('id="G7"') < page.index('id="E4"') < page.index('id="A1"'), "the weightiest first"
    assert words(passer_by.get("/comparer?de=2026.0")).count("critères changent") == 1
    assert "Rien ne change" in words(passer_by.get("/comparer?de=2026.1&a=travail"))
    assert_reversed_is_put_in_order(passer_by)


def assert_reversed_is_put_in_order(passer_by: Someone) -> None:
    answer = passer_by.get("/comparer?de=2026.1&a=2026.0&pour=AI", status=302)
    assert answer.headers["Location"].endswith("/comparer?de=2026.0&a=2026.1&pour=AI")
    answer = passer_by.get("/comparer?de=travail&a=2026.0", status=302)
    assert answer.headers["Location"].endswith("/comparer?de=2026.0&a=travail")


def test_each_criterion_is_counted_once_whatever_several_decisions_made_of_it(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    """A merge, a split, a move and a rewording, known from Git alone: made again from it, the page is the same."""
    merge(library, amina, chloe, denis)
    split(library, bruno, chloe, denis)
    decide(
        library,
        ProposalKind.MOVE,
        "criteres/E6.md",
        by=bruno,
        chloe=chloe,
        denis=denis,
        plain="Il se lit plus tôt.",
        sections={},
        keys={"chapitre": "D", "apres": "D2"},
        change_class="clarity",
    )
    adopted(library, amina.person, chloe.person, denis.person, path="criteres/C2.md", change_class="clarity")
    page = words(passer_by.get("/comparer"))
    assert brief(page) == "1 ajouté 1 modifié sur le fond 1 déplacé 1 fusionné 1 scindé"
    assert "5 critères changent." in page
    assert "Les 36 autres restent identiques." in page
    assert "se lit maintenant dans E5" in item(page, "E2")
    assert "reprend E2" in item(page, "E5")
    assert "devient C2, C7" in item(page, "C2")
    assert "vient de C2" in item(page, "C7")
    assert item(page, "C2").count("Pourquoi :") == 2
    moved = heard(item(page, "E6"))
    assert "Il se lit plus tôt." in moved, "the reason of the move"
    assert "Il passe dans le chapitre D" in moved
    assert "Il se lit maintenant entre D2 « " in moved
    assert "et D3 « " in moved
    assert not re.search(r"\b[1-9]0\b", moved), "a place is not a number"
    for raw in ("voir_aussi", "remplace_par", "chapitre:", "en_vigueur", "imperatif"):
        assert raw not in page.replace('name="', ""), raw
    rebuild(library)
    session.commit()
    comparisons._found.clear()
    comparing._details.clear()
    assert words(passer_by.get("/comparer")) == page
    note = comparisons.drafted_note(library, queries.all_editions(library)[0], library.head())
    assert note.startswith(
        "Depuis l’édition\u00a02026.0, 5\u00a0critères changent\u00a0: 1\u00a0ajouté, 1\u00a0modifié sur le fond, "
        "1\u00a0déplacé, 1\u00a0fusionné, 1\u00a0scindé. Les 36\u00a0autres restent identiques.\n\n"
        "### Critères ajoutés\n\n"
        "- **C7. La première part**\u00a0: il vient de C2. Ce qui était long est en deux. (décision\u00a02)\n"
    )
    assert "il est réuni à E5. Deux pages n’en font plus qu’une. (décision\u00a01)" in note
    assert "il se lit maintenant dans le chapitre D, entre D2 et D3." in note
    assert "\n# " not in note


def test_a_criterion_shared_among_new_ones_is_split_not_withdrawn(
    library: Library, bruno: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    decide(
        library,
        ProposalKind.SPLIT,
        "criteres/G7.md",
        by=bruno,
        chloe=chloe,
        denis=denis,
        sections={"Raison du retrait": "Il disait deux choses."},
        verb=ItemVerb.WITHDRAW,
        more=(new_part(1, "La première", "C2"), new_part(2, "La seconde", "C3")),
    )
    page = words(passer_by.get("/comparer"))
    assert brief(page) == "2 ajoutés 1 scindé"
    assert "devient C7, C8" in item(page, "G7")
    assert "Il disait deux choses." in item(page, "G7")


def test_the_draft_is_compared_with_the_last_edition_by_default(
    library: Library, amina: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    adopted(library, amina.person, chloe.person, denis.person)
    page = words(passer_by.get("/comparer"))
    assert "De l’édition 2026.0 à la version de travail" in page
    assert 'href="/travail/criteres/E4"' in page
    with statements() as sent:
        passer_by.get("/comparer?pour=ACI")
    assert len(sent) == 1, "known already, it costs one statement"


def test_a_change_of_the_sheet_is_said_in_french(
    library: Library, amina: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    keys = {"structures": ("ACI", "AI", "EI", "ETTI", "EITI", "GEIQ"), "niveau": "standard", "outils": ("pass-iae",)}
    adopted(library, amina.person, chloe.person, denis.person, sections={}, keys=keys)
    told = heard(item(words(passer_by.get("/comparer")), "E4"))
    assert "Structures concernées ajouté : GEIQ , fin de l’ajout." in told
    assert "supprimé : Impératif , fin de la suppression. ajouté : Standard" in told
    assert "les-emplois-de-l-inclusion" not in told, "a tool is called by its name"
    page = words(passer_by.get("/comparer?pour=GEIQ"))
    assert "vous concerne maintenant" in item(page, "E4")


def test_each_role_reads_what_concerns_it(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    """E4 gets a plain text, F5 an indicator, D4 another handing over."""
    adopted(
        library,
        amina.person,
        chloe.person,
        denis.person,
        sections={"Facile à lire": "On prépare ce changement un mois avant."},
    )
    proof = {"Indicateurs": "- Part des sorties revues", "Pourquoi": "Pour savoir."}
    adopted(
        library, bruno.person, chloe.person, denis.person, path="criteres/B2.md", sections=proof, change_class="clarity"
    )
    everybody = words(passer_by.get("/comparer"))
    for role in ("salarie", "ACI", "AI", "EI", "ETTI", "EITI", "GEIQ", "prescripteur"):
        assert f"/comparer?de=2026.0&amp;a=travail&amp;pour={role}" in everybody
    mine = words(passer_by.get("/comparer?pour=salarie"))
    assert "Ce qui change pour les salariés en insertion" in mine
    assert "2 critères changent. Dont 1 pour les salariés en insertion." in mine
    sides = heard(item(mine, "E4"))
    assert sides.index("Avant") < sides.index("Vous changez de structure") < sides.index("Maintenant")
    assert sides.index("Maintenant") < sides.index("un mois avant") < sides.index("Pourquoi : Vous serez prévenu")
    assert "brouillons" in mine, "nobody concerned has re-read these texts"
    assert 'id="B2"' not in mine
    assert "1 changement n’est pas pour les salariés en insertion" in mine
    prescribers = words(passer_by.get("/comparer?pour=prescripteur"))
    assert "Ce qui change pour les prescripteurs" in prescribers
    assert 'id="E4"' in prescribers, "they hold its evidence"
    assert 'id="B2"' not in prescribers
    assert "Aucun pour une structure GEIQ." in words(passer_by.get("/comparer?pour=GEIQ"))
    workshop = words(passer_by.get("/comparer?pour=aci"))
    assert "Ce qui change pour une structure ACI" in workshop
    assert 'id="B2"' in workshop


def test_a_role_that_is_none_is_said_and_everything_is_shown(
    library: Library, amina: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    adopted(library, amina.person, chloe.person, denis.person)
    for role in ("%3Cb%3E", "patron", "A" * 5_000, "%00", "é"):
        page = words(passer_by.get(f"/comparer?pour={role}"))
        assert "Nous ne connaissons pas ce rôle." in page
        assert 'id="E4"' in page
    former = passer_by.get("/comparer?structure=ACI", status=302)
    assert former.headers["Location"].endswith("/comparer?de=2026.0&a=travail&pour=ACI")
    for page in ("0", "-1", "99999999", "deux"):
        assert 'id="E4"' in words(passer_by.get(f"/comparer?page={page}"))


def test_what_changed_since_a_day_has_an_address(
    library: Library, amina: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    assert "Rien ne change" in words(passer_by.get("/depuis/2026-02-01"))
    second_edition(library, amina.person, chloe.person, denis.person)
    page = words(passer_by.get("/depuis/2026-02-01"))
    assert "Ce qui change depuis le 1er février 2026" in page
    assert "De l’édition 2026.0 à l’édition 2026.1" in page
    assert "1 critère change." in page
    assert "pour les salariés en insertion" in words(passer_by.get("/depuis/2026-02-01?pour=salarie"))


def test_a_very_long_text_stays_a_page(
    library: Library, amina: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    long = "\n".join(f"- Le cas {place} est relu avec la personne, puis noté." for place in range(350))
    adopted(library, amina.person, chloe.person, denis.person, sections={"Points d'attention": long})
    told = item(words(passer_by.get("/comparer")), "E4")
    assert "autres passages changent" in told
    assert len(told) < 20_000


def test_a_refused_split_changes_nothing(
    library: Library, bruno: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    decide(
        library,
        ProposalKind.SPLIT,
        "criteres/C2.md",
        by=bruno,
        chloe=chloe,
        denis=denis,
        outcome=Outcome.REFUSED,
        sections={"Énoncé": "L’autre part du texte."},
        more=(new_part(1, "La première part", "C2"),),
    )
    assert "Rien ne change" in words(passer_by.get("/comparer"))
    assert "verbe: scinder" in library.read("decisions/1.md").text


def test_a_name_that_is_no_edition_is_a_404(passer_by: Someone) -> None:
    """ref-01, ref-03, git-*"""
    forms = ("-x", "v1..2", "HEAD", "2026.01", "--output=/tmp/pwn", ":/m", "%00", "main", "2031.4", "9" * 3_000)
    for name in forms:
        page = words(passer_by.get(f"/comparer?de={name}", status=404))
        assert "Cette édition n’existe pas." in page
        passer_by.get(f"/comparer?de=2026.0&a={name}", status=404)
