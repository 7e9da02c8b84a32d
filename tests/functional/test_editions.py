"""Editions: announced, prepared by one, confirmed by another, sealed; then read in their frame for ever."""

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from referentiel.cli import referentiel
from referentiel.commands.work import one_pass
from referentiel.config import Settings
from referentiel.database import session, writing
from referentiel.dates import day
from referentiel.editions import queries
from referentiel.editions.models import EditionPlan, PlanState
from referentiel.editions.preparing import actions
from referentiel.editions.sealing.publishing import seal_confirmed
from referentiel.editions.sealing.tidying import faults
from referentiel.errors import Invalid, NotAllowed, Refused, TextMoved, Unknown
from referentiel.journal.models import AuditLine
from referentiel.library.library import Library
from referentiel.search.models import entries
from referentiel.web import frames
from tests.cast import BASE, Someone, environment
from tests.edition_lives import PRESS, adopted, announced, prepared, second_edition
from tests.functional.test_reading import statements, words
from tests.proposal_lives import ago, decided, in_discussion, submitted

TODAY = day(datetime.now(UTC))


def sealed_bytes(library: Library, number: str) -> dict[str, str]:
    folder = queries.shelf_of(library).path / number / "scelle"
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


# --- announcing


def test_a_closing_date_is_announced_at_least_thirty_days_before(denis: Someone) -> None:
    with pytest.raises(Invalid) as refused:
        actions.announce(closing=TODAY + timedelta(days=29), by=denis.person, at=ago(0))
    assert refused.value.field == "closing"
    plan = actions.announce(closing=TODAY + timedelta(days=30), by=denis.person, at=ago(0))
    assert plan.state is PlanState.ANNOUNCED


def test_only_a_publisher_announces_and_one_edition_at_a_time(denis: Someone, chloe: Someone) -> None:
    with pytest.raises(NotAllowed):
        announced(chloe.person)
    announced(denis.person)
    with pytest.raises(Refused, match="déjà annoncée"):
        announced(denis.person)


def test_the_announcement_is_public(denis: Someone, passer_by: Someone) -> None:
    actions.announce(closing=TODAY + timedelta(days=40), by=denis.person, at=ago(0))
    assert "On peut proposer jusqu’au" in words(passer_by.get("/editions/"))


# --- preparing


def test_nothing_is_prepared_before_the_closing_day_is_over(
    library: Library, amina: Someone, chloe: Someone, denis: Someone
) -> None:
    adopted(library, amina.person, chloe.person, denis.person)
    plan = announced(denis.person, days=40, closing=0)
    with pytest.raises(Refused, match="jusqu’au"):
        actions.prepare(library, plan, applies=TODAY, note="", by=denis.person, at=ago(0))


def test_an_edition_waits_for_every_proposal_that_came_in_time(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    adopted(library, amina.person, chloe.person, denis.person)
    waiting = submitted(library, bruno.person, days=50, path="criteres/A1.md", title="Arrivée à temps")
    late = submitted(library, bruno.person, days=10, path="criteres/A2.md", title="Arrivée trop tard")
    plan = announced(denis.person)
    with pytest.raises(Refused, match=str(waiting.id)):
        actions.prepare(library, plan, applies=TODAY, note="", by=denis.person, at=ago(3))
    actions.carry_over(
        plan,
        waiting,
        reason="Il manque l’avis des SIAE.",
        plain_reason="On attend encore un avis.",
        by=chloe.person,
        at=ago(2),
    )
    assert [proposal.id for proposal in queries.later(plan)] == [late.id]
    plan = actions.prepare(library, plan, applies=TODAY, note="", by=denis.person, at=ago(1))
    assert plan.number == "2026.1"


def test_a_proposal_is_carried_over_with_two_reasons_and_once(
    library: Library, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    waiting = submitted(library, bruno.person, days=50, path="criteres/A1.md")
    plan = announced(denis.person)
    for reason, plain, field in (("", "En clair.", "reason"), ("La raison.", " ", "plain_reason")):
        with pytest.raises(Invalid) as refused:
            actions.carry_over(plan, waiting, reason=reason, plain_reason=plain, by=chloe.person, at=ago(1))
        assert refused.value.field == field
    with pytest.raises(NotAllowed):
        actions.carry_over(plan, waiting, reason="Non.", plain_reason="Non.", by=bruno.person, at=ago(1))
    actions.carry_over(plan, waiting, reason="Oui.", plain_reason="Oui.", by=chloe.person, at=ago(1))
    with pytest.raises(Refused):
        actions.carry_over(plan, waiting, reason="Oui.", plain_reason="Oui.", by=chloe.person, at=ago(1))


def test_nothing_changed_means_nothing_to_publish(library: Library, denis: Someone) -> None:
    plan = announced(denis.person)
    with pytest.raises(Refused, match="Rien n’a changé"):
        actions.prepare(library, plan, applies=TODAY, note="", by=denis.person, at=ago(1))


def test_an_application_date_in_the_past_is_refused(
    library: Library, amina: Someone, chloe: Someone, denis: Someone
) -> None:
    adopted(library, amina.person, chloe.person, denis.person)
    plan = announced(denis.person)
    with pytest.raises(Invalid) as refused:
        actions.prepare(library, plan, applies=day(ago(2)), note="", by=denis.person, at=ago(1))
    assert refused.value.field == "applies"


def test_a_change_that_binds_nobody_makes_a_correction(
    library: Library, amina: Someone, chloe: Someone, denis: Someone
) -> None:
    adopted(
        library,
        amina.person,
        chloe.person,
        denis.person,
        sections={"Pourquoi": "Le risque de rupture est le plus fort entre deux étapes."},
        change_class="clarity",
    )
    assert prepared(library, denis.person).number == "2026.0.1"


# --- confirming


def test_the_same_person_or_the_same_college_does_not_confirm(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    adopted(library, amina.person, chloe.person, denis.person)
    plan = prepared(library, denis.person)
    for somebody in (denis, bruno, amina):
        with pytest.raises(NotAllowed):
            actions.confirm(library, plan, by=somebody.person, at=ago(1))
    assert actions.confirm(library, plan, by=chloe.person, at=ago(1)).state is PlanState.CONFIRMED


def test_the_database_refuses_one_person_alone(
    library: Library, amina: Someone, chloe: Someone, denis: Someone
) -> None:
    adopted(library, amina.person, chloe.person, denis.person)
    plan = prepared(library, denis.person)
    alone = {"state": "confirmed", "audit_head": "0" * 64, "confirmed_at": ago(1), "confirmed_by_college": "spe"}
    order = update(EditionPlan).where(EditionPlan.id == plan.id).values(confirmed_by_id=denis.person.id, **alone)
    with writing() as rows, pytest.raises(IntegrityError, match="two_people"):
        rows.execute(order)


def test_a_decision_in_time_that_came_after_the_preparation_is_not_forgotten(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    adopted(library, amina.person, chloe.person, denis.person)
    other = in_discussion(library, bruno.person, chloe.person, days=50, path="criteres/A1.md")
    plan = announced(denis.person)
    actions.carry_over(plan, other, reason="Plus tard.", plain_reason="Plus tard.", by=denis.person, at=ago(6))
    plan = actions.prepare(library, plan, applies=TODAY, note="", by=denis.person, at=ago(5))
    decided(library, other, chloe.person, denis.person, days=3)
    with pytest.raises(TextMoved, match=str(other.id)):
        actions.confirm(library, plan, by=chloe.person, at=ago(2))
    plan = actions.prepare(library, plan, applies=TODAY, note="", by=denis.person, at=ago(1))
    actions.confirm(library, plan, by=chloe.person, at=ago(1))


def test_a_decision_on_a_later_proposal_does_not_stop_the_edition(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    adopted(library, amina.person, chloe.person, denis.person)
    late = in_discussion(library, bruno.person, chloe.person, days=38, path="criteres/A1.md")
    plan = prepared(library, denis.person)
    decided(library, late, chloe.person, denis.person, days=3)
    actions.confirm(library, plan, by=chloe.person, at=ago(2))
    (edition,) = seal_confirmed(library, PRESS, at=ago(1))
    assert edition.commit != library.head()


# --- sealing


def test_what_two_people_confirmed_is_sealed_by_the_worker(
    app: Flask, library: Library, amina: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    adopted(library, amina.person, chloe.person, denis.person)
    plan = prepared(library, denis.person, note="Les passages se préparent un mois avant.")
    actions.confirm(library, plan, by=chloe.person, at=ago(4))
    passer_by.get("/editions/2026.1/", status=404)
    assert one_pass(app, at=ago(3))
    edition = queries.edition(library, "2026.1")
    assert faults(queries.shelf_of(library).path, edition) == []
    assert edition.previous == "2026.0"
    assert edition.published == day(ago(4))
    assert edition.audit in set(session.scalars(select(AuditLine.hash)))
    (_, tag) = library.editions()
    assert tag.number == "2026.1"
    assert session.get_one(EditionPlan, plan.id).state is PlanState.SEALED
    page = words(passer_by.get("/editions/2026.1/"))
    assert "Les passages se préparent un mois avant." in page
    assert queries.open_plan() is None


def test_what_was_just_adopted_is_found_in_the_draft_and_not_in_force(
    app: Flask, library: Library, amina: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    adopted(library, amina.person, chloe.person, denis.person, sections={"Énoncé": "Tout passage est ourdi à deux."})
    assert one_pass(app, at=ago(0))
    assert 'href="/travail/criteres/E4"' in words(passer_by.get("/travail/?q=ourdir"))
    assert "Aucun résultat" in words(passer_by.get("/referentiel/?q=ourdir"))


def test_sealing_twice_is_sealing_once(library: Library, amina: Someone, chloe: Someone, denis: Someone) -> None:
    second_edition(library, amina.person, chloe.person, denis.person)
    before = sealed_bytes(library, "2026.1")
    assert seal_confirmed(library, PRESS, at=ago(0)) == []
    assert sealed_bytes(library, "2026.1") == before
    assert session.scalar(select(func.count()).where(AuditLine.event == "edition.sealed")) == 2


def test_the_first_edition_keeps_its_bytes_and_its_frame_names_the_newer_one(
    app: Flask, library: Library, amina: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    passer_by.get("/editions/2026.0/criteres/E4")
    before = sealed_bytes(library, "2026.0")
    second_edition(library, amina.person, chloe.person, denis.person)
    assert one_pass(app, at=ago(0))
    assert sealed_bytes(library, "2026.0") == before
    framed = passer_by.get("/editions/2026.0/criteres/E4")
    assert "Une édition plus récente existe : 2026.1" in words(framed)
    fragment = (queries.shelf_of(library).path / "2026.0" / "scelle" / "criteres" / "E4.html").read_bytes()
    assert fragment in framed.data
    assert "plus récente" not in words(passer_by.get("/editions/2026.1/criteres/E4"))


def test_an_edition_to_come_says_from_when_it_applies(
    app: Flask, library: Library, amina: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    second_edition(library, amina.person, chloe.person, denis.person, in_days=20)
    page = words(passer_by.get("/editions/2026.1/criteres/E4"))
    assert "Cette édition n’est pas encore en vigueur" in page
    with app.test_request_context():
        written = frames.remake(queries.shelf_of(library), TODAY + timedelta(days=21))
    assert written > 100
    assert "pas encore en vigueur" not in words(passer_by.get("/editions/2026.1/criteres/E4"))
    with app.test_request_context():
        assert frames.remake(queries.shelf_of(library), TODAY + timedelta(days=22)) == 0


# --- reading what is sealed


def test_a_frame_is_a_file_without_session_or_query(passer_by: Someone, amina: Someone) -> None:
    first = passer_by.get("/editions/2026.0/criteres/E4")
    assert "max-age=300" in first.headers["Cache-Control"]
    assert "Set-Cookie" not in first.headers
    with statements() as sent:
        again = passer_by.get(
            "/editions/2026.0/criteres/E4", headers={"If-None-Match": first.headers["ETag"]}, status=304
        )
        mine = amina.client.get("/editions/2026.0/criteres/E4", base_url=BASE)
    assert again.data == b""
    assert sent == []
    assert mine.data == first.data
    assert "max-age=300" in mine.headers["Cache-Control"]


def test_a_sealed_file_is_kept_for_ever(library: Library, passer_by: Someone) -> None:
    digest = queries.edition(library, "2026.0").manifest["criteres/E4.md"]
    with statements() as sent:
        answer = passer_by.client.get("/editions/2026.0/scelle/criteres/E4.md", base_url=BASE)
    assert sent == []
    assert hashlib.sha256(answer.data).hexdigest() == digest
    assert answer.headers["ETag"] == f'"{digest}"'
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.mimetype == "text/plain"


def test_downloads_have_short_addresses(passer_by: Someone) -> None:
    for form, kind in (("html", "text/html"), ("json", "application/json"), ("zip", "application/zip")):
        answer = passer_by.get(f"/editions/2026.0/referentiel.{form}", status=302)
        assert answer.headers["Location"] == f"/editions/2026.0/scelle/referentiel.{form}"
        followed = passer_by.get(answer.headers["Location"])
        assert followed.mimetype == kind
    passer_by.get("/editions/2026.0/referentiel.exe", status=404)


def test_every_page_of_an_edition_is_a_page(library: Library, passer_by: Someone) -> None:
    shelf = queries.shelf_of(library)
    sample = [page for page in shelf.pages("2026.0") if page.endswith(("1", "E4", "e", "s", "glossaire", "sommaire"))]
    assert len(sample) > 20
    for page in sample:
        address = {"sommaire": ""}.get(page, page if "/" in page else f"{page}/")
        passer_by.get(f"/editions/2026.0/{address}")


@pytest.mark.parametrize("number", ["-x", "v1..2", "HEAD", "2026.01", "2027.0", "%00", "deadbeef", "2026.0.0", "main"])
def test_a_number_that_is_no_edition_is_a_404(passer_by: Someone, number: str) -> None:
    """ref-01, ref-03, git-*"""
    for end in ("/", "/criteres/E4", "/scelle/referentiel.json", "/referentiel.html"):
        passer_by.get(f"/editions/{number}{end}", status=404)


@pytest.mark.parametrize(
    "path", ["../sceau", "..%2Fsceau", "%2Fetc%2Fpasswd", "criteres/Z9.md", "criteres/E4", "publie", "%00", ""]
)
def test_no_other_file_is_served(passer_by: Someone, path: str) -> None:
    answer = passer_by.client.get(f"/editions/2026.0/scelle/{path}", base_url=BASE)
    assert answer.status_code in (308, 404)
    assert b"commit" not in answer.data


def test_frames_answer_when_the_database_is_gone(app: Flask, passer_by: Someone) -> None:
    passer_by.get("/editions/2026.0/criteres/E4")
    if not str(app.config["SQLALCHEMY_DATABASE_URI"]).startswith("sqlite"):
        pytest.skip("the database of this engine is not a file")
    file = Path(str(app.config["SQLALCHEMY_DATABASE_URI"]).removeprefix("sqlite:///"))
    assert file.is_file()
    session.remove()
    for path in (file, file.with_name(file.name + "-wal"), file.with_name(file.name + "-shm")):
        path.unlink(missing_ok=True)
    answer = passer_by.client.get("/editions/2026.0/criteres/E4", base_url=BASE)
    assert answer.status_code == 200


# --- the pages of who publishes


def test_a_publisher_prepares_and_somebody_of_another_college_confirms_on_the_screen(
    app: Flask, library: Library, amina: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    adopted(library, amina.person, chloe.person, denis.person)
    denis.fill("/editions/preparation", to="annonce", closing=(TODAY + timedelta(days=45)).isoformat())
    assert "on peut proposer jusqu’au" in words(denis.follow())
    with writing() as rows:
        plan = rows.scalars(select(EditionPlan)).one()
        plan.closing = day(ago(5))
    page = words(denis.get("/editions/preparation"))
    assert "Son numéro sera 2026.1" in page
    denis.send(to="preparation/edition", applies=TODAY.isoformat(), note="Un passage\nbien préparé.")
    assert "Vous avez préparé cette édition" in words(denis.follow())
    denis.post("/editions/preparation/confirmation", {"csrf_token": _token(denis)}, status=403)
    chloe.fill("/editions/preparation", to="confirmation")
    assert "est confirmée" in words(chloe.follow())
    assert one_pass(app, at=datetime.now(UTC))
    assert "Un passage bien préparé." in words(passer_by.get("/editions/"))
    session.rollback()
    assert "Annoncer la date de clôture" in words(denis.get("/editions/preparation"))


def test_an_edition_prepared_again_while_somebody_reads_it_is_not_confirmed_unread(
    library: Library, amina: Someone, chloe: Someone, denis: Someone
) -> None:
    adopted(library, amina.person, chloe.person, denis.person)
    plan = prepared(library, denis.person)
    chloe.get("/editions/preparation")
    actions.prepare(library, plan, applies=TODAY, note="D’autres mots.", by=denis.person, at=ago(0))
    answer = chloe.send(to="confirmation")
    assert answer.status_code == 409
    assert "préparée de nouveau pendant que vous la lisiez" in words(answer)
    assert "D’autres mots." in words(answer)
    session.rollback()
    again = session.get_one(EditionPlan, plan.id)
    assert again.state is PlanState.PREPARED
    with pytest.raises(TextMoved):
        actions.confirm(library, again, by=chloe.person, at=ago(0), seen="")
    chloe.fill("/editions/preparation", to="confirmation")
    session.rollback()
    assert session.get_one(EditionPlan, plan.id).state is PlanState.CONFIRMED


def _token(someone: Someone) -> str:
    text = someone.get("/editions/preparation").get_data(as_text=True)
    return text.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]


def test_a_date_too_near_is_refused_beside_its_field(denis: Someone) -> None:
    answer = denis.fill("/editions/preparation", closing=(TODAY + timedelta(days=3)).isoformat())
    assert answer.status_code == 422
    assert "Prévenez au moins 30 jours avant" in words(answer)
    answer = denis.fill("/editions/preparation", closing="bientôt")
    assert answer.status_code == 422


def test_what_waits_is_carried_over_from_the_page(library: Library, bruno: Someone, denis: Someone) -> None:
    submitted(library, bruno.person, days=50, path="criteres/A1.md", title="Arrivée à temps")
    announced(denis.person)
    assert "Arrivée à temps" in words(denis.get("/editions/preparation"))
    answer = denis.fill("/editions/preparation/reports/1", reason="", plain_reason="")
    assert answer.status_code == 422
    denis.fill("/editions/preparation/reports/1", reason="Il manque un avis.", plain_reason="On attend un avis.")
    page = words(denis.follow())
    assert "Reportées à l’édition suivante" in page
    assert "On attend un avis." in page


def test_who_does_not_publish_does_not_see_the_page(amina: Someone, bruno: Someone, passer_by: Someone) -> None:
    passer_by.get("/editions/preparation", status=303)
    for someone in (amina, bruno):
        someone.get("/editions/preparation", status=403)


# --- the command line


def _run(settings: Settings, *arguments: str) -> Result:
    return CliRunner().invoke(referentiel, arguments, env=environment(settings))


def test_the_command_line_obeys_the_same_rules(
    settings: Settings, library: Library, amina: Someone, chloe: Someone, denis: Someone
) -> None:
    publish = ("edition", "publish", "--prepared-by", "denis@tests.invalid", "--confirmed-by")
    assert isinstance(_run(settings, *publish, "chloe@tests.invalid").exception, Unknown)
    soon = (TODAY + timedelta(days=3)).isoformat()
    assert isinstance(
        _run(settings, "edition", "announce", "--closing", soon, "--by", "denis@tests.invalid").exception, Invalid
    )
    adopted(library, amina.person, chloe.person, denis.person)
    announced(denis.person)
    session.remove()
    assert isinstance(_run(settings, *publish, "denis@tests.invalid").exception, NotAllowed)
    assert isinstance(_run(settings, *publish, "personne@tests.invalid").exception, Unknown)
    done = _run(settings, *publish, "Chloe@tests.invalid", "--note", "Un passage préparé.")
    assert done.exit_code == 0, done.output
    assert done.stdout.strip().splitlines()[-1].endswith("/editions/2026.1/")
    assert queries.edition(library, "2026.1").note == "Un passage préparé."
    again = _run(settings, *publish, "chloe@tests.invalid")
    assert isinstance(again.exception, Unknown)


def test_verify_tells_the_file_whose_byte_was_flipped_and_mends_it(settings: Settings, library: Library) -> None:
    assert "Tout est en ordre" in _run(settings, "verify").output
    victim = queries.shelf_of(library).path / "2026.0" / "scelle" / "criteres" / "E4.html"
    victim.chmod(0o644)
    victim.write_bytes(victim.read_bytes().replace(b"Tout passage", b"Tour passage"))
    told = _run(settings, "verify")
    assert told.exit_code == 1
    assert "I5 édition 2026.0 : le fichier criteres/E4.html" in told.output
    assert "Tout est en ordre" in _run(settings, "verify", "--fix").output


def test_verify_tells_a_text_that_search_has_lost_and_rebuild_finds_it_again(
    settings: Settings, library: Library
) -> None:
    with writing() as rows:
        rows.execute(delete(entries).where(entries.c.path == "criteres/E4.md"))
    told = _run(settings, "verify")
    assert told.exit_code == 1
    assert "listes recherche : criteres/E4.md : l’index" in told.output
    assert "textes remis dans la recherche" in _run(settings, "rebuild").output
    assert "Tout est en ordre" in _run(settings, "verify").output


def test_a_passer_by_compares_what_they_downloaded_with_the_words_of_the_seal(passer_by: Someone) -> None:
    seal = passer_by.get("/editions/2026.0/manifeste.txt").get_data(as_text=True)
    lines = dict(reversed(line.split("  ", 1)) for line in seal.partition("\n\n")[2].splitlines())
    assert len(lines) > 100
    for path in ("criteres/E4.md", "criteres/E4.html", "referentiel.json"):
        served = passer_by.get(f"/editions/2026.0/scelle/{path}").get_data()
        assert hashlib.sha256(served).hexdigest() == lines[path]
    passer_by.get("/editions/2031.0/manifeste.txt", status=404)
