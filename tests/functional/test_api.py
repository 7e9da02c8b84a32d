"""The open API: what a program of anybody reads, how it goes on, what it is told when it asks for something else."""

import json
import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from referentiel.blueprints.api import COMPARING, TABLE
from referentiel.comments import actions as comments
from referentiel.comments.anchors import Anchor, Target
from referentiel.database import writing
from referentiel.library.library import Library
from referentiel.permissions import COLLEGE_LABELS
from referentiel.proposals import actions
from referentiel.proposals.models import Proposal
from referentiel.proposals.states import Outcome, Stance
from tests.cast import BASE, Someone, stand_still
from tests.edition_lives import adopted, second_edition
from tests.errata_lives import CORRECTED, WORDS, adopted_erratum
from tests.functional.test_reading import statements, words
from tests.proposal_lives import ago, decided, in_decision, in_discussion

API = "/api/v1"


def asked(someone: Someone, path: str, status: int = 200, **options: Any) -> TestResponse:
    """An answer of the API, with what each of them has: open to every site, no cookie, a type that programs know."""
    response = someone.client.get(f"{API}{path}", base_url=BASE, **options)
    assert response.status_code == status, response.get_data(as_text=True)
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response.headers
    assert "Set-Cookie" not in response.headers
    if status != 304:
        assert response.mimetype == ("application/json" if status == 200 else "application/problem+json")
    return response


def read(someone: Someone, path: str) -> Any:
    return asked(someone, path).get_json()


def every_page(someone: Someone, path: str) -> list[Any]:
    """All pages of a list, from link to link: the body and the header say the same."""
    found, address = [], f"{API}{path}"
    while address:
        response = asked(someone, address.removeprefix(BASE).removeprefix(API))
        page = response.get_json()
        found.append(page)
        linked = re.search(r'<([^>]+)>; rel="next"', response.headers["Link"])
        assert (linked[1] if linked else None) == page["liens"]["suivant"]
        address = page["liens"]["suivant"]
        assert len(found) < 100
    return found


@pytest.fixture
def life(library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone) -> Proposal:
    """Decision 1 adopted, edition 2026.1, decision 2 adopted since, proposal 3 refused, proposal 4 discussed."""
    second_edition(library, amina.person, chloe.person, denis.person, note="Un passage préparé.")
    adopted(library, bruno.person, chloe.person, denis.person, days=1, path="criteres/E5.md")
    refused = in_discussion(library, bruno.person, chloe.person, days=50, path="criteres/A1.md", title="Non & non")
    decided(library, refused, chloe.person, denis.person, Outcome.REFUSED)
    return in_discussion(library, amina.person, chloe.person, days=3, title="« Prévenir » <b>plus tôt</b>")


# --- the text


def test_a_program_reads_a_criterion_under_the_names_of_its_file(passer_by: Someone) -> None:
    found = read(passer_by, "/criteres/E4")
    sealed = passer_by.get("/editions/2026.0/scelle/referentiel.json").get_json()
    (same,) = [one for chapter in sealed["chapitres"] for one in chapter["criteres"] if one["code"] == "E4"]
    assert {name: found[name] for name in same} == same
    assert found["edition"] == sealed["edition"] == "2026.0"
    for name in ("statut", "commit", "avertissement", "licence"):
        assert found[name] == sealed[name]
    assert found["liens"]["page"] == f"{BASE}/editions/2026.0/criteres/E4"


def test_every_item_of_the_sealed_json_is_read_the_same_one_by_one(passer_by: Someone) -> None:
    whole = passer_by.get("/editions/2026.0/scelle/referentiel.json").get_json()
    for kind in ("glossaire", "outils", "competences", "pages"):
        lines = [row for page in every_page(passer_by, f"/{kind}/?nombre=30") for row in page["resultats"]]
        assert [row["cle"] for row in lines] == [one["cle"] for one in whole[kind]]
        for one in whole[kind]:
            found = read(passer_by, f"/{kind}/{one['cle']}")
            assert {name: found[name] for name in one} == one


def test_what_the_referential_says_of_itself_is_read_too(passer_by: Someone) -> None:
    found = read(passer_by, "/referentiel/presentation")
    assert found["chapitres"] == list("ABCDEFG")
    assert [one["titre"] for one in found["rubriques"]] == ["Présentation", "Facile à lire"]
    assert found["liens"]["page"] == f"{BASE}/editions/2026.0/"
    draft = read(passer_by, "/referentiel/presentation?edition=travail")
    assert (draft["blob"], draft["liens"]["page"]) == (found["blob"], f"{BASE}/travail/referentiel/presentation")


def test_lists_are_in_the_order_of_reading(passer_by: Someone) -> None:
    sealed = passer_by.get("/editions/2026.0/scelle/referentiel.json").get_json()
    chapters = read(passer_by, "/chapitres/")["resultats"]
    assert [one["code"] for one in chapters] == [one["code"] for one in sealed["chapitres"]]
    codes = [one["code"] for chapter in sealed["chapitres"] for one in chapter["criteres"]]
    assert [code for one in chapters for code in one["criteres"]] == codes
    assert [row["code"] for page in every_page(passer_by, "/criteres/?nombre=7") for row in page["resultats"]] == codes


def test_criteria_are_filtered_as_on_the_site(passer_by: Someone) -> None:
    every = read(passer_by, "/criteres/?nombre=100")["resultats"]
    some = read(passer_by, "/criteres/?nombre=100&structure=ETTI&niveau=imperatif")["resultats"]
    assert some == [row for row in every if row["niveau"] == "imperatif" and "ETTI" in row["structures"]]
    assert 0 < len(some) < len(every)


def test_the_draft_and_each_edition_say_what_they_say_since_when_and_in_which_files(
    life: Proposal, passer_by: Someone
) -> None:
    texts = {
        name: read(passer_by, f"/criteres/E5?edition={name}")["rubriques"][0]["texte"]
        for name in ("2026.0", "2026.1", "travail")
    }
    assert texts["2026.0"] == texts["2026.1"] != texts["travail"]
    assert read(passer_by, "/criteres/E4")["edition"] == "2026.1"
    draft = read(passer_by, "/criteres/?edition=travail&nombre=1")
    assert (draft["edition"], draft["statut"]) == ("travail", "version de travail, pas encore publiée")
    assert draft["liens"]["page"] == f"{BASE}/travail/"
    pages = every_page(passer_by, "/editions/?nombre=1")
    assert [page["resultats"][0]["edition"] for page in pages] == ["2026.1", "2026.0"]
    found = read(passer_by, "/editions/2026.1")
    assert (found["precedente"], found["suivante"], found["en_vigueur"]) == ("2026.0", None, True)
    assert found["note"] == "Un passage préparé."
    assert read(passer_by, "/editions/2026.0")["suivante"] == "2026.1"
    for file in found["fichiers"]:
        assert passer_by.get(file["adresse"].removeprefix(BASE)).headers["ETag"] == f'"{file["sha256"]}"'
    assert {"referentiel.json", "referentiel.zip"} <= {file["nom"] for file in found["fichiers"]}


def test_who_goes_from_page_to_page_stays_in_one_state_of_the_text(
    library: Library, amina: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    first = read(passer_by, "/criteres/?nombre=10")
    second_edition(library, amina.person, chloe.person, denis.person)
    second = read(passer_by, first["liens"]["suivant"].removeprefix(BASE + API))
    assert (second["edition"], second["commit"]) == (first["edition"], first["commit"]) == ("2026.0", first["commit"])
    assert read(passer_by, "/criteres/?nombre=10")["edition"] == "2026.1"


def test_errata_stand_beside_the_edition_that_they_correct(
    library: Library, bruno: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    assert read(passer_by, "/editions/2026.0/errata")["resultats"] == []
    adopted_erratum(library, bruno.person, chloe.person, denis.person)
    (row,) = read(passer_by, "/editions/2026.0/errata")["resultats"]
    assert (row["nom"], row["texte"], row["rubrique"], row["vaut"]) == ("E4-1", "criteres/E4", "Énoncé", True)
    assert (row["au_lieu_de"], row["lire"], row["decision"]) == (WORDS, CORRECTED, 1)
    found = read(passer_by, "/criteres/E4")
    assert [one["nom"] for one in found["errata"]] == ["E4-1"]
    assert WORDS in found["rubriques"][0]["texte"], "the sealed words stay"
    assert read(passer_by, "/criteres/E4?edition=travail")["errata"] == []
    assert read(passer_by, "/criteres/E5")["errata"] == []


# --- comparing


def test_two_states_are_compared_in_the_order_of_time_with_words_and_reasons(
    life: Proposal, passer_by: Someone
) -> None:
    found = read(passer_by, "/comparer?de=2026.0&a=2026.1")
    assert (found["de"]["edition"], found["a"]["edition"]) == ("2026.0", "2026.1")
    assert found["compte"]["substance"] == found["total"] == 1
    (changed,) = found["resultats"]
    assert (changed["genre"], changed["cle"], changed["sort"]) == ("criteres", "E4", "substance")
    (part,) = changed["parties"]
    assert part["nom"] == "Énoncé"
    assert part["avant"] == read(passer_by, "/criteres/E4?edition=2026.0")["rubriques"][0]["texte"]
    assert part["apres"] == read(passer_by, "/criteres/E4?edition=2026.1")["rubriques"][0]["texte"]
    (why,) = changed["pourquoi"]
    assert why["en_clair"] == read(passer_by, f"/decisions/{why['decision']}")["en_clair"]
    assert found["liens"]["page"] == f"{BASE}/comparer?de=2026.0&a=2026.1"
    passer_by.get("/comparer?de=2026.0&a=2026.1")
    turned = read(passer_by, "/comparer?de=2026.1&a=2026.0")
    assert turned["resultats"] == read(passer_by, "/comparer?de=2026.0&a=2026.1")["resultats"]
    since = read(passer_by, "/comparer")
    assert (since["de"]["edition"], since["a"]["edition"]) == ("2026.1", "travail")
    assert [one["cle"] for one in since["resultats"]] == ["E5"]
    pages = every_page(passer_by, "/comparer?de=2026.0&nombre=1")
    assert [page["resultats"][0]["cle"] for page in pages] == ["E4", "E5"]
    assert {page["a"]["edition"] for page in pages} == {"travail"}
    for pour, shown in (("salarie", ["E4", "E5"]), ("ETTI", ["E4", "E5"]), ("GEIQ", [])):
        mine = read(passer_by, f"/comparer?de=2026.0&pour={pour}")
        assert [one["cle"] for one in mine["resultats"]] == shown, pour
        assert sum(mine["compte"].values()) == mine["total"] == len(shown)
        assert mine["liens"]["page"] == f"{BASE}/comparer?de=2026.0&a=travail&pour={pour}"
    assert len(every_page(passer_by, "/comparer?de=2026.0&nombre=1&pour=ETTI")) == 2
    same = read(passer_by, "/comparer?de=2026.0&a=2026.0")
    assert (same["total"], same["inchanges"]) == (0, 40)


# --- proposals and decisions


def test_proposals_come_highest_number_first_and_each_tells_what_its_page_tells(
    life: Proposal, passer_by: Someone
) -> None:
    rows = [row for page in every_page(passer_by, "/propositions/?nombre=1") for row in page["resultats"]]
    assert [row["numero"] for row in rows] == [4, 3, 2, 1]
    assert [row["etat"] for row in rows] == ["in_discussion", "refused", "adopted", "adopted"]
    assert [row["numero"] for row in read(passer_by, "/propositions/?etat=refused")["resultats"]] == [3]
    assert [row["numero"] for row in read(passer_by, "/propositions/?critere=E4&college=employees")["resultats"]] == [
        4,
        1,
    ]
    found = read(passer_by, "/propositions/4")
    assert found["titre"] == "« Prévenir » <b>plus tôt</b>"
    assert [step["etape"] for step in found["etapes"]] == ["submit", "admit"]
    (text,) = found["textes"]
    assert text["chemin"] == "criteres/E4.md"
    assert "un mois avant." in text["texte"]
    assert {said["college"] for said in found["colleges"]} == {college.value for college in COLLEGE_LABELS}
    assert found["liens"]["page"] == f"{BASE}/propositions/4"


def test_a_decision_tells_what_its_file_tells(life: Proposal, library: Library, passer_by: Someone) -> None:
    rows = [row for page in every_page(passer_by, "/decisions/?nombre=2") for row in page["resultats"]]
    assert [(row["numero"], row["issue"]) for row in rows] == [(3, "refusee"), (2, "adoptee"), (1, "adoptee")]
    found = read(passer_by, "/decisions/3")
    file = library.read("decisions/3.md").text
    for name in ("numero", "proposition", "redaction", "objet", "issue", "date", "classe"):
        assert f"{name}: {found[name]}\n" in file
    assert found["signataires"] == ["spe", "partners"]
    assert found["raison"] in file
    assert found["en_clair"] in file


def test_what_waits_for_a_second_signature_is_not_told(
    life: Proposal, library: Library, chloe: Someone, bruno: Someone, passer_by: Someone
) -> None:
    other = in_discussion(library, bruno.person, chloe.person, days=45, path="criteres/B1.md", title="Encore")
    in_decision(library, other, chloe.person, reason="Un secret.", plain_reason="Rien n’est encore décidé.")
    for path in ("/propositions/", f"/propositions/{other.id}", "/decisions/"):
        assert not re.search("secret|encore décidé", asked(passer_by, path).get_data(as_text=True))
    assert read(passer_by, f"/propositions/{other.id}")["etat"] == "in_decision"


# --- what is never told


def every_answer(someone: Someone) -> list[tuple[str, Any]]:
    """All that can be reached from the entry, page after page, item after item: as it is, and as it is read."""
    waiting, seen, found = [f"{BASE}{API}/"], set[str](), list[tuple[str, Any]]()
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        text = asked(someone, address.removeprefix(BASE).removeprefix(API)).get_data(as_text=True)
        found.append((text, json.loads(text)))
        waiting += [one for one in re.findall(r'"(?:lien|adresse|suivant)": "([^"]+)"', text) if API in one]
    assert len(found) > 150
    return found


def test_no_name_no_contribution_and_no_small_figure_is_in_any_answer(
    life: Proposal, library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    with writing():
        bruno.person.name = "Bruno Zéphyrin"
        amina.person.pseudonym = "Loutre-bleue"
    said = comments.comment(Anchor(Target.PROPOSAL, "4"), "Mes mots à moi.", by=amina.person, at=ago(0), form="1")
    comments.publish(said, by=denis.person, at=ago(0))
    actions.take_position(life, Stance.UNFAVOURABLE, revision=1, by=bruno.person, at=ago(0))
    told = "\n".join(text for text, _answer in every_answer(passer_by))
    for secret in ("Zéphyrin", "Loutre", "tests.invalid", "Mes mots à moi", "Chantier des Lilas"):
        assert secret not in told
    (employees,) = [one for one in read(passer_by, "/propositions/4")["colleges"] if one["college"] == "employees"]
    shown = passer_by.get("/propositions/4/colleges.json").get_json()["colleges"][0]
    assert shown["college"] == "employees"
    names = {"favorables": "favourable", "reserves": "reserved", "defavorables": "unfavourable", "peu": "few"}
    names |= {"personnes": "people", "structures": "structures", "plus_ancienne": "older", "entendu": "heard"}
    assert {one: employees[one] for one in names} == {one: shown[other] for one, other in names.items()}


def test_a_small_group_of_employees_is_hidden_as_on_the_page(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, passer_by: Someone
) -> None:
    found = in_discussion(library, bruno.person, chloe.person, days=60)
    actions.take_position(found, Stance.FAVOURABLE, revision=1, by=amina.person, at=ago(45))
    employees = read(passer_by, f"/propositions/{found.id}")["colleges"][0]
    assert employees["college"] == "employees"
    assert employees["peu"] is True
    assert {employees[name] for name in ("favorables", "reserves", "defavorables", "personnes")} == {None}


# --- HTTP


def test_who_has_an_answer_already_is_told_so_until_something_is_new(
    life: Proposal, bruno: Someone, passer_by: Someone
) -> None:
    for path in ("/", "/criteres/", "/criteres/E4", "/comparer", "/propositions/", "/propositions/4", "/decisions/1"):
        first = asked(passer_by, path)
        assert asked(passer_by, path).get_data() == first.get_data()
        same = asked(passer_by, path, 304, headers={"If-None-Match": first.headers["ETag"]})
        assert same.get_data() == b""
        head = passer_by.client.head(f"{API}{path}", base_url=BASE)
        assert (head.status_code, head.headers["ETag"], head.get_data()) == (200, first.headers["ETag"], b"")
    before = asked(passer_by, "/propositions/4").headers["ETag"]
    actions.take_position(life, Stance.FAVOURABLE, revision=1, by=bruno.person, at=ago(0))
    assert asked(passer_by, "/propositions/4").headers["ETag"] != before


def test_a_page_of_another_site_may_read_and_asks_first_if_it_likes(passer_by: Someone) -> None:
    headers = {"Origin": "https://ailleurs.example", "Access-Control-Request-Method": "GET"}
    for path in ("/criteres/E4", "/openapi.json", "/"):
        answer = passer_by.client.options(f"{API}{path}", base_url=BASE, headers=headers)
        assert answer.status_code == 200
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "GET" in answer.headers["Access-Control-Allow-Methods"]
        assert answer.get_data() == b""
    for path in ("/", "/criteres/E4", "/flux/editions.atom", "/propositions/"):
        assert "Access-Control-Allow-Origin" not in passer_by.get(path).headers


def test_nothing_is_written_through_it(passer_by: Someone) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        for path in ("/criteres/E4", "/propositions/", "/openapi.json"):
            answer = passer_by.client.open(f"{API}{path}", base_url=BASE, method=method, data={"titre": "x"})
            assert answer.status_code == 405
            assert answer.mimetype == "application/problem+json"
            assert {word.strip() for word in answer.headers["Allow"].split(",")} == {"GET", "HEAD", "OPTIONS"}
            assert answer.headers["Access-Control-Allow-Origin"] == "*"


REFUSED = [
    *(("/x", 404), ("/criteres/Z9", 404), ("/criteres/e4", 404), ("/outils/../pages/methode", 404)),
    *(("/editions/2031.0", 404), ("/editions/..%2f..", 404), ("/propositions/99", 404), ("/decisions/0", 404)),
    *(("/propositions/99999999999999999999", 404), ("/decisions/-1", 404), ("/criteres/E4%00", 404)),
    *(
        ("/criteres/?edition=2031.0", 404),
        ("/criteres/?apres=Z9", 404),
        ("/editions/?apres=2031.0", 404),
        ("/comparer?de=2031.0", 404),
        ("/editions/2031.0/errata", 404),
    ),
    *(("/criteres/?edition=../..", 422), ("/criteres/?edition=%00", 422), ("/criteres/?edition=", 422)),
    *(("/criteres/?nombre=0", 422), ("/criteres/?nombre=-1", 422), ("/criteres/?nombre=101", 422)),
    *(("/criteres/?nombre=1e3", 422), ("/criteres/?nombre=%D9%A3", 422), ("/criteres/?structure=aci", 422)),
    *(("/criteres/?page=2", 422), ("/criteres/?edition=2026.0&edition=travail", 422)),
    *(("/propositions/?apres=99999999999", 422), ("/propositions/?etat=draft", 422)),
    *(("/criteres/?edition=" + "9" * 10_000, 422), ("/criteres/?" + "x" * 10_000 + "=1", 422)),
    *(("/criteres/?edition=2026.0%0A", 422), ("/criteres/E4?edition=%FF%FE", 422)),
    *(
        ("/comparer?de=../..", 422),
        ("/comparer?structure=ACI", 422),
        ("/propositions/?critere='%20OR%201=1--", 422),
        ("/glossaire/" + "a" * 10_000, 404),
    ),
]


def test_what_cannot_be_answered_is_refused_in_french_as_a_problem(passer_by: Someone) -> None:
    page = words(passer_by.get("/api/"))
    for path, status in REFUSED:
        answer = asked(passer_by, path, status)
        told = answer.get_json()
        assert told["status"] == status, path
        assert told["title"]
        assert told["detail"].endswith("."), path
        assert told["demande"] == answer.headers["X-Request-Id"]
        assert len(answer.get_data()) < 2_000
        assert (told["parametre"] is not None) == (status == 422), path
        assert f'id="{urlsplit(told["type"]).fragment}"' in page, path


def test_who_asks_too_often_is_told_how_long_to_wait(app: Flask, passer_by: Someone) -> None:
    stand_still(app)
    for _ in range(COMPARING.count):
        asked(passer_by, "/comparer?nombre=1")
    answer = asked(passer_by, "/comparer?nombre=1", 429)
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert answer.get_json()["status"] == 429
    asked(passer_by, "/criteres/E4")


def test_a_fault_of_ours_is_a_problem_too(app: Flask, library: Library, passer_by: Someone) -> None:
    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    path = library.path / "refs" / "heads" / "main"
    path.write_text("rien\n")
    answer = asked(passer_by, "/criteres/?edition=travail", 503)
    assert answer.get_json()["status"] == answer.status_code
    assert "Traceback" not in answer.get_data(as_text=True)


def test_who_is_signed_in_reads_what_everybody_reads(denis: Someone, passer_by: Someone) -> None:
    for path in ("/", "/propositions/", "/criteres/E4"):
        mine, theirs = asked(denis, path), asked(passer_by, path)
        assert mine.get_data() == theirs.get_data()
        assert mine.headers["Cache-Control"] == theirs.headers["Cache-Control"]
        assert "Cookie" not in mine.headers.get("Vary", "")


def test_an_answer_costs_the_same_whatever_there_is(
    life: Proposal, library: Library, bruno: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    paths = (
        "/criteres/E4",
        "/glossaire/",
        "/editions/",
        "/propositions/",
        "/propositions/4",
        "/decisions/",
        "/decisions/1",
    )
    counts = []
    for time in range(2):
        sent = {}
        for path in paths:
            asked(passer_by, path)
            with statements() as made:
                asked(passer_by, path)
            sent[path] = len(made)
        counts.append(sent)
        if not time:
            for number in range(3):
                actions.take_position(life, list(Stance)[number], revision=1, by=bruno.person, at=ago(0))
                other = in_discussion(library, bruno.person, chloe.person, days=40, path=f"criteres/C{number + 1}.md")
                decided(library, other, chloe.person, denis.person, Outcome.REFUSED)
    assert counts[0] == counts[1]
    assert {counts[0][path] for path in paths[:3]} == {0}
    assert max(counts[0][path] for path in ("/propositions/", "/decisions/")) <= 2


# --- its page


def test_its_page_lists_every_address_and_its_examples_work(life: Proposal, passer_by: Someone) -> None:
    page = words(passer_by.get("/api/"))
    for resource in TABLE:
        assert f"<code>{API}{resource.path}</code>" in page
    examples = re.findall(r"<code>curl (?:&#34;|\")?([^\s\"<&]+(?:&amp;[^\s\"<&]+)*)", page)
    assert len(examples) >= 4
    for example in examples:
        asked(passer_by, example.replace("&amp;", "&").removeprefix(BASE).removeprefix(API))
    assert json.loads(passer_by.get(f"{API}/openapi.json").get_data())["openapi"].startswith("3.1")
    for address in ("/plan-du-site", "/"):
        assert 'href="/api/"' in words(passer_by.get(address))
