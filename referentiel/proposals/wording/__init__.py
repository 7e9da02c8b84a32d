"""What a person types, turned into the new text of the files that a proposal touches: pure.

Only what differs is recorded: a field left as it was keeps its bytes, so that the change touches what the person
changed and nothing else. One module a matter: what forms show (``layouts``), cleaning (``cleaning``), each verb on one
item (``verbs``), places among the like (``places``), the whole of a proposal (``whole``).
"""

from referentiel.proposals.sheets import Part, Sheet, section_field
from referentiel.proposals.wording.layouts import keys_of, sections_of
from referentiel.proposals.wording.sheets_of import part_of, sheet_of
from referentiel.proposals.wording.whole import Change, Written, amend, main_verb, write

__all__ = [
    "Change",
    "Part",
    "Sheet",
    "Written",
    "amend",
    "keys_of",
    "main_verb",
    "part_of",
    "section_field",
    "sections_of",
    "sheet_of",
    "write",
]
