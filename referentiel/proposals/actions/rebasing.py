"""A wording beside which the text moved: its author confirms the merge that is offered, or settles each passage.

Both give the next wording, with the reason and the plain words of the one before. Neither is ever done by itself, and
neither counts on texts that nobody had under their eyes.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from referentiel.criteria.changes import ChangeClass, check_class
from referentiel.criteria.characters import clean
from referentiel.criteria.document import Document
from referentiel.criteria.items import check as check_item
from referentiel.criteria.merging import KEY
from referentiel.database import writing
from referentiel.errors import N_, FileError, Invalid
from referentiel.library.library import Library
from referentiel.people.models import Person
from referentiel.permissions import Action, require
from referentiel.proposals.actions.recording import Claim, add_next, same_files
from referentiel.proposals.conditions import NotNow
from referentiel.proposals.delays import LAW, Delays
from referentiel.proposals.door import case_of
from referentiel.proposals.models import Proposal, Revision, RevisionFile
from referentiel.proposals.offers import Passage, Stand, offer, settled, stand
from referentiel.proposals.sheets import LONGEST_KEY, LONGEST_PROPOSAL, LONGEST_SECTION, Incomplete
from referentiel.proposals.standing import FileText
from referentiel.proposals.states import State, Step
from referentiel.proposals.workflow import check

TODAY, MINE, OTHER = "aujourd-hui", "le-mien", "autre-chose"
"""What a passage must say: what the text says now, what the wording says, or other words"""
WORDS = "mots-"
"""Before the name of a passage: the field of its other words"""


def step_of(proposal: Proposal) -> Step:
    """The step by which a next wording is sent."""
    return Step.RESUBMIT if proposal.state is State.TO_COMPLETE else Step.REVISE


def take_up_offer(
    library: Library, proposal: Proposal, *, seen: str, by: Person, at: datetime, delays: Delays = LAW
) -> Revision:
    """The merge that was read becomes the next wording.

    ``seen`` is the digest of the texts that its author had under their eyes; sent twice it is one wording. Raises
    :class:`NotNow` when one of them is another by now, or when nothing is offered.
    """
    found = _under_their_eyes(library, proposal, seen, by)
    offered = offer(library, found)
    if offered is None:
        raise no_offer()
    return _send(library, proposal, found, offered, proposal.change_class, by, at, delays)


def solve(
    library: Library,
    proposal: Proposal,
    choices: Mapping[str, str],
    words: Mapping[str, str],
    *,
    seen: str,
    change_class: ChangeClass | None = None,
    by: Person,
    at: datetime,
    delays: Delays = LAW,
) -> Revision:
    """The next wording, each passage that collides as its author settled it.

    ``choices`` and ``words`` are by the name of a passage; both readings are kept, one in the text, the other in the
    wording before. Raises :class:`Incomplete` with every answer that is missing, :class:`NotNow` when one of the texts
    is another than the one that was read.
    """
    found = _under_their_eyes(library, proposal, seen, by)
    problems: list[Invalid] = []
    said = {
        (one.path, one.collision.part): _said(one, choices.get(one.name, ""), words.get(one.name, ""), problems)
        for one in found.passages
    }
    if problems:
        raise Incomplete(problems)
    documents = settled(library, found, said) if found.can_be_settled else None
    if documents is None:
        raise NotNow(N_("Ce texte ne peut pas être repris passage par passage."), way_out=_WAY_OUT)
    return _send(library, proposal, found, documents, change_class or proposal.change_class, by, at, delays)


def no_offer() -> NotNow:
    return NotNow(
        N_("Aucun texte réuni n’attend votre lecture sur cette proposition."),
        way_out=N_("Ouvrez la proposition : elle dit si elle s’applique au texte d’aujourd’hui."),
    )


_WAY_OUT = N_("Ouvrez la proposition, puis écrivez une nouvelle rédaction à partir du texte d’aujourd’hui.")


def _under_their_eyes(library: Library, proposal: Proposal, seen: str, by: Person) -> Stand:
    """What its author read: as it is now, or as it was when they sent the present wording, if this is a second click.

    Raises :class:`NotNow` when one of the texts is another by now.
    """
    require(by, Action(step_of(proposal).value), proposal)
    found = stand(library, proposal.revision.files)
    if seen == found.digest:
        return found
    current = proposal.revision
    before = next((one for one in proposal.revisions if one.number == current.number - 1), None)
    if before is not None and current.by_id == by.id:
        found = stand(library, before.files, current.base_commit)
        if seen == found.digest:
            return found
    raise moved_again()


def moved_again() -> NotNow:
    return NotNow(
        N_("Le texte a encore changé pendant que vous lisiez. Rien n’a été envoyé : ce que vous avez écrit est gardé."),
        way_out=N_("Relisez les textes tels qu’ils sont maintenant, puis envoyez."),
    )


def _said(passage: Passage, choice: str, typed: str, problems: list[Invalid]) -> str | None:
    part = passage.collision
    if choice == TODAY:
        return part.draft
    if choice == MINE:
        return part.proposed
    if choice != OTHER or not passage.can_be_written:
        problems.append(Invalid(N_("Dites ce que ce passage doit dire."), field=passage.name))
        return None
    by_key, field = part.part.startswith(KEY), WORDS + passage.name
    try:
        words = clean(typed, field=field, limit=LONGEST_KEY if by_key else LONGEST_SECTION, lines=not by_key)
    except Invalid as fault:
        problems.append(fault)
        return None
    if not words:
        problems.append(
            Invalid(N_("Écrivez ce que ce passage doit dire, ou gardez l’un des deux textes."), field=field)
        )
    return words


def _send(
    library: Library,
    proposal: Proposal,
    found: Stand,
    documents: Sequence[tuple[FileText, Document]],
    change_class: ChangeClass,
    by: Person,
    at: datetime,
    delays: Delays,
) -> Revision:
    """Write the next wording, based on the text as it was read. Files that would change nothing are left out."""
    files = [file for one, document in documents if (file := _file(library, found, one, document, change_class))]
    if not files:
        raise Invalid(
            N_("Vous gardez partout le texte d’aujourd’hui : votre proposition ne demanderait plus rien."),
            way_out=N_("Gardez votre texte à un endroit au moins, ou retirez votre proposition."),
        )
    if sum(len(file.text) for file in files) > 2 * LONGEST_PROPOSAL:
        raise Invalid(N_("La proposition est trop longue : %(max)s signes au plus en tout."), max=LONGEST_PROPOSAL)
    taken = step_of(proposal)
    with writing():
        require(by, Action(taken.value), proposal)
        check(case_of(proposal, at=at, delays=delays), taken, by)
        current = proposal.revision
        if same_files(current.files, files) and current.by_id == by.id and current.change_class is change_class:
            return current
        if not same_files(current.files, [one for one, _now in found.files]):
            raise moved_again()
        claim = Claim(current.reason, current.plain_change, change_class)
        return add_next(proposal, taken, found.commit, files, claim, by=by, at=at, delays=delays)


def _file(
    library: Library, found: Stand, one: FileText, document: Document, change_class: ChangeClass
) -> RevisionFile | None:
    """One file of the next wording, none when it would say what the text says. Raises :class:`Invalid`."""
    before = library.files(found.commit).get(one.path) if one.before_blob is not None else None
    blob = library.blob_id(document.text)
    if blob == before:
        return None
    try:
        check_item(one.path, document.text)
    except FileError as fault:
        raise Invalid(N_("Le texte ne peut pas être lu : %(what)s"), what=fault.message) from fault
    if before is not None:
        check_class(change_class, Document.read(library.text(before), one.path), document)
    return RevisionFile(path=one.path, before_blob=before, text=document.text, blob=blob)
