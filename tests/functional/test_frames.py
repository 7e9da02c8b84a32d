"""Frames: what a reader of a sealed page is told today, around bytes that never change."""

import re
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import ModuleType

import pytest
from flask import Flask

from referentiel.commands.work import one_pass
from referentiel.criteria import erratum
from referentiel.database import db, session
from referentiel.dates import day
from referentiel.editions import queries
from referentiel.editions.edition import Edition
from referentiel.editions.lifetimes import around, lifetime, withdrawn_in
from referentiel.editions.numbering import Number
from referentiel.editions.pages import addresses
from referentiel.library.library import Library
from referentiel.proposals.states import ProposalKind
from referentiel.web import citing, frame_parts, frames
from tests.cast import BASE, Someone
from tests.edition_lives import published, second_edition, withdrawn
from tests.errata_lives import adopted_erratum
from tests.functional.test_reading import statements, words
from tests.proposal_lives import ago, decided, in_discussion

TODAY = day(datetime.now(UTC))


def fragment(library: Library, number: str, page: str) -> bytes:
    return (queries.shelf_of(library).path / number / "scelle" / f"{page}.html").read_bytes()


def lose_the_database(app: Flask) -> None:
    """The file goes, and so does every connection that still holds it."""
    if not str(app.config["SQLALCHEMY_DATABASE_URI"]).startswith("sqlite"):
        pytest.skip("the database of this engine is not a file")
    session.remove()
    db.engine.dispose()
    file = Path(str(app.config["SQLALCHEMY_DATABASE_URI"]).removeprefix("sqlite:///"))
    for path in (file, file.with_name(file.name + "-wal"), file.with_name(file.name + "-shm")):
        path.unlink(missing_ok=True)


# --- which edition, and until when


def test_the_only_edition_says_that_it_is_in_force(passer_by: Someone) -> None:
    page = words(passer_by.get("/editions/2026.0/criteres/E4"))
    assert "Cette édition est en vigueur." in page
    assert "s’applique depuis le 5 janvier 2026" in page
    assert "d’une édition à l’autre" not in page


def test_a_replaced_edition_says_by_which_and_how_long_it_held(
    app: Flask, library: Library, amina: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    second_edition(library, amina.person, chloe.person, denis.person)
    assert one_pass(app, at=ago(0))
    page = words(passer_by.get("/editions/2026.0/criteres/E4"))
    assert "Une édition plus récente existe : 2026.1." in page
    assert "L’édition 2026.0 s’est appliquée du 5 janvier 2026 au" in page
    assert 'href="/editions/2026.1/criteres/E4"' in page
    newer = words(passer_by.get("/editions/2026.1/criteres/E4"))
    assert "Cette édition est en vigueur." in newer
    assert re.search(r'<a href="/editions/2026.0/criteres/E4">Édition 2026.0</a>, la précédente', newer)
    assert '<b aria-current="page">Édition 2026.1</b>, celle-ci' in newer


def test_an_edition_to_come_is_announced_in_the_frames_of_the_one_in_force(
    app: Flask, library: Library, amina: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    second_edition(library, amina.person, chloe.person, denis.person, in_days=20)
    assert one_pass(app, at=ago(0))
    in_force = words(passer_by.get("/editions/2026.0/criteres/E4"))
    assert "Cette édition est en vigueur." in in_force
    assert "L’édition 2026.1 est déjà publiée : applicable le" in in_force
    to_come = words(passer_by.get("/editions/2026.1/criteres/E4"))
    assert "Jusque-là, c’est l’édition 2026.0 qui s’applique." in to_come
    assert 'href="/editions/2026.0/criteres/E4"' in to_come


def test_the_day_comes_and_the_frames_say_so(
    app: Flask, library: Library, amina: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    second_edition(library, amina.person, chloe.person, denis.person, in_days=20)
    with app.test_request_context():
        frames.remake(queries.shelf_of(library), TODAY + timedelta(days=20))
    assert "Cette édition est en vigueur." in words(passer_by.get("/editions/2026.1/"))
    assert "plus récente existe : 2026.1" in words(passer_by.get("/editions/2026.0/"))


def one(number: Number, applies: date, *pages: str) -> Edition:
    manifest = {f"{page}.html": "0" * 64 for page in pages}
    return Edition(number, "c" * 40, "", applies, applies, "", "", "", "", "", manifest=manifest)


def test_an_edition_that_another_overtook_never_was_in_force() -> None:
    first = one(Number(2026, 0), date(2026, 1, 5))
    slow = one(Number(2026, 1), date(2026, 12, 1))
    quick = one(Number(2026, 2), date(2026, 11, 1))
    all_three = (first, slow, quick)
    assert lifetime(all_three, slow, date(2026, 10, 1)).phase == "to_come"
    assert lifetime(all_three, slow, date(2026, 11, 2)).phase == "replaced"
    assert not lifetime(all_three, slow, date(2026, 12, 2)).held
    assert lifetime(all_three, first, date(2026, 10, 1)).until == date(2026, 11, 1)
    assert lifetime(all_three, first, date(2026, 11, 1)).by is quick
    assert lifetime((first, slow), first, date(2026, 12, 1)).phase == "replaced"


def test_of_two_editions_of_one_day_the_later_replaces() -> None:
    first, second = one(Number(2026, 0), date(2026, 1, 5)), one(Number(2026, 0, 1), date(2026, 6, 1))
    third = one(Number(2026, 1), date(2026, 6, 1))
    assert lifetime((first, second, third), first, date(2026, 6, 1)).by is third
    assert not lifetime((first, second, third), second, date(2026, 6, 1)).held


def test_each_neighbouring_edition_is_told_once() -> None:
    editions = tuple(one(Number(2026, rank), date(2026, 1 + rank, 5), "criteres/E4") for rank in range(6))
    found = around(editions, editions[2], "criteres/E4", date(2026, 5, 6), {})
    assert [(str(there.edition.number), there.place) for there in found] == [
        ("2026.1", "previous"),
        ("2026.2", "this"),
        ("2026.3", "next"),
        ("2026.4", "in_force"),
        ("2026.5", "latest"),
    ]
    assert len(around(editions[:1], editions[0], "criteres/E4", date(2026, 5, 6), {})) == 1


def test_what_comes_back_is_no_longer_withdrawn() -> None:
    editions = tuple(one(Number(2026, rank), date(2026, 1 + rank, 5), "criteres/G7") for rank in range(3))
    gone = {"2026.1": {"criteres/G7"}}
    assert withdrawn_in(editions, "criteres/G7", gone) is None
    assert withdrawn_in(editions[:2], "criteres/G7", gone) is editions[1]


# --- the same page in the other editions


def test_a_withdrawn_criterion_is_told_from_the_edition_that_had_it_to_the_one_that_withdrew_it(
    app: Flask, library: Library, amina: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    withdrawn(library, amina.person, chloe.person, denis.person)
    published(library, denis.person, chloe.person)
    assert one_pass(app, at=ago(0))
    before = words(passer_by.get("/editions/2026.0/criteres/G7"))
    assert "Retiré dans l’édition 2026.1." in before
    assert 'href="/editions/2026.1/criteres/G7"' in before
    assert "Édition 2026.1</a>, en vigueur : retiré" in before
    after = words(passer_by.get("/editions/2026.1/criteres/G7"))
    assert "Il fait double emploi." in after
    assert 'href="../criteres/G6"' in after


def test_a_criterion_that_did_not_exist_yet_says_so_in_the_newer_edition(
    app: Flask, library: Library, amina: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    proposal = in_discussion(
        library,
        amina.person,
        chloe.person,
        days=60,
        kind=ProposalKind.CREATE,
        path="criteres/nouveau-1.md",
        sections={"Énoncé": "La structure présente le délégué.", "Facile à lire": "On vous présente le délégué."},
        keys={
            **{"titre": "Connaître son délégué", "chapitre": "B", "niveau": "standard", "etape": "accueil"},
            **{"structures": ("ACI",), "preuve_detenue_par": ("structure",)},
        },
    )
    decided(library, proposal, chloe.person, denis.person, days=12)
    code = queries.changes_between(library, queries.all_editions(library)[0].commit, library.head())[0].path[9:-3]
    published(library, denis.person, chloe.person)
    assert one_pass(app, at=ago(0))
    page = words(passer_by.get(f"/editions/2026.1/criteres/{code}"))
    assert "Édition 2026.0, la précédente : n’existait pas encore" in page
    passer_by.get(f"/editions/2026.0/criteres/{code}", status=404)


# --- errata


def test_an_erratum_stands_beside_the_passage_and_no_sealed_byte_moves(
    app: Flask, library: Library, amina: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    sealed = fragment(library, "2026.0", "criteres/E4")
    assert "erratum" not in words(passer_by.get("/editions/2026.0/criteres/E4"))
    assert passer_by.get("/editions/2026.0/errata.css").data == b""
    adopted_erratum(library, amina.person, chloe.person, denis.person)
    assert one_pass(app, at=ago(0))
    answer = passer_by.get("/editions/2026.0/criteres/E4")
    page = words(answer)
    assert "Un erratum corrige cette page" in page
    assert 'href="#enonce">Énoncé</a>' in page
    assert "Au lieu de" in page
    assert 'href="/decisions/1"' in page
    assert 'href="/editions/2026.0/errata.css"' in page
    assert fragment(library, "2026.0", "criteres/E4") == sealed
    assert sealed in answer.data
    marks = words(passer_by.get("/editions/2026.0/errata.css"))
    assert marks == '[data-page="criteres/E4"] [id="enonce"]::after{content:"Erratum : à lire en haut de la page"}\n'
    contents = words(passer_by.get("/editions/2026.0/"))
    assert "Un erratum corrige cette édition" in contents
    assert 'href="criteres/E4#errata"' in contents
    assert "errata.css" not in contents
    assert "erratum" not in words(passer_by.get("/editions/2026.0/criteres/E3"))


# --- quoting, anchors, paper


def test_a_reader_quotes_a_criterion_with_one_sentence(library: Library, passer_by: Someone) -> None:
    page = words(passer_by.get("/editions/2026.0/criteres/E4"))
    edition = queries.edition(library, "2026.0")
    quoted = re.search(r'<p class="cite">(.*?)</p>', page)
    assert quoted
    for expected in (
        "« Passer d’une étape à l’autre sans trou », critère E4",
        "édition 2026.0 (texte de départ, proposé à la discussion)",
        "publiée le 5 janvier 2026, applicable le 5 janvier 2026",
        f"{BASE}/editions/2026.0/criteres/E4",
        edition.commit,
        "Licence Ouverte 2.0",
    ):
        assert expected in quoted[1], expected


def test_each_rubric_has_an_address_that_works_without_script(passer_by: Someone) -> None:
    page = words(passer_by.get("/editions/2026.0/criteres/E4"))
    toc = re.search(r'<nav class="toc".*?</nav>', page, re.DOTALL)
    assert toc
    assert 'href="#enonce"' in toc[0]
    assert 'href="#passage-de-relais"' in toc[0]


def test_the_square_on_paper_leads_to_how_to_verify(passer_by: Someone) -> None:
    page = words(passer_by.get("/editions/2026.0/criteres/E4"))
    assert 'src="/editions/2026.0/verifier.svg"' in page
    assert f"{BASE}/editions/2026.0/verifier" in page
    with statements() as sent:
        drawn = passer_by.get("/editions/2026.0/verifier.svg")
    assert sent == []
    assert drawn.mimetype == "image/svg+xml"
    assert "max-age=300" in drawn.headers["Cache-Control"]
    assert drawn.data.startswith(b"<svg")
    passer_by.get("/editions/2026.0/verifier.svg", headers={"If-None-Match": drawn.headers["ETag"]}, status=304)
    passer_by.get("/editions/2031.0/verifier.svg", status=404)


# --- what stops


@pytest.fixture
def answers_without_a_database(app: Flask, passer_by: Someone, amina: Someone) -> Callable[[str], bytes]:
    """Both are answered the same, and the database is not there."""

    def opened(address: str) -> bytes:
        data = b""
        for someone in (passer_by, amina):
            answer = someone.client.get(address, base_url=BASE)
            assert answer.status_code in (200, 302), f"{someone.name} {address} {answer.status_code}"
            data = answer.data
        return data

    return opened


def test_the_editions_are_read_when_the_database_is_gone(
    app: Flask,
    library: Library,
    amina: Someone,
    chloe: Someone,
    denis: Someone,
    answers_without_a_database: Callable[[str], bytes],
) -> None:
    adopted_erratum(library, amina.person, chloe.person, denis.person)
    lose_the_database(app)
    for address in (
        *("/editions/", "/editions/2026.0/", "/editions/2026.0/criteres/E4", "/editions/2026.0/glossaire/"),
        *("/editions/2026.0/scelle/referentiel.json", "/editions/2026.0/scelle/criteres/E4.md"),
        *("/editions/2026.0/referentiel.json", "/editions/2026.0/manifeste.txt", "/editions/2026.0/verifier.svg"),
    ):
        answers_without_a_database(address)
    assert b"Un erratum corrige" in answers_without_a_database("/editions/2026.0/criteres/E4")
    assert b"erratum" in answers_without_a_database("/editions/2026.0/errata.css").lower()
    assert b'href="/editions/2026.0/"' in answers_without_a_database("/editions/")


def test_a_frame_is_made_again_when_the_code_that_words_it_changes(app: Flask) -> None:
    with app.app_context():
        watched = set(frames.sources())
    speaking = {sys.modules[of] for one in (frame_parts, citing, erratum) for of in names_from(one)}
    for module in (*speaking, frames, frame_parts, addresses):
        assert Path(str(module.__file__)) in watched, module.__name__


def names_from(module: ModuleType) -> set[str]:
    """The modules of the text and of editions, of pages and of days, from which this one takes a name."""
    found = {getattr(value, "__module__", "") for value in vars(module).values()}
    return {name for name in found if re.match(r"referentiel\.(criteria|editions|web|dates)\b", str(name))}


def test_a_frame_is_shown_when_the_disk_keeps_none(library: Library, passer_by: Someone) -> None:
    place = queries.shelf_of(library).path / "2026.0" / "cadre"
    place.write_text("the folder of the frames cannot be made")
    assert "Cette édition est en vigueur." in words(passer_by.get("/editions/2026.0/criteres/E4"))


def test_a_sealed_page_that_the_disk_lost_says_so(library: Library, passer_by: Someone) -> None:
    (queries.shelf_of(library).path / "2026.0" / "scelle" / "criteres" / "E4.html").unlink()
    assert "Ce fichier manque" in words(passer_by.get("/editions/2026.0/criteres/E4", status=404))
