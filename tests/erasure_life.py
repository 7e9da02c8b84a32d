"""Everything that one person can do, with her name in each place that takes text."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from flask import Flask
from sqlalchemy import JSON, ColumnElement, func, select, update

from referentiel.comments import actions as comments
from referentiel.comments.anchors import Anchor, Target
from referentiel.comments.models import CommentAppeal
from referentiel.comments.moderation import Rule
from referentiel.config import Settings
from referentiel.database import session, writing
from referentiel.journal import actions as journal
from referentiel.journal.authors import Author
from referentiel.journal.changes import FileChange
from referentiel.journal.models import REFUSED, Operation, OutboxItem
from referentiel.library.library import Library
from referentiel.notices.models import Notice
from referentiel.notices.outbox import drain
from referentiel.people.doors import inviting, linking
from referentiel.people.models import Identity, Person, Workshop
from referentiel.people.models.wishes import StructureWish
from referentiel.permissions import College, Role
from referentiel.privacy.parts import PARTS
from referentiel.proposals import actions as proposals
from referentiel.proposals.models import Decision, DecisionFile, Proposal, ProposalAuthor
from referentiel.proposals.sheets import Sheet
from referentiel.proposals.states import Outcome, ProposalKind
from referentiel.web import stores
from tests.cast import Someone, now
from tests.erasure_places import ADDRESS, GOES, NAME, ON_REQUEST, PLACES, columns
from tests.proposal_lives import in_decision, in_discussion, sheet, submitted


class Life:
    """Everything that one person did, with her name in each place that takes text."""

    def __init__(self, app: Flask, settings: Settings, library: Library, chloe: Someone, denis: Someone) -> None:
        self.app, self.settings, self.library = app, settings, library
        self._chloe, self._denis = chloe, denis
        self.published = 0
        self.person_id = self._come_in()
        self.proposals = self._propose()
        self._speak()
        self._be_known()
        self.places = {0: "people.email"}
        self._plant()

    @property
    def person(self) -> Person:
        return session.get_one(Person, self.person_id)

    @property
    def chloe(self) -> Person:
        return self._chloe.person

    @property
    def denis(self) -> Person:
        return self._denis.person

    def _come_in(self) -> int:
        secret, at = stores.secret(), now()
        invited = inviting.invite(
            college=College.SIAE,
            roles={Role.EDITOR, Role.FACILITATOR},
            email=ADDRESS,
            by=None,
            at=at,
            secret=secret,
            mail=True,
        )
        number, _raw = inviting.accept_invitation(
            invited.token, by=None, browser="b", at=at, life=self.settings.session_life, name=f"{NAME}001x"
        )
        linking.ask_link(ADDRESS, browser="b", next_url="/", secret=secret, at=at)
        drain(self.settings, secret=secret, at=at)
        return number

    def _propose(self) -> list[int]:
        me, library = self.person, self.library
        self.draft = proposals.save_draft(
            sheet(),
            kind=ProposalKind.MODIFY,
            path="criteres/E5.md",
            base=library.head(),
            form_id=str(uuid4()),
            proposal_id=None,
            by=me,
            at=now(),
        )
        waiting = submitted(library, me, days=3)
        withdrawn = submitted(library, me, days=3, path="criteres/E5.md")
        proposals.withdraw(withdrawn, reason="Je change d’avis.", by=me, at=now())
        amended = in_discussion(library, me, self.chloe, days=40, path="criteres/E6.md")
        changed = {"Énoncé": "Un autre texte, écrit par l’édition."}
        decision = in_decision(library, amended, self.chloe, Outcome.ADOPTED_WITH_CHANGES, sections=changed)
        proposals.answer_amendment(
            decision, digest=decision.digest, accepts=False, words="Non.", by=self.person, at=now()
        )
        new = self._new_criterion()
        operation = str(uuid4())
        old = library.read("criteres/E4.md")
        with writing():
            begun = journal.begin(
                id=operation,
                kind="decision",
                subject=f"proposal:{waiting.id}",
                base=library.head(),
                files=[FileChange("criteres/E4.md", old.blob, old.text + "\n", frozenset())],
                message="Adopter",
                author=Author.of("siae", "proposal-1"),
                by_id=self.chloe.id,
                college="spe",
                at=now(),
            )
            begun.state, begun.reason, begun.cause, begun.closed_at = REFUSED, "Non.", "other", now()
        return [waiting.id, withdrawn.id, amended.id, new.id]

    def _new_criterion(self) -> Proposal:
        keys = {"chapitre": "E", "niveau": "standard", "etape": "accueil", "structures": ("ACI",)}
        written = Sheet(
            title="Un critère de plus",
            reason="Il manque.",
            plain_change="Je sais.",
            change_class="substance",
            sections={"Énoncé": "Un énoncé.", "Facile à lire": "Un texte facile."},
            keys={"titre": "Un critère de plus", **keys},
            licence=True,
        )
        return proposals.submit(self.library, written, kind=ProposalKind.CREATE, path="", by=self.person, at=now())

    def _speak(self) -> None:
        me = self.person
        on = Anchor(Target.CRITERION, "E4", "Énoncé", quotation="Tout", before="avant", after="après")
        comments.comment(on, "Des mots en attente.", by=me, at=now(), form="1")
        published = comments.comment(on, "Des mots publiés.", by=me, at=now(), form="2")
        comments.publish(published, by=self.chloe, at=now())
        self.published = published.id
        asked = Anchor(Target.PROPOSAL, "1", "Énoncé", quotation="Tout")
        comments.comment(asked, "Des mots sur une proposition.", by=me, at=now(), form="5")
        removed = comments.comment(on, "Des mots retirés.", by=me, at=now(), form="3")
        comments.remove(removed, Rule.NAMES, "Une précision.", by=self.chloe, at=now())
        other = comments.comment(on, "D’autres mots retirés.", by=me, at=now(), form="4")
        comments.remove(other, Rule.NAMES, "Une précision.", by=self.chloe, at=now())
        with writing() as rows:
            rows.add(CommentAppeal(comment_id=removed.id, words="Relisez.", at=now()))
            rows.add(
                CommentAppeal(
                    comment_id=other.id, words="Relisez.", at=now(), decided_at=now(), upheld=False, note="Non."
                )
            )

    def _be_known(self) -> None:
        number = self.person_id
        with writing() as rows:
            rows.add(Identity(person_id=number, issuer="https://fi.invalid", subject="s", created_at=now()))
            rows.add(Notice(person_id=number, event="comment:1", kind="answer", payload={"a": 1}, created_at=now()))
            wish = {"name": "Atelier", "asked_at": now(), "refused_at": now(), "reason": "Non."}
            rows.add(StructureWish(person_id=number, **wish))
            rows.add(
                Workshop(
                    title="Une séance",
                    place="La salle",
                    criteria=["E4"],
                    seats=5,
                    opened_by_id=number,
                    opened_by_college="siae",
                    nonce=b"n" * 16,
                    code="c" * 64,
                    created_at=now(),
                    ends_at=datetime(2099, 1, 1, tzinfo=UTC),
                )
            )
            journal.post("mail.sign_in", {"link": 0, "quiet": True}, at=now())

    def _rows(self) -> dict[str, ColumnElement[bool]]:
        """Which rows of each table are about her."""
        mine = select(ProposalAuthor.proposal_id).where(ProposalAuthor.person_id == self.person_id)
        rows: dict[str, ColumnElement[bool]] = {
            "decision_files": DecisionFile.decision_id.in_(select(Decision.id).where(Decision.proposal_id.in_(mine))),
            "operations": Operation.state == REFUSED,
            "outbox_items": OutboxItem.id == select(func.max(OutboxItem.id)).scalar_subquery(),
        }
        for part in PARTS:
            name = part.model.__table__.name  # type: ignore[attr-defined]
            rows.setdefault(name, part.of(self.person_id))
        return rows

    def _plant(self) -> None:
        rows = self._rows()
        session.remove()
        for number, (table, name) in enumerate(columns(), 100):
            if PLACES[table.name][name] not in {GOES, ON_REQUEST} or name == "email":
                continue
            column, word = table.c[name], f"{NAME}{number}x"
            where = rows[table.name]
            if name == "replacement":
                # Words suggested instead of a passage stand on a proposal alone.
                where &= (table.c.kind == "proposal") & table.c.parent_id.is_(None)
            value: Any
            if table.name == "people":
                value = word
            elif table.name == "outbox_items":
                value = {"to": ADDRESS}
            elif isinstance(column.type, JSON):
                value = [{"a": word}] if table.name == "operations" else {"a": word}
            else:
                value = func.coalesce(column, "").concat(f" {word}")
            with writing() as current:
                done = current.execute(update(table).where(where).values({name: value}))
                assert done.rowcount > 0, f"nothing of hers in {table.name}"  # type: ignore[attr-defined]
            if table.name != "outbox_items":
                self.places[number] = f"{table.name}.{name}"
        # The letters to her real address: she had the first one when they left.
        for mail in self.settings.mail_path.glob("*.eml"):
            mail.write_bytes(mail.read_bytes() + f"\nBonjour {NAME}002x\n".encode())
