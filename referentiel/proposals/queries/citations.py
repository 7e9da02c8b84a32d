"""What cites the items of a proposal: in the draft, read once a commit, and among the open proposals."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import contains_eager

from referentiel.criteria.document import Document
from referentiel.criteria.items import is_withdrawn, title_of
from referentiel.criteria.links import Link, links_of, may_cite
from referentiel.criteria.paths import Kind, kind_and_key, tree
from referentiel.database import session
from referentiel.errors import N_
from referentiel.library.cache import Cache
from referentiel.library.library import Library
from referentiel.proposals.impact import Citing, Touched, register
from referentiel.proposals.models import Proposal, Revision, RevisionFile
from referentiel.proposals.queries.listings import AWAITING

PROPOSALS = "propositions"
USES = "mots"
"""How an item cites a term of the glossary: it says the word"""
LABELS = {
    Kind.REFERENTIAL.value: N_("Présentation du référentiel"),
    Kind.CHAPTER.value: N_("Chapitres"),
    Kind.CRITERION.value: N_("Critères"),
    Kind.PAGE.value: N_("Pages"),
    Kind.TERM.value: N_("Mots expliqués"),
    Kind.TOOL.value: N_("Outils"),
    Kind.SKILL.value: N_("Compétences"),
}

Index = Mapping[str, tuple[Link, ...]]
_links: Cache[tuple[str, str], tuple[Link, ...]] = Cache(20_000, lambda links: len(links) + 1)
_indexes: Cache[str, Index] = Cache(2)


def cited_in_draft(library: Library) -> Index:
    """Item → the links that lead to it, in the text as it is now. An adoption makes one file read again. No SQL."""
    return _indexes.get(library.head(), lambda commit: _index(library, commit))


def _index(library: Library, commit: str) -> Index:
    found: dict[str, list[Link]] = defaultdict(list)
    for path, blob in library.files(commit).items():
        if not _is_draft(path):
            continue
        for link in _links.get((path, blob), lambda key: links_of(key[0], Document.read(library.text(key[1]), key[0]))):
            found[link.target].append(link)
    return {target: tuple(links) for target, links in found.items()}


def _is_draft(path: str) -> bool:
    return may_cite(path) and not tree(path)[0]


def in_the_text(library: Library, touched: Touched) -> Iterator[Citing]:
    """The items of the draft that cite those of a proposal, its own left aside. No SQL."""
    index = cited_in_draft(library)
    how: dict[str, list[str]] = defaultdict(list)
    for target in sorted(touched.paths):
        for link in index.get(target, ()):
            how[link.source].append(link.part)
    for path in _saying(library, touched):
        how[path].append(USES)
    for path in sorted(how.keys() - touched.paths):
        kind, key = kind_and_key(path)
        title = title_of(Document.read(library.read(path).text, path))
        yield Citing(kind.value, key, title, tuple(dict.fromkeys(how[path])))


def _saying(library: Library, touched: Touched) -> Iterator[str]:
    """The items in force whose words say a touched term of the glossary, by its name of today or of before."""
    files = library.files(library.head())
    terms = [path for path in touched.paths if path in files and kind_and_key(path)[0] is Kind.TERM]
    names = [name for path in terms for name in _names(Document.read(library.text(files[path]), path))]
    if not names:
        return
    said = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?:s|x)?(?!\w)", re.IGNORECASE)
    for path, blob in files.items():
        if _is_draft(path) and said.search(library.text(blob)):
            document = Document.read(library.text(blob), path)
            if not is_withdrawn(document) and any(said.search(section.body) for section in document.sections):
                yield path


def _names(term: Document) -> tuple[str, ...]:
    return tuple(name for name in (title_of(term), *term.values("anciens_noms")) if name)


def on_the_same_items(library: Library, touched: Touched) -> Iterator[Citing]:
    """The other open proposals that change one of the same items, oldest first. One statement."""
    for proposal in session.scalars(
        _open(touched).where(
            or_(
                Proposal.path.in_(touched.paths),
                Revision.id.in_(select(RevisionFile.revision_id).where(RevisionFile.path.in_(touched.paths))),
            )
        )
    ):
        yield Citing(PROPOSALS, str(proposal.id), proposal.title)


def among_proposals(library: Library, touched: Touched) -> Iterator[Citing]:
    """The same, then the open proposals whose wording begins to cite one of these items. Two statements."""
    rivals = list(on_the_same_items(library, touched))
    yield from rivals
    known = {row.key for row in rivals}
    index = cited_in_draft(library)
    keys = sorted(kind_and_key(tree(path)[1])[1] for path in touched.paths)
    candidates = session.scalars(
        _open(touched)
        .join(RevisionFile, RevisionFile.revision_id == Revision.id)
        .where(or_(*(RevisionFile.text.contains(key, autoescape=True) for key in keys)))
        .options(contains_eager(Proposal.revision).contains_eager(Revision.files))
    )
    for proposal in candidates.unique() if keys else ():
        if str(proposal.id) in known:
            continue
        how = [
            link.part
            for file in proposal.revision.files
            for link in links_of(file.path, Document.read(file.text, file.path))
            if link.target in touched.paths and link not in index.get(link.target, ())
        ]
        if how:
            yield Citing(PROPOSALS, str(proposal.id), proposal.title, tuple(dict.fromkeys(how)))


def _open(touched: Touched) -> Select[Proposal]:
    """The other open proposals with their present wording."""
    present = and_(Revision.proposal_id == Proposal.id, Revision.number == Proposal.revision_number)
    return (
        select(Proposal)
        .join(Revision, present)
        .where(Proposal.state.in_(AWAITING), Proposal.id != touched.proposal)
        .order_by(Proposal.submitted_at, Proposal.id)
    )


register(LABELS, in_the_text)
register({PROPOSALS: N_("Propositions en cours")}, among_proposals)
