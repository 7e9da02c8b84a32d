"""Who lives the story: structures, professionals, employees and the day of their card, and who usually answers."""

from collections.abc import Mapping

from referentiel.commands.demo_story.words import Place, Somebody
from referentiel.permissions import College, Role
from referentiel.proposals.states import Stance

MARK = "personne de démonstration"
CAST = ("amina", "bruno", "chloe", "denis")
FOR, UNSURE, AGAINST = Stance.FAVOURABLE, Stance.RESERVED, Stance.UNFAVOURABLE

PLACES = (
    Place("lilas", "Chantier des Lilas (démonstration)", "ACI"),
    Place("pont", "Régie du Pont (démonstration)", "EI"),
    Place("isle", "Jardins de l’Isle (démonstration)", "ACI"),
    Place("passerelle", "Passerelle Intérim (démonstration)", "ETTI"),
    Place("mission", "Mission locale du Val (démonstration)", "mission_locale"),
    Place("agence", "Agence de l’emploi du Plateau (démonstration)", "france_travail"),
    Place("departement", "Département, pôle insertion (démonstration)", "departement"),
    Place("direction", "Direction régionale de l’emploi (démonstration)", "dreets"),
    Place("union", "Union des employeurs solidaires (démonstration)", "reseau"),
)

_SIAE, _SPE, _STATE, _EMPLOYEES = College.SIAE, College.SPE, College.PARTNERS, College.EMPLOYEES

PROFESSIONALS = (
    Somebody("denis", _STATE, "direction", frozenset({Role.EDITOR, Role.PUBLISHER, Role.ADMINISTRATOR})),
    Somebody("bruno", _SIAE, "lilas", frozenset({Role.FACILITATOR})),
    Somebody("chloe", _SPE, "mission", frozenset({Role.EDITOR})),
    Somebody("elodie", _SIAE, "pont", frozenset({Role.EDITOR})),
    Somebody("karim", _SIAE, "isle"),
    Somebody("sofia", _SIAE, "passerelle"),
    Somebody("hugo", _SIAE, "pont"),
    Somebody("ines", _SIAE, "isle", frozenset({Role.FACILITATOR})),
    Somebody("marc", _SPE, "agence"),
    Somebody("leila", _SPE, "agence"),
    Somebody("tom", _SPE, "departement"),
    Somebody("nadia", _SPE, "mission"),
    Somebody("yann", _SPE, "agence"),
    Somebody("claire", _STATE, "departement"),
    Somebody("olivier", _STATE, "union"),
)

NAMES: Mapping[str, str] = {
    "denis": "Denis",
    "bruno": "Bruno",
    "chloe": "Chloé",
    "elodie": "Élodie",
    "karim": "Karim",
    "sofia": "Sofia",
    "hugo": "Hugo",
    "ines": "Inès",
    "marc": "Marc",
    "leila": "Leïla",
    "tom": "Tom",
    "nadia": "Nadia",
    "yann": "Yann",
    "claire": "Claire",
    "olivier": "Olivier",
}

# The day on which each employee used a card, in three workshops; the last one had a card of their own.
EMPLOYEES: tuple[tuple[Somebody, int], ...] = (
    (Somebody("amina", _EMPLOYEES, "lilas"), 8),
    (Somebody("lilas-2", _EMPLOYEES, "lilas"), 8),
    (Somebody("lilas-3", _EMPLOYEES, "lilas"), 8),
    (Somebody("lilas-4", _EMPLOYEES, "lilas"), 8),
    (Somebody("pont-1", _EMPLOYEES, "pont"), 9),
    (Somebody("pont-2", _EMPLOYEES, "pont"), 9),
    (Somebody("pont-3", _EMPLOYEES, "pont"), 9),
    (Somebody("isle-1", _EMPLOYEES, "isle"), 15),
    (Somebody("isle-2", _EMPLOYEES, "isle"), 15),
    (Somebody("isle-3", _EMPLOYEES, "isle"), 15),
    (Somebody("seul", _EMPLOYEES, None), 16),
)

# Answers by a face alone, person by person in the order of EMPLOYEES: o yes, p partly, n no, - none.
FACES: Mapping[str, str] = {
    "A1": "oopn-ponop-",
    "B1": "ooopooopo-o",
    "B4": "opnpopn-opo",
    "C1": "ooponpoo-po",
    "C6": "npn-npopn-n",
    "D3": "nnpn-npnnp-",
    "E3": "nnpnnn-pnnn",
    "E4": "nppnnop-pnn",
    "F4": "pnp-np-o---",
    "G5": "n-pnnpn-np-",
    "G3": "op---o-----",
    "A2": "nn--p------",
}

# Everybody of the three founding colleges who usually answers: five of each, from two places or more.
_HEARD = (
    *("amina", "lilas-2", "lilas-3", "pont-1", "pont-2", "isle-1"),
    *("bruno", "karim", "sofia", "hugo", "ines"),
    *("marc", "leila", "tom", "nadia", "yann"),
)


def stances(usual: Stance, but: Mapping[str, Stance] | None = None, also: tuple[str, ...] = ()) -> dict[str, Stance]:
    """Everybody who usually answers says the same, ``but`` some; ``also`` says it too."""
    return dict.fromkeys((*_HEARD, *also), usual) | dict(but or {})


def without(said: Mapping[str, Stance], *keys: str) -> dict[str, Stance]:
    """The same, those people having said nothing."""
    return {who: stance for who, stance in said.items() if who not in keys}
