"""An import from end to end: looked at as a whole, then sent as one proposal, by a person, or not at all."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from uuid import UUID

from referentiel.criteria.document import Document
from referentiel.criteria.vocabulary import anchor
from referentiel.errors import N_, Invalid, Refused, Unknown
from referentiel.library.library import Library
from referentiel.people.models import Person
from referentiel.proposals.actions.writing_up import submit
from referentiel.proposals.delays import LAW, Delays
from referentiel.proposals.importing.places import line_of, named
from referentiel.proposals.importing.reading import commit_named, documents_of
from referentiel.proposals.importing.report import Report
from referentiel.proposals.importing.sources import ASIDE, Files, files_of
from referentiel.proposals.importing.translating import Piece, differences, pieces_of
from referentiel.proposals.models import Proposal
from referentiel.proposals.sheets import LONGEST_PROPOSAL, MOST_PARTS, Sheet
from referentiel.proposals.states import ProposalKind
from referentiel.proposals.wording import write

UNTITLED = Sheet(title="Import", reason="Import", change_class="substance")
"""What a report alone needs of a sheet: nobody reads it"""
WHOLE = "proposition"
"""Where a fault stands that is of no file"""
_ACTS = ("decisions/", "errata/")
_FIELD = re.compile(r"(?:t([0-9]+)_)?(section|key)_(.+)")


@dataclass(frozen=True)
class Import:
    """What was looked at: the report, and what would be sent."""

    report: Report
    base: str
    """The commit that it is compared with"""
    sheet: Sheet
    kind: ProposalKind
    path: str


def examine(
    library: Library, source: Path, *, sheet: Sheet = UNTITLED, base: str = "", only: Sequence[str] = ()
) -> Import:
    """Look at a folder or a zip, whole; write nothing. Whatever is refused is in the report, with what to do.

    ``base`` is an edition or a commit to compare with; by default what our own archive says it is, else the draft.
    ``only`` keeps the files of these paths, or under these folders; every name is checked all the same. Raises
    Unknown for a base that does not exist.
    """
    report = Report()
    files = files_of(source, report)
    commit = _base(library, files, base)
    known = library.texts(commit)
    kept = {path: content for path, content in files.items() if _asked(path, only)}
    imported = documents_of(kept, {path: known[path] for path in kept if path in known}, report)
    texts = {path: known[path] for path in known if path in imported or not path.startswith(_ACTS)}
    report.absent = sum(1 for path in texts if path not in files) if files else 0
    pieces = pieces_of(imported, texts, report)
    if not pieces:
        return Import(report, commit, sheet, ProposalKind.MODIFY, "")
    first, *others = (piece.part for piece in pieces)
    asked = replace(sheet, sections=first.sections, keys=first.keys, more=tuple(others))
    made = Import(report, commit, asked, ProposalKind(first.verb.value), first.path)
    _try_it(made, pieces, texts)
    return made


def bring(library: Library, looked_at: Import, *, by: Person, at: datetime, delays: Delays = LAW) -> Proposal:
    """Send it as a proposal of theirs. The same import by the same person again gives the same proposal.

    Raises Refused when something was refused or nothing changes, and what :func:`submit` raises.
    """
    if looked_at.report.refused:
        raise Refused(N_("L’import est refusé, le rapport dit pourquoi. Rien n’a été écrit."))
    if not looked_at.path:
        raise Refused(N_("Rien n’a changé : il n’y a rien à proposer."))
    return submit(
        library,
        looked_at.sheet,
        kind=looked_at.kind,
        path=looked_at.path,
        base=looked_at.base,
        form_id=_form_of(looked_at, by),
        by=by,
        at=at,
        delays=delays,
    )


def _base(library: Library, files: Files, asked: str) -> str:
    """The commit to compare with. What an archive says of itself is believed when it is a version of ours."""
    if asked:
        return library.resolve(asked)
    said = commit_named(files)
    try:
        return library.resolve(said) if said else library.head()
    except Unknown:
        return library.head()


def _asked(path: str, only: Sequence[str]) -> bool:
    return not only or path in ASIDE or any(path == one or path.startswith(f"{one.rstrip('/')}/") for one in only)


def _try_it(made: Import, pieces: Sequence[Piece], texts: Mapping[str, str]) -> None:
    """Write the wording without keeping it: what a form would refuse is told with its file and its line, and so is
    what it would not bring to the letter."""
    written = write(made.kind, made.sheet, path=made.path, texts=texts)
    for problem in written.problems:
        path, number = _place_of(problem, pieces)
        made.report.refuse(path, f"{problem}{_several(problem)}", number)
    after: dict[str, Document] = {change.path: change.after for change in written.changes}
    for piece in pieces:
        if piece.part.path not in after:
            continue
        for part in differences(piece, after[piece.part.path]):
            words = f"{named(part)} : aucun formulaire ne peut proposer ce changement-là. Remettez ce qui était écrit."
            made.report.refuse(piece.imported.file, words, line_of(piece.imported, part))


def _place_of(problem: Invalid, pieces: Sequence[Piece]) -> tuple[str, int]:
    """The file and the line of a fault that is told by the name of its field."""
    match = _FIELD.fullmatch(problem.field or "")
    if match is None:
        return WHOLE, 0
    document = pieces[int(match[1] or 1) - 1].imported
    if match[2] == "key":
        return document.file, document.line_of(match[3])
    title = next((one.title for one in document.sections if anchor(one.title) == match[3]), "")
    return document.file, document.line_of_section(title)


def _several(problem: Invalid) -> str:
    """A proposal has bounds that a whole referential passes at once: how to bring it by parts."""
    said = problem.values.get("max")
    return " Apportez le reste en plusieurs fois, avec --only." if said in (MOST_PARTS, LONGEST_PROPOSAL) else ""


def _form_of(looked_at: Import, by: Person) -> str:
    """Always the same for the same import: sent twice, it is one proposal."""
    content = json.dumps([looked_at.base, looked_at.kind, looked_at.path, looked_at.sheet.as_json(), by.id])
    return str(UUID(bytes=hashlib.sha256(content.encode()).digest()[:16]))
