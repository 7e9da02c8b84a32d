"""What people follow, and how it is named: ``criteres/E4``, ``chapitres/E``, ``propositions/42``.

Following by mail is for who has an address. Everybody else has the feeds, and the list of what changed since a day.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import func, select

from referentiel.criteria.document import Document
from referentiel.criteria.paths import Kind, is_erratum, kind_and_key, path_of
from referentiel.database import session, writing
from referentiel.errors import N_, NotAllowed, Refused, Unknown
from referentiel.library.library import Library
from referentiel.notices.models import Follow
from referentiel.people.models import Mail, Person
from referentiel.permissions import Action, require
from referentiel.proposals.models import Proposal
from referentiel.proposals.wording.errata import item_of

MOST = 300
"""How many things one person follows at most"""
PROPOSALS = "propositions"
_FORM = re.compile(r"(criteres|chapitres)/([A-Z][0-9]{0,3})|propositions/([1-9][0-9]{0,9})", re.ASCII)


def follow(library: Library, topic: str, *, by: Person, at: datetime) -> None:
    """Be written to, once a day, when something is new there. Twice is once. One write.

    Who wanted answers alone wants this too from now on; who wanted no mail at all keeps that choice. Raises
    :class:`Unknown` for what does not exist, :class:`NotAllowed` to who has no address.
    """
    require(by, Action.FOLLOW)
    if not by.email:
        raise NotAllowed(
            N_("Pour recevoir des nouvelles par e-mail, il faut un compte avec une adresse."),
            way_out=N_("Vous pouvez suivre sans compte : la page « Suivre » dit comment."),
        )
    _check(library, topic)
    with writing() as rows:
        if rows.get(Follow, (by.id, topic)) is not None:
            return
        held = rows.scalar(select(func.count()).select_from(Follow).where(Follow.person_id == by.id)) or 0
        if held >= MOST:
            raise Refused(
                N_("Vous suivez déjà %(most)s choses : c’est le plus possible."),
                most=MOST,
                way_out=N_("Arrêtez d’en suivre une, sur la page de votre compte."),
            )
        rows.add(Follow(person_id=by.id, topic=topic, since=at))
        if by.mail == Mail.ANSWERS.value:
            by.mail = Mail.FOLLOWED.value


def unfollow(topic: str, *, by: Person) -> None:
    """Be written to no more about this. Doing it twice, or of what was never followed, changes nothing. One write."""
    require(by, Action.FOLLOW)
    with writing() as rows:
        followed = rows.get(Follow, (by.id, topic))
        if followed is not None:
            rows.delete(followed)


def follows(person: Person, topic: str) -> bool:
    """Whether somebody follows this. One statement."""
    return session.get(Follow, (person.id, topic)) is not None


def followed_by(person: Person) -> Sequence[Follow]:
    """What somebody follows, the latest first. One statement."""
    query = select(Follow).where(Follow.person_id == person.id).order_by(Follow.since.desc(), Follow.topic)
    return session.scalars(query).all()


def address_of(topic: str) -> str:
    """Where it is read. Raises :class:`Unknown` for what is no topic."""
    if not _FORM.fullmatch(topic):
        raise Unknown(N_("Cette page n’existe pas : vous ne pouvez pas la suivre."))
    return f"/{topic}"


def topics_of(library: Library, proposal: Proposal) -> frozenset[str]:
    """What a proposal is news of: itself, what it touches, the chapters of that, before and after."""
    files = proposal.revision.files
    paths = {file.path for file in files} | {path for path in (proposal.path, proposal.adopted_path) if path}
    texts = [file.text for file in files] + [text for path in paths if (text := _drafted(library, path))]
    found = {f"{PROPOSALS}/{proposal.id}"}
    # Who follows a criterion follows what corrects it in a published edition.
    found |= {(item_of(path) if is_erratum(path) else path).removesuffix(".md") for path in paths}
    found |= {f"{Kind.CHAPTER.value}/{chapter}" for chapter in _chapters(texts)}
    return frozenset(topic for topic in found if _FORM.fullmatch(topic))


def _chapters(texts: Iterable[str]) -> Iterable[str]:
    return {chapter for text in texts if (chapter := Document.read(text).value("chapitre"))}


def _drafted(library: Library, path: str) -> str:
    """The text as it is adopted now; empty for what is not adopted yet."""
    try:
        kind_and_key(path)
        return library.read(path).text
    except (Unknown, ValueError):
        return ""


def _check(library: Library, topic: str) -> None:
    address_of(topic)
    kind, _slash, key = topic.partition("/")
    if kind == PROPOSALS:
        there = int(key) < 2**31 and session.get(Proposal, int(key)) is not None
    else:
        there = path_of(Kind(kind), key) in library.files(library.head())
    if not there:
        raise Unknown(N_("Cette page n’existe pas : vous ne pouvez pas la suivre."))
