"""A form before anybody types: the text as it is, or as a wording has it already."""

from collections.abc import Mapping

from referentiel.criteria.document import Document
from referentiel.criteria.paths import kind_and_key
from referentiel.proposals.sheets import Part, Sheet, Value
from referentiel.proposals.states import ItemVerb, ProposalKind
from referentiel.proposals.wording.layouts import AFTER, LISTS, keys_of, sections_of
from referentiel.proposals.wording.places import place_of

FIRST_VERB: Mapping[ProposalKind, ItemVerb] = {
    ProposalKind.CREATE: ItemVerb.CREATE,
    ProposalKind.MOVE: ItemVerb.MOVE,
    ProposalKind.WITHDRAW: ItemVerb.WITHDRAW,
    ProposalKind.RESTORE: ItemVerb.RESTORE,
    ProposalKind.ERRATUM: ItemVerb.CREATE,
}
"""What each verb of a proposal does first to its main item; the others change its text"""


def part_of(verb: ItemVerb, document: Document, texts: Mapping[str, str]) -> Part:
    """What a form shows of one item, whose words are those of ``document``; ``texts`` say between whom it stands."""
    kind = kind_and_key(document.file)[0]
    shown = [section.title for section in sections_of(verb, kind, document)]
    keys: dict[str, Value] = {
        key: document.values(key) if key in LISTS else document.value(key) or "" for key in keys_of(verb, kind)
    }
    if AFTER in keys:
        keys[AFTER] = place_of(document, texts)
    sections = {title: document.section(title) or "" for title in shown}
    return Part(verb, document.file, sections, keys)


def sheet_of(base: Document, kind: ProposalKind = ProposalKind.MODIFY, texts: Mapping[str, str] | None = None) -> Sheet:
    """The form on one item: the text as it is."""
    verb = FIRST_VERB.get(kind, ItemVerb.MODIFY)
    part = part_of(verb, base, texts or {})
    return Sheet(sections=part.sections, keys=part.keys)
