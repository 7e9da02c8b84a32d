"""The class of a change: asked of its author, checked here as far as words can tell, signed by two people."""

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import NoReturn

from referentiel.criteria.document import Document
from referentiel.criteria.merging import COMMENTS, FILE, KEY, ORDER, SECTION, touched
from referentiel.criteria.vocabulary import key_label
from referentiel.criteria.wording import changed_words
from referentiel.errors import N_, Invalid


class ChangeClass(StrEnum):
    """How much a change changes. ``label`` names it, ``explanation`` says when to choose it."""

    TYPO = "typo"
    CLARITY = "clarity"
    SUBSTANCE = "substance"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def explanation(self) -> str:
        return _EXPLANATIONS[self]


_LABELS = {
    ChangeClass.TYPO: N_("Correction"),
    ChangeClass.CLARITY: N_("Clarté"),
    ChangeClass.SUBSTANCE: N_("Fond"),
}
_EXPLANATIONS = {
    ChangeClass.TYPO: N_("Une faute de frappe ou d’orthographe : trois mots au plus, rien d’autre."),
    ChangeClass.CLARITY: N_("La même demande, dite plus clairement."),
    ChangeClass.SUBSTANCE: N_("Ce qui est demandé change."),
}

FIELD = "change_class"
TYPO_WORDS = 3

# Their values decide what is asked, and of whom.
_KEYS_OF_SUBSTANCE = frozenset({"code", "niveau", "etat", "structures", "remplace_par"})
_KEYS_OF_WORDS = frozenset({"titre", "titre_facile", "terme", "nom", "developpe", "ouvert_par"})


def _words(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


_PARTS = re.compile(r"['’‑-]")
_NEGATIONS = _words(
    "ne n non pas plus moins jamais rien aucun aucune aucuns aucunes ni sans nul nulle guère sauf hormis excepté"
)
_MODALS = _words(
    "pouvoir peux peut pouvons pouvez peuvent pu pouvait pouvaient pourra pourront pourrait pourraient puisse puissent",
    "devoir dois doit devons devez doivent dû due dus dues devait devaient devra devront devrait devraient doive",
    "doivent falloir faut fallait faudra faudrait faille vouloir veux veut voulons voulez veulent voudra voudrait",
    "obligatoire obligatoires obligatoirement interdit interdite interdits interdites facultatif facultative",
    "facultatifs facultatives impératif impérative impératifs impératives",
)
_NUMBERS = _words(
    "zéro deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt trente quarante",
    "cinquante soixante septante huitante nonante cent cents mille million millions milliard milliards",
    "premier première premiers premières second seconde demi demie moitié tiers quart double triple dizaine quinzaine",
    "vingtaine trentaine centaine hebdomadaire mensuel trimestriel semestriel annuel",
)
_TYPOGRAPHY = str.maketrans({"’": "'", "\u00a0": " ", "\u202f": " ", "‑": "-"})
_ORDINAL = re.compile(r"(?:\w+ièmes?|\w*[½¼¾²³]\w*)")


def check_class(claimed: ChangeClass, before: Document | None, after: Document | None) -> None:
    """Refuse a class that the words contradict. Raises Invalid on the field of the class, with the reason.

    A typo touches no number, negation or modal verb, nor more than three words a section, and no other key than a
    name. A new or withdrawn item, or another code, level, state or scope, is of substance.
    """
    if claimed is ChangeClass.SUBSTANCE:
        return
    parts = touched(before, after)
    keys = sorted(part.removeprefix(KEY) for part in parts if part.startswith(KEY))
    if FILE in parts or before is None or after is None:
        raise Invalid(N_("Un texte nouveau ou retiré change le fond : choisissez « Fond »."), field=FIELD)
    for key in keys:
        if key in _KEYS_OF_SUBSTANCE:
            _refuse(N_("« %(part)s » change ce qui est demandé : choisissez « Fond »."), part=key_label(key))
    if claimed is ChangeClass.TYPO:
        if ORDER in parts or COMMENTS in parts:
            _refuse(N_("L’ordre des rubriques change : ce n’est plus une correction. Choisissez « Clarté »."))
        for key in keys:
            if key not in _KEYS_OF_WORDS:
                _refuse(
                    N_("« %(part)s » change : ce n’est plus une correction. Choisissez « Clarté » ou « Fond »."),
                    part=key_label(key),
                )
            _check_typo(key_label(key), before.value(key), after.value(key))
        for title in sorted(part.removeprefix(SECTION) for part in parts if part.startswith(SECTION)):
            _check_typo(title, before.section(title), after.section(title))


def _check_typo(part: str, before: str | None, after: str | None) -> None:
    if before is None or after is None:
        _refuse(N_("« %(part)s » apparaît ou disparaît : choisissez « Clarté » ou « Fond »."), part=part)
    # A better apostrophe or a no-break space is a correction, however many there are.
    changed = changed_words(before.translate(_TYPOGRAPHY), after.translate(_TYPOGRAPHY))
    if changed is None or max(len(changed[0]), len(changed[1])) > TYPO_WORDS:
        _refuse(
            N_("« %(part)s » change de plus de %(count)s mots : choisissez « Clarté » ou « Fond »."),
            part=part,
            count=TYPO_WORDS,
        )
    removed, added = changed
    weighty = next(_weighty(removed, added), None)
    if weighty is not None:
        _refuse(
            N_("« %(part)s » : « %(word)s » est un nombre, une négation ou une obligation. Choisissez « Fond »."),
            part=part,
            word=weighty,
        )


def _weighty(removed: Iterable[str], added: Iterable[str]) -> Iterator[str]:
    """The words taken out or put in that carry a number, a negation or an obligation."""
    for word in (*removed, *added):
        for piece in _PARTS.split(word.casefold()):
            numeric = any(c.isnumeric() for c in piece) or piece in _NUMBERS or _ORDINAL.fullmatch(piece)
            if numeric or piece in _NEGATIONS or piece in _MODALS:
                yield word
                break


def _refuse(message: str, **values: str | int) -> NoReturn:
    raise Invalid(message, field=FIELD, way_out=None, **values)
