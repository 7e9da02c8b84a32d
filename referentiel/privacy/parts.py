"""The table of everything kept about a person: where, what they are told of it, what erasing does with it.

Every column that points to a person is the link of one part, and every column of a part is either told or withheld: a
test fails otherwise. Withheld are secrets kept as digests, and what is about somebody else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from sqlalchemy import ColumnElement, false, or_, select

from referentiel.comments.models import Comment, CommentAppeal, CommentEvent, CommentReport
from referentiel.database import Base
from referentiel.editions.models import CarriedOver, EditionPlan
from referentiel.errors import N_
from referentiel.journal.models import AuditLine, Operation
from referentiel.notices.models import Follow, Notice
from referentiel.people.models import (
    Card,
    Identity,
    Invitation,
    Person,
    PersonRole,
    RecoveryCode,
    ReturnWords,
    Session,
    SignInLink,
    Workshop,
)
from referentiel.people.models.wishes import StructureWish
from referentiel.proposals.models import (
    Credit,
    Decision,
    Draft,
    Position,
    Proposal,
    ProposalAuthor,
    Revision,
    RevisionFile,
    Signature,
    StepLine,
)


class Fate(Enum):
    """What erasing does to the link between a row and a person."""

    DELETED = N_("effacé avec le compte.")
    CUT = N_("gardé, sans aucun lien avec vous.")
    NUMBER = N_("gardé, car c’est un acte public ; il ne porte que le numéro d’un compte vide.")
    OWN = N_("le numéro et le collège restent ; tout le reste est effacé.")
    WORDS = N_(
        "ce qui n’est pas publié est effacé ; le reste est gardé sans lien avec vous, ou effacé si vous le demandez."
    )


@dataclass(frozen=True)
class Part:
    """Some rows about a person. ``links`` are the columns that hold their number.

    ``mine`` says which rows are theirs when no link does, or when a link alone is not enough.
    """

    key: str
    title: str
    model: type[Base]
    fate: Fate
    links: tuple[str, ...]
    told: tuple[str, ...]
    withheld: tuple[str, ...] = ()
    mine: Callable[[int], ColumnElement[bool]] | None = None

    def of(self, person_id: int) -> ColumnElement[bool]:
        """The condition under which a row is theirs."""
        if self.mine is not None:
            return self.mine(person_id)
        columns = self.model.__table__.c
        return or_(false(), *(columns[link] == person_id for link in self.links))


def _part(
    key: str,
    title: str,
    model: type[Base],
    fate: Fate,
    links: str,
    told: str,
    withheld: str = "",
    *,
    mine: Callable[[int], ColumnElement[bool]] | None = None,
) -> Part:
    """A row of the table; columns are names parted by spaces."""
    return Part(key, title, model, fate, tuple(links.split()), tuple(told.split()), tuple(withheld.split()), mine)


def _my_comments(person_id: int) -> ColumnElement[bool]:
    return CommentAppeal.comment_id.in_(select(Comment.id).where(Comment.author_id == person_id))


def _my_credits(person_id: int) -> ColumnElement[bool]:
    return Credit.contribution.in_(select(Comment.id).where(Comment.author_id == person_id))


def _my_revisions(person_id: int) -> ColumnElement[bool]:
    return RevisionFile.revision_id.in_(select(Revision.id).where(Revision.by_id == person_id))


def _my_answers(person_id: int) -> ColumnElement[bool]:
    mine = select(ProposalAuthor.proposal_id).where(ProposalAuthor.person_id == person_id)
    return Decision.proposal_id.in_(mine) & Decision.author_answered_at.is_not(None)


def _audit(person_id: int) -> ColumnElement[bool]:
    return or_(AuditLine.by_id == person_id, AuditLine.subject == f"person:{person_id}")


PARTS: tuple[Part, ...] = (
    _part(
        "account",
        N_("Mon compte"),
        Person,
        Fate.OWN,
        "id",
        "id college structure_id email name pseudonym created_at last_seen_on idle_notice_at suspended_at "
        "mail workshop_id typed totp_enrolled_at",
        "erased_at totp_seed totp_last_step",
    ),
    _part("roles", N_("Mes rôles"), PersonRole, Fate.DELETED, "person_id", "role"),
    _part(
        "sessions",
        N_("Mes connexions"),
        Session,
        Fate.DELETED,
        "person_id",
        "way created_at expires_at second_factor_at",
        "id digest browser id_token",
    ),
    _part(
        "identities",
        N_("Mes identités chez un fournisseur"),
        Identity,
        Fate.DELETED,
        "person_id",
        "issuer subject created_at",
        "id",
    ),
    _part(
        "return_words",
        N_("Mes mots de retour"),
        ReturnWords,
        Fate.DELETED,
        "person_id",
        "created_on",
        "id locator secret",
    ),
    _part(
        "recovery_codes", N_("Mes codes de secours"), RecoveryCode, Fate.DELETED, "person_id", "used_at", "id digest"
    ),
    _part(
        "sign_in_links",
        N_("Les liens de connexion demandés"),
        SignInLink,
        Fate.DELETED,
        "person_id",
        "kind created_at expires_at used_at opened_elsewhere_at next_url wrong_digits",
        "id digest nonce browser",
    ),
    _part(
        "invitation",
        N_("Mon invitation"),
        Invitation,
        Fate.DELETED,
        "person_id",
        "email college roles structure_id created_at expires_at accepted_at",
        "id digest nonce totp_seed browser",
    ),
    _part(
        "structure_wish",
        N_("Mon changement de structure demandé"),
        StructureWish,
        Fate.DELETED,
        "person_id",
        "structure_id name asked_at refused_at reason",
    ),
    _part(
        "notices",
        N_("Ce qui m’a été écrit"),
        Notice,
        Fate.DELETED,
        "person_id",
        "kind event payload at_once created_at sent_at",
        "id",
    ),
    _part("follows", N_("Mes pages suivies"), Follow, Fate.DELETED, "person_id", "topic since"),
    _part(
        "comments",
        N_("Mes contributions"),
        Comment,
        Fate.WORDS,
        "author_id",
        "id kind key path section quotation before after blob face text replacement wish state rule note is_reply "
        "parent_id college first_section first_quotation reattached_at "
        "structure_id workshop_id typed created_at promised_on published_at answered_at closed_at",
        "sending parent_is_reply",
    ),
    _part(
        "appeals",
        N_("Mes recours"),
        CommentAppeal,
        Fate.WORDS,
        "",
        "comment_id words at decided_at upheld note",
        mine=_my_comments,
    ),
    _part(
        "credits",
        N_("Ce que des propositions ont repris de mes contributions"),
        Credit,
        Fate.CUT,
        "",
        "proposal_id contribution revision_number why college at",
        mine=_my_credits,
    ),
    _part(
        "drafts",
        N_("Mes brouillons"),
        Draft,
        Fate.DELETED,
        "author_id",
        "id kind path proposal_id content created_at updated_at",
        "base_commit form_id",
    ),
    _part(
        "proposals",
        N_("Mes propositions"),
        Proposal,
        Fate.NUMBER,
        "author_id",
        "id title state kind path code college revision_number change_class submitted_at admitted_at "
        "window_ends decision_due declared_inadmissible_at appealed_at resume_on merged_into_id "
        "decision_number decided_at adopted_path",
        "form_id",
    ),
    _part(
        "co_authored",
        N_("Les propositions dont je suis l’auteur"),
        ProposalAuthor,
        Fate.NUMBER,
        "person_id",
        "proposal_id",
    ),
    _part(
        "revisions",
        N_("Mes rédactions"),
        Revision,
        Fate.NUMBER,
        "by_id",
        "id proposal_id number change_class reason plain_change created_at base_commit",
    ),
    _part(
        "wordings",
        N_("Le texte de mes rédactions"),
        RevisionFile,
        Fate.NUMBER,
        "",
        "revision_id path text before_blob blob",
        mine=_my_revisions,
    ),
    _part(
        "positions",
        N_("Mes avis"),
        Position,
        Fate.NUMBER,
        "person_id",
        "proposal_id revision_id stance college structure_id taken_at",
        "id",
    ),
    _part(
        "amendment_answers",
        N_("Mes réponses à un texte modifié"),
        Decision,
        Fate.NUMBER,
        "",
        "proposal_id author_accepts author_words author_answered_at",
        "id number revision_id state outcome change_class reason plain_reason resume_on digest asked_college "
        "proposed_at amended_at signed_at operation_id commit_id form_id",
        mine=_my_answers,
    ),
    _part(
        "steps",
        N_("Les étapes que j’ai faites"),
        StepLine,
        Fate.NUMBER,
        "by_id",
        "proposal_id step from_state to_state college at reason plain_reason draft_id revision_id decision_id",
        "id",
    ),
    _part(
        "signatures",
        N_("Mes signatures"),
        Signature,
        Fate.NUMBER,
        "person_id",
        "decision_id rank college signed_at digest",
    ),
    _part(
        "judged",
        N_("Les propositions que j’ai déclarées irrecevables"),
        Proposal,
        Fate.NUMBER,
        "declared_inadmissible_by_id",
        "id declared_inadmissible_at",
    ),
    _part(
        "operations",
        N_("Les décisions que j’ai fait écrire"),
        Operation,
        Fate.NUMBER,
        "by_id",
        "kind subject state college time closed_at commit",
        "id base files message author_name author_email parent paths reason cause",
    ),
    _part(
        "editions",
        N_("Les éditions que j’ai annoncées, préparées ou confirmées"),
        EditionPlan,
        Fate.NUMBER,
        "announced_by_id prepared_by_id confirmed_by_id",
        "number state closing announced_at prepared_at confirmed_at",
        "id slot commit applies note revision_note prepared_by_college confirmed_by_college audit_head sealed_at"
        " failure",
    ),
    _part(
        "carried_over",
        N_("Les propositions que j’ai reportées à une autre édition"),
        CarriedOver,
        Fate.NUMBER,
        "by_id",
        "proposal_id reason plain_reason college at",
        "id plan_id",
    ),
    _part(
        "moderation",
        N_("Mes actes de modération"),
        CommentEvent,
        Fate.CUT,
        "by_id",
        "state rule role at days",
        "id comment_id appeal_of_id",
    ),
    _part(
        "appeals_decided",
        N_("Les recours que j’ai jugés"),
        CommentAppeal,
        Fate.CUT,
        "decided_by_id",
        "decided_at upheld",
        "comment_id words at note",
    ),
    _part(
        "reports",
        N_("Les contributions que j’ai signalées"),
        CommentReport,
        Fate.CUT,
        "by_id",
        "rule at",
        "id comment_id decided_at decided_by_id removed",
    ),
    _part(
        "reports_decided",
        N_("Les signalements dont j’ai décidé"),
        CommentReport,
        Fate.CUT,
        "decided_by_id",
        "decided_at removed",
        "id comment_id rule by_id at",
    ),
    _part(
        "invited",
        N_("Les invitations que j’ai envoyées"),
        Invitation,
        Fate.CUT,
        "invited_by_id",
        "college roles created_at accepted_at",
        "email person_id",
    ),
    _part(
        "cards",
        N_("Les cartes que j’ai imprimées"),
        Card,
        Fate.CUT,
        "printed_by_id",
        "college created_at expires_at",
        "id structure_id workshop_id locator secret square used_on",
    ),
    _part(
        "workshops",
        N_("Les séances que j’ai ouvertes ou animées"),
        Workshop,
        Fate.CUT,
        "opened_by_id second_id",
        "title place criteria seats seats_asked created_at confirmed_at ends_at closed_at",
        "id structure_id opened_by_college second_college seats_given nonce code",
    ),
    _part(
        "audit",
        N_("Le journal de mes actes"),
        AuditLine,
        Fate.NUMBER,
        "by_id",
        "seq at event subject",
        "details previous hash",
        mine=_audit,
    ),
)
