"""Errata beside the library: the sealed text that one is written from, and whether another took its passage since."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy import select

from referentiel.criteria.changes import ChangeClass
from referentiel.criteria.document import Document
from referentiel.criteria.erratum import RIGHT, Erratum, taken
from referentiel.criteria.items import title_of
from referentiel.criteria.paths import corrected_by, errata_folder, erratum_path, is_erratum
from referentiel.database import session
from referentiel.errors import N_, Invalid
from referentiel.library.library import Library
from referentiel.proposals.models import Proposal
from referentiel.proposals.sheets import section_field
from referentiel.proposals.states import OPEN, ProposalKind, State
from referentiel.proposals.wording import Change
from referentiel.proposals.wording.errata import faults, item_of

AWAITED = tuple(sorted(OPEN | {State.IN_DECISION}))


def sealed_commit(library: Library, path: str) -> str:
    """The commit of the edition that an erratum corrects. Raises :class:`Unknown` when there is no such edition."""
    return library.edition(corrected_by(path)[0]).commit


def texts_for(library: Library, path: str) -> Mapping[str, str]:
    """What an erratum is written from: the item as it is sealed, and the errata that it has today.

    Raises :class:`Unknown` when there is no such edition. Empty when the edition has no such item.
    """
    item, commit = item_of(path), sealed_commit(library, path)
    blob = library.files(commit).get(item)
    if blob is None:
        return {}
    adopted = adopted_beside(path, library.files(library.head()))
    return {item: library.text(blob), **{name: library.text(one) for name, one in adopted.items()}}


def adopted_beside(path: str, files: Mapping[str, str]) -> dict[str, str]:
    """Path → blob of the errata of the same item in the same edition: their numbers leave no hole."""
    edition, code = corrected_by(path)
    return dict(_numbered(edition, code, files))


def _numbered(edition: str, code: str, files: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    number = 1
    while (blob := files.get(name := erratum_path(edition, code, str(number)))) is not None:
        yield name, blob
        number += 1


def taken_since(library: Library, path: str, text: str, files: Mapping[str, str]) -> str | None:
    """The blob of an erratum that corrects the same words, adopted since this one was written; None when none does."""
    mine = Erratum.of(Document.read(text, path))
    adopted = adopted_beside(path, files)
    other = taken(mine, [Erratum.of(Document.read(library.text(blob), name)) for name, blob in adopted.items()])
    return adopted[other.document.file] if other is not None else None


def awaited(edition: str, code: str) -> Sequence[Proposal]:
    """The open proposals of errata on one item of an edition, oldest first. One statement."""
    pending = f"{errata_folder(edition)}/{code}-nouveau-"
    query = select(Proposal).where(Proposal.path.startswith(pending, autoescape=True), Proposal.state.in_(AWAITED))
    return session.scalars(query.order_by(Proposal.submitted_at, Proposal.id)).all()


def all_awaited() -> Sequence[Proposal]:
    """The open proposals of errata on every edition, oldest first. One statement, and two more for each."""
    query = select(Proposal).where(Proposal.state.in_(AWAITED), Proposal.kind == ProposalKind.ERRATUM)
    return session.scalars(query.order_by(Proposal.submitted_at, Proposal.id)).all()


def require_not_asked_yet(changes: Iterable[Change]) -> None:
    """Refuse a correction that an open proposal asks for already, word for word. Raises :class:`Invalid`."""
    for change in changes:
        if not is_erratum(change.path):
            continue
        mine = Erratum.of(change.after)
        for proposal in awaited(*corrected_by(change.path)):
            known = Erratum.of(Document.read(proposal.revision.main.text, proposal.revision.main.path))
            if known.overlaps(mine) and known.quotation == mine.quotation and known.corrected == mine.corrected:
                raise Invalid(
                    N_("La proposition %(number)s demande déjà cette correction."),
                    field=section_field(RIGHT),
                    way_out=N_("Ouvrez-la : vous pouvez y donner votre avis."),
                    number=proposal.id,
                )


def require_sound(library: Library, before: Document, after: Document, change_class: ChangeClass) -> None:
    """Refuse what somebody else than its author wrote into an erratum, and would make none of it.

    Raises :class:`Invalid`. The passage of the edition is its author's to choose.
    """
    if not is_erratum(after.file):
        return
    was, becomes = Erratum.of(before), Erratum.of(after)
    if (was.quotation, was.section, was.path) != (becomes.quotation, becomes.section, becomes.path):
        raise Invalid(
            N_("Seuls les mots à lire peuvent changer : le passage de l’édition reste celui que son auteur a cité."),
            field=section_field(RIGHT),
        )
    for fault in faults(after, change_class, texts_for(library, after.file)):
        raise fault


def shown_in(library: Library, document: Document) -> tuple[Document, Document]:
    """The item that an erratum corrects, as it is sealed and as it is to be read: what people compare."""
    erratum = Erratum.of(document)
    sealed = Document.read(library.read(erratum.path, sealed_commit(library, document.file)).text, erratum.path)
    return sealed, erratum.corrects(sealed)


def title_in(library: Library, path: str) -> str:
    """The title of the item that an erratum corrects, as the edition has it."""
    item = item_of(path)
    return title_of(Document.read(library.read(item, sealed_commit(library, path)).text, item))
