"""Every hostile or awkward input of ``tests/data/bad_inputs.jsonl``, through the doors that people use.

The oracle for each: no answer of 500 or more, a page that is a page (the cast's browsers check each), nothing written
that should not be, a message in plain French. A case whose feature does not exist yet is pending, by name.
"""

import json
import re
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from referentiel.cli import referentiel
from referentiel.comments.models import Comment
from referentiel.config import Settings
from referentiel.criteria.rendering import render
from referentiel.database import session
from referentiel.library.library import Library
from referentiel.people.models import Person
from referentiel.proposals.models import Proposal
from tests.cast import BASE, Someone, environment
from tests.importing import write, zipped
from tests.patience import patience

FILE = Path(__file__).parents[1] / "data" / "bad_inputs.jsonl"
CASES: dict[str, dict[str, Any]] = {case["id"]: case for case in map(json.loads, FILE.read_text().splitlines())}

HARMLESS = {"dos-07", "uni-03"}
"""May also be accepted: definition lists are off, and a zero-width space may simply be taken out."""

PENDING = {
    "csv-01": "exports to CSV and XLSX",
    "csv-02": "exports to CSV and XLSX",
    "exp-01": "PDF of an edition",
    "web-18": "private objects of an organisation",
    "web-27": "working groups' private pages",
    "xml-01": "import of a document",
}
ELSEWHERE = {
    "md-21": "unit/test_rendering.py::test_headings_start_at_the_third_level_and_never_skip_one",
    "oidc-02": (
        "functional/openid/test_what_the_provider_signs.py::test_an_identity_token_that_proves_nothing_opens_nothing"
    ),
    "oidc-03": (
        "functional/openid/test_the_provider_that_fails.py"
        "::test_the_provider_is_the_one_of_the_settings_and_no_other_host_is_asked"
    ),
    "rgpd-01": "whole/test_erasure.py::test_nothing_of_somebody_is_left_anywhere_nor_comes_back_with_an_older_backup",
    "rgpd-02": "whole/test_demo.py::test_no_name_nor_address_of_anybody_enters_git",
    "uni-08": "unit/test_characters.py::test_half_a_character_is_refused_and_never_breaks_the_answer",
    "web-03": "functional/test_signing_in.py"
    "::test_a_host_that_is_not_ours_is_refused_and_mails_lead_to_the_public_address",
    "web-06": "functional/test_people_letters.py"
    "::test_a_title_with_line_breaks_stays_on_the_subject_line_and_html_stays_text",
    "web-11": "functional/test_signing_in.py"
    "::test_opening_the_link_by_head_or_get_does_not_use_it_up_and_a_second_post_says_it_was_used",
    "web-12": "functional/test_signing_in.py::test_a_link_is_refused_after_eleven_minutes_with_a_way_to_ask_again",
    "web-15": "functional/test_joining.py"
    "::test_thirty_wrong_tries_slow_one_locator_and_neither_another_card_nor_the_address",
    "web-16": "functional/test_joining.py::test_the_same_answer_for_a_wrong_an_expired_and_a_used_code",
    "web-23": "functional/test_web_door.py"
    "::test_a_flood_from_one_address_waits_whatever_address_it_claims_and_loses_nothing",
    "web-24": (
        "functional/test_signing_twice_and_at_once.py"
        "::test_a_double_click_on_the_second_signature_is_one_decision_and_one_commit"
    ),
    "web-25": (
        "functional/test_deciding_while_the_text_moves.py"
        "::test_a_text_that_moved_since_the_page_was_shown_is_never_overwritten"
    ),
}
"""Run by name in another file, where the act that they disturb is told."""


def text_of(response: TestResponse) -> str:
    return response.get_data(as_text=True)


def rows(model: type[Any]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def typed(value: Any) -> str:
    """The input itself; ``{"repeat": …, "n": …}`` is written out."""
    return value["repeat"] * value["n"] if isinstance(value, dict) else str(value)


@pytest.fixture
def bruno_previews(bruno: Someone) -> Callable[[str], TestResponse]:
    """Bruno types a text in the statement of E4 and asks for the difference."""

    def preview(text: str) -> TestResponse:
        return bruno.fill("/propositions/nouvelle?critere=E4", button="Prévisualiser", section_enonce=text)

    return preview


@pytest.mark.parametrize("name", [n for n in CASES if re.match(r"md-(?!06)", n) and n not in ELSEWHERE])
def test_hostile_markdown_is_shown_as_letters(name: str, bruno_previews: Callable[[str], TestResponse]) -> None:
    text = typed(CASES[name]["input"])
    page = text_of(bruno_previews(text))
    main = page[page.index("<main") : page.index("</main>")]
    assert (
        "alert(1)" not in re.sub(r"<textarea.*?</textarea>", "", main, flags=re.S) or "&lt;" in main or "lert" in main
    )
    assert not re.search(r"<(script|style|math|img|iframe)\b", main)
    assert not re.search(r'<[a-z]+ [^<>]*(href|src|action|formaction)="(javascript|data:|//)', main, re.I)
    assert not re.search(r"<[a-z][^<>]*\son[a-z]+=", re.sub(r"<textarea.*?</textarea>", "", main, flags=re.S))
    rendered = str(render(text))
    assert not re.search(r"<(script|style|math|img|iframe|form|input|button)\b", rendered)
    assert not re.search(r'<a [^>]*href="(?:javascript|data:|//)', rendered, re.I)


@pytest.mark.parametrize("name", [n for n in CASES if re.match(r"(md-06|dos-0[1-7]|uni-0[137])$", n)])
def test_what_may_not_be_typed_is_refused_by_name_and_kept(
    name: str, bruno: Someone, bruno_previews: Callable[[str], TestResponse]
) -> None:
    text = typed(CASES[name]["input"])
    bruno_previews(text)
    response = bruno.fill(
        "/propositions/nouvelle?critere=E4",
        button="Envoyer",
        section_enonce=text,
        title="Un titre",
        reason="Une raison.",
        licence="y",
    )
    if name in HARMLESS and response.status_code == 303:
        return
    assert response.status_code == 422
    assert "Énoncé" in text_of(response)
    assert 'aria-invalid="true"' in text_of(response)
    assert rows(Proposal) == 0


@pytest.mark.parametrize("name", ["uni-06", "uni-09"])
def test_ordinary_letters_of_every_script_are_welcome(name: str, amina: Someone) -> None:
    text = CASES[name]["input"]
    amina.fill("/criteres/E4/avis", visage="yes", texte=text)
    assert session.scalars(select(Comment)).one().text.split() == text.split()


@pytest.mark.parametrize("name", [n for n in CASES if re.match(r"uni-0[17]$", n)])
def test_a_comment_that_cannot_be_read_is_refused(name: str, amina: Someone) -> None:
    response = amina.fill("/criteres/E4/avis", visage="yes", texte=CASES[name]["input"])
    assert response.status_code in {303, 422}
    assert all(CASES[name]["input"] != comment.text for comment in session.scalars(select(Comment)))


@pytest.mark.parametrize("name", ["cmt-01", "cmt-02"])
def test_a_name_never_carries_a_second_line(name: str, bruno: Someone) -> None:
    response = bruno.fill("/mon-compte", to="nom", name=CASES[name]["input"])
    assert response.status_code == 422
    assert bruno.person.name is None


def test_eight_megabytes_are_refused_before_they_are_read(bruno: Someone) -> None:
    case = CASES["dos-09"]
    bruno.get("/propositions/nouvelle?critere=E4")
    response = bruno.post("/propositions/nouvelle?critere=E4", {"section_enonce": typed(case["input"])})
    assert response.status_code == 413
    assert "trop" in text_of(response)


def test_a_hundred_thousand_fields_are_refused(bruno: Someone) -> None:
    count = CASES["dos-12"]["input"]["urlencoded_fields"]
    body = "&".join(f"c{n}=1" for n in range(count))
    response = bruno.post("/propositions/nouvelle?critere=E4", body, content_type="application/x-www-form-urlencoded")
    assert response.status_code in {400, 413}


@pytest.mark.parametrize("name", [n for n in CASES if n.startswith("fts-") or n == "dos-13"])
def test_any_search_gets_an_answer(name: str, passer_by: Someone) -> None:
    response = passer_by.get("/referentiel/", query_string={"q": CASES[name]["input"]})
    assert response.status_code == 200


@pytest.mark.parametrize("name", [n for n in CASES if n.startswith(("git-", "ref-"))])
def test_no_name_from_outside_reaches_git(name: str, passer_by: Someone) -> None:
    value = CASES[name]["input"]
    part = value if value == "%00" else quote(value, safe="")
    unknown = passer_by.client.get("/criteres/Z9", base_url=BASE)
    for address in (
        f"/criteres/{part}",
        f"/travail/criteres/{part}",
        f"/editions/{part}/",
        f"/editions/{part}/criteres/E4",
        f"/editions/{part}/scelle/criteres/E4.md",
        f"/comparer?de={part}&a=travail",
        f"/depuis/{part}",
        f"/pages/{part}",
    ):
        response = passer_by.client.get(address, base_url=BASE)
        assert response.status_code in {400, 404, 422}, address
    assert unknown.status_code == 404
    assert not Path("/tmp/pwn").exists()
    assert not Path("/tmp/x").exists()


def test_a_forged_host_is_refused(passer_by: Someone) -> None:
    response = passer_by.client.post("/connexion", base_url="http://evil.example", data={"email": "a@b.fr"})
    assert response.status_code == 400


@pytest.mark.parametrize(
    ("name", "headers"),
    [
        ("web-07", {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}),
        ("web-09", {"Origin": "null", "Sec-Fetch-Site": "cross-site"}),
    ],
)
def test_a_form_of_another_site_writes_nothing(name: str, headers: dict[str, str], amina: Someone) -> None:
    assert name in CASES
    amina.get("/criteres/E4/avis")
    response = amina.post("/criteres/E4/avis", {"visage": "yes"}, headers=headers)
    assert response.status_code == 403
    assert rows(Comment) == 0


def test_reading_every_page_as_an_editor_writes_nothing(denis: Someone, app: Flask, library: Library) -> None:
    before = (library.head(), rows(Proposal), rows(Comment), rows(Person))
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.arguments:
            denis.client.get(rule.rule, base_url=BASE)
            denis.client.head(rule.rule, base_url=BASE)
    assert (library.head(), rows(Proposal), rows(Comment), rows(Person)) == before


def test_fields_that_nobody_asked_for_are_ignored(bruno: Someone) -> None:
    bruno.get("/propositions/nouvelle?critere=E4")
    text = text_of(bruno.page) if bruno.page else ""
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', text)
    assert token
    bruno.send(
        button="Envoyer",
        title="Un titre",
        section_enonce="Tout passage est préparé avec la personne.",
        reason="Plus court.",
        plain_change="C’est plus clair.",
        licence="y",
    )
    forged = {"csrf_token": token[1], "state": "adopted", "author_id": "1", "role": "administrator", "college": "spe"}
    bruno.post("/propositions/nouvelle?critere=E4", forged)
    proposals = session.scalars(select(Proposal)).all()
    assert [(p.state, p.college) for p in proposals] == [("submitted", "siae")]
    assert bruno.person.roles == {"participant", "facilitator"}


@pytest.mark.parametrize("page", ["-1", "99999999999999999999", "abc", "1&page=2"])
def test_a_page_number_is_never_an_error(page: str, passer_by: Someone) -> None:
    for address in ("/propositions/", "/criteres/E4/contributions", "/moderation/registre"):
        assert passer_by.client.get(f"{address}?page={page}", base_url=BASE).status_code in {200, 404}


def test_the_address_in_a_square_is_made_by_the_server(passer_by: Someone) -> None:
    response = passer_by.client.get("/rejoindre/" + quote("“/../”", safe=""), base_url=BASE)
    assert response.status_code in {200, 404, 410, 422}


def imported(settings: Settings, source: Path) -> str:
    """What the command answers; it writes nothing, whoever asks."""
    given = ("--by", "bruno@tests.invalid", "--title", "T", "--reason", "R", "--licence-ouverte")
    told = CliRunner().invoke(referentiel, ["import", str(source), *given], env=environment(settings))
    assert told.exit_code == 1
    assert rows(Proposal) == 0
    return told.output


@pytest.mark.parametrize("name", [n for n in CASES if n.startswith("path-")])
def test_a_file_name_from_outside_is_refused_and_leads_nowhere(
    name: str, settings: Settings, library: Library, tmp_path: Path
) -> None:
    typed_name, head = str(CASES[name]["input"]), library.head()
    place = tmp_path / "texte"
    archive = zipped(tmp_path / "texte.zip", {typed_name: "x", "criteres/E4.md": library.read("criteres/E4.md").text})
    assert f"refusé    {typed_name}" in imported(settings, archive)
    if ".." not in typed_name:
        write(place, {typed_name: "x", "criteres/E4.md": library.read("criteres/E4.md").text})
        assert "refusé    " in imported(settings, place)
    assert not (tmp_path / "x.md").exists()
    assert library.head() == head


def test_a_zip_of_four_gigabytes_is_refused_before_it_is_unfolded(
    app: Flask, settings: Settings, tmp_path: Path
) -> None:
    assert "4 GB" in CASES["zip-01"]["input"]
    archive = zipped(tmp_path / "42.zip", {f"criteres/E{number}.md": b"0" * 40_000 for number in range(1, 100)})
    data = archive.read_bytes()
    true, said = struct.pack("<I", 40_000), struct.pack("<I", 41_000_000)
    archive.write_bytes(data.replace(true, said))
    assert len(data) < 42_000
    with patience(20):
        assert "dépasse 20 Mo" in imported(settings, archive)


COVERED = re.compile(r"^(md-|dos-|fts-|uni-|git-|ref-|cmt-|path-|qr-01|zip-01|web-(02|07|09|10|19|20)$)")


def test_each_case_is_run_or_pending_by_name() -> None:
    run = {name for name in CASES if COVERED.match(name)} | set(ELSEWHERE)
    assert set(CASES) - run == set(PENDING)
    assert not (set(ELSEWHERE) & set(PENDING))


@pytest.mark.parametrize("name", sorted(ELSEWHERE))
def test_a_case_told_elsewhere_is_a_test_there(name: str) -> None:
    file, _, test = ELSEWHERE[name].partition("::")
    assert f"def {test}(" in (Path(__file__).parents[1] / file).read_text(encoding="utf-8")
