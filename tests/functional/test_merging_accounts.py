"""Two accounts of one professional become one: everything moves, nothing is cheated, the other has no address left.

Bruno has a second account, with his old address: ``twin``.
"""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, text

from referentiel.comments import actions as comments
from referentiel.comments import reporting
from referentiel.comments.anchors import Anchor, Target
from referentiel.comments.models import Comment
from referentiel.comments.moderation import Face, Rule
from referentiel.config import Settings
from referentiel.database import Base, session, writing
from referentiel.errors import NotAllowed, Unknown
from referentiel.journal.models import OutboxItem
from referentiel.journal.queries import audit_fault, audit_lines
from referentiel.library.library import Library
from referentiel.notices.desk import Desk
from referentiel.notices.models import Notice
from referentiel.notices.outbox import suspension_letters
from referentiel.people.accounts import administering
from referentiel.people.doors import inviting, linking, sessions
from referentiel.people.models import Identity, Invitation, Person, Session, Workshop
from referentiel.permissions import College, Role
from referentiel.privacy import merging
from referentiel.privacy.merging import merge_accounts, obstacles
from referentiel.proposals import actions as proposals
from referentiel.proposals.models import Position, Proposal, ProposalAuthor, Signature
from referentiel.proposals.states import Outcome, Stance
from tests.cast import Someone
from tests.proposal_lives import ago, decided, in_decision, in_discussion, submitted

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
OLD = "bruno.ancien@tests.invalid"
E4 = Anchor(Target.CRITERION, "E4")


def account(email: str, college: str, *roles: Role, structure_id: int | None = None) -> Person:
    with writing() as rows:
        person = Person(
            college=college, email=email, name="Bruno", roles=roles, structure_id=structure_id, created_at=ago(90)
        )
        rows.add(person)
        rows.flush()
        return person


@pytest.fixture
def twin(bruno: Someone) -> Person:
    return account(OLD, "siae", Role.EDITOR, structure_id=bruno.person.structure_id)


def sentences(one: Person, two: Person) -> list[str]:
    """The same whichever of the two is kept."""
    found = [str(obstacle) for obstacle in obstacles(one, two)]
    assert sorted(found) == sorted(str(obstacle) for obstacle in obstacles(two, one))
    return found


def pointing_at(person_id: int) -> set[str]:
    """Each column of the whole database that still names this account."""
    people = Base.metadata.tables["people"]
    found = set()
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            names = any(key.column.table is people for key in column.foreign_keys) or column.name == "by_id"
            if names and session.scalar(select(func.count()).select_from(table).where(column == person_id)):
                found.add(str(column))
    return found


def test_everything_moves_and_the_other_account_has_no_address_no_name_and_no_way_in(
    library: Library, bruno: Someone, chloe: Someone, denis: Someone, twin: Person
) -> None:
    gone, kept = twin.id, bruno.person_id
    assert kept is not None
    mine = in_discussion(library, bruno.person, chloe.person, days=5)
    proposals.take_position(mine, Stance.RESERVED, by=twin, at=ago(3))
    theirs = submitted(library, twin, days=4, path="criteres/E5.md")
    comments.comment(E4, "Mes mots.", by=twin, at=ago(2), form="1")
    sessions.open_session(twin, way="link", at=AT, life=timedelta(days=1))
    linking.ask_link(OLD, browser="b" * 64, next_url="/", secret=b"s" * 32, at=AT)
    inviting.invite(college=College.SIAE, roles=(), by=denis.person, at=AT, secret=b"s" * 32, email=OLD)
    with writing() as rows:
        rows.add(Identity(person_id=gone, issuer="https://fournisseur.invalid", subject="42", created_at=AT))
        for person_id in (gone, kept):
            rows.add(Notice(person_id=person_id, event="same", kind="x", payload={}, created_at=AT))
        rows.add(Notice(person_id=gone, event="other", kind="x", payload={}, created_at=AT))

    assert "Résultats" not in denis.get(f"/administration/personnes/{gone}/reunir").get_data(as_text=True)
    assert f"?avec={kept}" in denis.get(f"/administration/personnes/{gone}/reunir?q=lilas").get_data(as_text=True)
    denis.get(f"/administration/personnes/{gone}/reunir?avec={kept}")
    page = denis.follow(denis.send(button="Réunir les deux comptes")).get_data(as_text=True)

    session.expire_all()
    assert "Les deux comptes sont réunis" in page
    assert pointing_at(gone) <= {"audit_lines.by_id"}
    assert theirs.author_ids == {kept}
    assert session.scalars(select(Position.person_id)).all() == [kept]
    assert session.scalars(select(Comment.author_id)).all() == [kept]
    assert session.scalars(select(Identity.person_id)).all() == [kept]
    assert sorted(session.scalars(select(Notice.event).where(Notice.person_id == kept))) == ["other", "same"]
    left = session.get_one(Person, gone)
    assert (left.email, left.name, left.granted, left.structure_id) == (None, None, frozenset(), None)
    assert left.erased_at is not None
    assert session.scalars(select(Session).where(Session.person_id == gone)).all() == []
    assert session.scalars(select(Invitation).where(Invitation.email == OLD)).all() == []
    assert bruno.person.granted == {Role.FACILITATOR}
    assert bruno.person.email == "bruno@tests.invalid"
    [line] = [line for line in audit_lines(f"person:{kept}") if line.event == "person.merged"]
    assert (line.details, line.by_id) == ({"from": gone, "roles_left": ["editor"]}, denis.person_id)
    assert audit_fault() is None
    denis.get(f"/administration/personnes/{gone}", status=404)


def test_no_column_of_the_database_holds_the_address_any_more_and_its_traces_are_to_be_wiped(
    denis: Someone, bruno: Someone, twin: Person
) -> None:
    linking.ask_link(OLD, browser="b" * 64, next_url="/", secret=b"s" * 32, at=AT)
    merge_accounts(twin, into=bruno.person, by=denis.person, at=AT)
    for table in Base.metadata.sorted_tables:
        for row in session.execute(text(f'SELECT * FROM "{table.name}"')):
            assert OLD not in str(tuple(row)), table.name
    assert "erasure.wipe" in session.scalars(select(OutboxItem.kind)).all()


def test_every_column_that_points_to_a_person_moves_or_is_said_to_stay() -> None:
    people = Base.metadata.tables["people"]
    known = {(model.__tablename__, link) for model, link in merging.links()}
    pointing = {
        (table.name, column.name)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if any(key.column.table is people for key in column.foreign_keys)
    }
    assert pointing <= known


def test_what_both_hold_on_the_same_thing_is_held_once_and_the_newest_stays(
    library: Library, bruno: Someone, chloe: Someone, denis: Someone, twin: Person
) -> None:
    open_one = in_discussion(library, chloe.person, denis.person, days=5)
    proposals.take_position(open_one, Stance.FAVOURABLE, by=bruno.person, at=ago(3))
    proposals.take_position(open_one, Stance.UNFAVOURABLE, by=twin, at=ago(2))
    with writing() as rows:
        rows.add(ProposalAuthor(proposal_id=open_one.id, person_id=twin.id))
        rows.add(ProposalAuthor(proposal_id=open_one.id, person_id=bruno.person.id))
    merge_accounts(twin, into=bruno.person, by=denis.person, at=AT)
    assert session.scalars(select(Position.stance)).all() == [Stance.UNFAVOURABLE]
    assert open_one.author_ids == {chloe.person_id, bruno.person_id}


def test_one_answer_to_a_question_stays_the_newest_and_words_of_the_older_one_too(denis: Someone) -> None:
    kept, gone = (account(f"{name}@tests.invalid", "employees") for name in ("zoe", "zoe.ancienne"))
    comments.answer_question(E4, Face.YES, "Avec des mots.", by=gone, at=ago(3), form="1")
    comments.answer_question(E4, Face.NO, "", by=kept, at=ago(2), form="1")
    comments.answer_question(Anchor(Target.CRITERION, "E5"), Face.YES, "", by=kept, at=ago(2), form="2")
    comments.answer_question(Anchor(Target.CRITERION, "E5"), Face.PARTLY, "", by=gone, at=ago(1), form="3")
    merge_accounts(gone, into=kept, by=denis.person, at=AT)
    given = {
        (row.key, row.face): row.closed_at is None
        for row in session.scalars(select(Comment).where(Comment.face.is_not(None)))
    }
    assert given == {("E4", Face.NO): True, ("E5", Face.YES): False, ("E5", Face.PARTLY): True}
    words = session.scalars(select(Comment).where(Comment.text != "")).one()
    assert (words.text, words.face, words.closed_at, words.author_id) == ("Avec des mots.", None, None, kept.id)


@pytest.mark.parametrize("signer_is_kept", [True, False])
def test_who_wrote_a_proposal_and_who_signed_its_decision_stay_two(
    library: Library, bruno: Someone, denis: Someone, twin: Person, signer_is_kept: bool
) -> None:
    proposal = in_discussion(library, bruno.person, denis.person)
    decided(library, proposal, denis.person, twin)
    one, two = (bruno.person, twin) if signer_is_kept else (twin, bruno.person)
    assert sentences(one, two) == [
        f"L’un a écrit une proposition, l’autre a signé sa décision (numéro\u00a0: {proposal.id})."
    ]
    with pytest.raises(NotAllowed, match="signé sa décision"):
        merge_accounts(one, into=two, by=denis.person, at=AT)
    assert (one.email, two.email) != (None, None)
    assert session.scalars(select(Signature.person_id).order_by(Signature.rank)).all() == [denis.person_id, twin.id]


def test_a_first_signature_that_waits_counts_too(
    library: Library, bruno: Someone, denis: Someone, chloe: Someone, twin: Person
) -> None:
    proposal = in_discussion(library, bruno.person, chloe.person)
    in_decision(library, proposal, twin)
    assert any("a signé sa décision" in sentence for sentence in sentences(bruno.person, twin))
    page = denis.get(f"/administration/personnes/{twin.id}/reunir?avec={bruno.person_id}").get_data(as_text=True)
    assert "Ces deux comptes restent deux" in page
    assert "Réunir les deux comptes</button>" not in page


def test_who_wrote_a_proposal_and_who_examined_it_stay_two(library: Library, bruno: Someone, twin: Person) -> None:
    proposal = in_discussion(library, bruno.person, twin)
    assert sentences(bruno.person, twin) == [
        f"L’un a écrit une proposition, l’autre l’a examinée (numéro\u00a0: {proposal.id})."
    ]


def test_who_declared_inadmissible_and_who_read_the_appeal_stay_two(
    library: Library, chloe: Someone, bruno_colleague: Someone, twin: Person
) -> None:
    proposal = submitted(library, chloe.person, days=10)
    reasons = {"reason": "Hors sujet.", "plain_reason": "Ce n’est pas le sujet."}
    proposals.declare_inadmissible(proposal, **reasons, by=twin, at=ago(9))
    assert sentences(bruno_colleague.person, twin) == []
    proposals.appeal(proposal, reason="Au contraire.", by=chloe.person, at=ago(8))
    proposals.admit(proposal, by=bruno_colleague.person, at=ago(7))
    assert sentences(bruno_colleague.person, twin) == [
        f"L’un a déclaré une proposition irrecevable, l’autre a lu le recours (numéro\u00a0: {proposal.id})."
    ]


@pytest.mark.parametrize("other_speaks", ["position", "comment"])
def test_two_voices_on_a_decided_proposal_stay_two(
    library: Library, bruno: Someone, chloe: Someone, denis: Someone, twin: Person, other_speaks: str
) -> None:
    proposal = in_discussion(library, denis.person, chloe.person)
    proposals.take_position(proposal, Stance.FAVOURABLE, by=bruno.person, at=ago(20))
    if other_speaks == "position":
        proposals.take_position(proposal, Stance.FAVOURABLE, by=twin, at=ago(20))
    else:
        said = comments.comment(Anchor(Target.PROPOSAL, str(proposal.id)), "D’accord.", by=twin, at=ago(20), form="1")
        comments.publish(said, by=chloe.person, at=ago(19))
    assert sentences(bruno.person, twin) == []
    peer = account("paire@tests.invalid", "partners", Role.EDITOR)
    decided(library, proposal, chloe.person, peer, Outcome.REFUSED)
    [sentence] = sentences(bruno.person, twin)
    assert f"qui a compté deux personnes (numéro\u00a0: {proposal.id})" in sentence


def test_who_prepared_an_edition_and_who_confirmed_it_stay_two(bruno: Someone, twin: Person) -> None:
    with writing() as rows:
        rows.execute(
            text(
                'INSERT INTO edition_plans (state, slot, closing, announced_at, announced_by_id, number, "commit",'
                " applies, note, prepared_at, prepared_by_id, prepared_by_college, confirmed_at, confirmed_by_id,"
                " confirmed_by_college, audit_head) VALUES ('confirmed', 1, '2026-01-01', '2026-01-01 00:00:00',"
                " :one, '2026.1', :head, '2026-02-01', '', '2026-01-01 00:00:00', :one, 'siae',"
                " '2026-01-01 00:00:00', :two, 'spe', :audit)"
            ),
            {"one": bruno.person_id, "two": twin.id, "head": "0" * 40, "audit": "0" * 64},
        )
    assert sentences(bruno.person, twin) == ["L’un a préparé l’édition 2026.1, l’autre l’a confirmée."]


def test_who_wrote_words_and_who_read_them_stay_two(bruno: Someone, twin: Person, chloe: Someone) -> None:
    with writing() as rows:
        rows.get_one(Person, twin.id).structure_id = None
    said = comments.comment(E4, "Mes mots.", by=bruno.person, at=ago(3), form="1")
    assert sentences(bruno.person, twin) == []
    comments.publish(said, by=twin, at=ago(2))
    assert sentences(bruno.person, twin) == [
        "L’un a relu des mots que l’autre a écrits\u00a0: une autre personne doit les relire."
    ]


def test_who_removed_words_and_who_judged_the_appeal_stay_two(amina: Someone, chloe: Someone) -> None:
    twin = account("chloe.ancienne@tests.invalid", "spe", Role.EDITOR)
    said = comments.comment(E4, "Mes mots.", by=amina.person, at=ago(5), form="1")
    comments.remove(said, Rule.OFF_TOPIC, by=chloe.person, at=ago(4))
    with writing():
        session.execute(
            text(
                "INSERT INTO comment_appeals (comment_id, words, at, decided_at, decided_by_id, upheld, note)"
                " VALUES (:said, '', '2026-01-01 00:00:00', '2026-01-02 00:00:00', :twin, :no, '')"
            ),
            {"said": said.id, "twin": twin.id, "no": False},
        )
    assert sentences(chloe.person, twin) == ["L’un a écarté une contribution, l’autre a lu le recours de son auteur."]


def test_who_opened_a_workshop_and_who_held_it_with_them_stay_two(bruno: Someone, twin: Person) -> None:
    with writing() as rows:
        workshop = Workshop(
            title="Séance",
            criteria=["E4"],
            seats=5,
            opened_by_id=bruno.person_id,
            opened_by_college="siae",
            second_id=twin.id,
            second_college="spe",
            confirmed_at=AT,
            nonce=b"n" * 16,
            code="c" * 64,
            created_at=AT,
            ends_at=AT + timedelta(hours=3),
        )
        rows.add(workshop)
    [sentence] = sentences(bruno.person, twin)
    assert f"la séance {workshop.id}" in sentence


def test_two_colleges_are_two_people(bruno: Someone, denis: Someone) -> None:
    other = account(OLD, "spe")
    assert "deux collèges" in sentences(bruno.person, other)[0]
    with pytest.raises(NotAllowed):
        merge_accounts(other, into=bruno.person, by=denis.person, at=AT)


def test_a_suspension_is_not_escaped_by_becoming_another_account(bruno: Someone, denis: Someone, twin: Person) -> None:
    administering.suspend(twin, by=denis.person, at=AT)
    assert "suspendu" in sentences(bruno.person, twin)[0]


def test_an_administrator_does_not_take_somebody_into_their_own_account(denis: Someone, bruno: Someone) -> None:
    twin = account(OLD, "partners", Role.PUBLISHER)
    for one, two in ((twin, denis.person), (denis.person, twin)):
        with pytest.raises(NotAllowed, match="autre personne"):
            merge_accounts(one, into=two, by=denis.person, at=AT)
    page = denis.get(f"/administration/personnes/{twin.id}/reunir?avec={denis.person_id}").get_data(as_text=True)
    assert "L’un des deux est le vôtre" in page


def test_an_account_opened_with_a_card_is_never_merged(denis: Someone, bruno: Someone, amina: Someone) -> None:
    for one, two in ((amina.person, bruno.person), (bruno.person, amina.person), (bruno.person, bruno.person)):
        with pytest.raises(Unknown):
            merge_accounts(one, into=two, by=denis.person, at=AT)
    denis.get(f"/administration/personnes/{amina.person_id}/reunir", status=404)
    denis.get(f"/administration/personnes/{bruno.person_id}/reunir?avec={amina.person_id}", status=404)


@pytest.mark.parametrize("name", ["amina", "bruno", "chloe"])
def test_nobody_else_merges_accounts(name: str, request: pytest.FixtureRequest, twin: Person, bruno: Someone) -> None:
    someone: Someone = request.getfixturevalue(name)
    someone.get(f"/administration/personnes/{twin.id}/reunir", status=403)
    with pytest.raises(NotAllowed):
        merge_accounts(twin, into=bruno.person, by=someone.person, at=AT)
    assert session.scalar(select(func.count()).select_from(Proposal)) == 0


def test_two_structures_and_two_names_are_a_warning_to_tick_and_the_person_is_told(
    denis: Someone, bruno: Someone, bruno_colleague: Someone, settings: Settings
) -> None:
    with writing():
        bruno.person.name, bruno_colleague.person.name = "Bruno", "Basile"
    other, kept = bruno_colleague.person.id, bruno.person.id
    here = f"/administration/personnes/{other}/reunir?avec={kept}"
    page = denis.get(here).get_data(as_text=True)
    for words in ("Régie du Pont", "Chantier des Lilas", "deux structures", "deux noms", "Animation des rencontres"):
        assert words in page
    assert page.count("signatures\u00a0: 0") == 2
    refused = denis.send(button="Réunir les deux comptes")
    assert refused.status_code == 422
    assert "Cochez la case" in refused.get_data(as_text=True)
    assert session.get_one(Person, other).erased_at is None
    assert denis.send(button="Réunir les deux comptes", sur="1").status_code == 303
    session.expire_all()
    assert session.get_one(Person, other).erased_at is not None
    told = [item.payload for item in session.scalars(select(OutboxItem).where(OutboxItem.kind == "mail.account"))]
    assert told == [{"person": kept, "said": "merged"}]
    [letter] = suspension_letters(told[0], Desk(settings, b"s" * 32, AT))
    assert (letter.to, letter.subject) == ("bruno@tests.invalid", "Vos deux comptes sont réunis")


def test_who_signalled_words_and_who_decided_of_it_are_not_made_one(
    bruno: Someone, denis: Someone, twin: Person, amina: Someone
) -> None:
    """The twin is of Amina's structure, and can signal what it could not decide."""
    other = account("autre@tests.invalid", "siae", Role.EDITOR)
    said = comments.comment(E4, "Mes mots.", by=amina.person, at=ago(6), form="1")
    comments.publish(said, by=denis.person, at=ago(5))
    reporting.report(said, Rule.OFF_TOPIC, by=twin, at=ago(4))
    reporting.leave(said, by=other, at=ago(3))
    assert sentences(twin, other) == ["L’un a signalé une contribution, l’autre a décidé de ce signalement."]
