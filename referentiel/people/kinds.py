"""What sort of structure people come from: employers of insertion, prescribers, institutions. Pure.

To be sent by some prescribers says something of a person: their health, a judgment, a shelter. Those are *sensitive*:
:func:`shown_kind` calls them "Autre" everywhere but to the administration.
"""

from collections.abc import Mapping

from referentiel.criteria.vocabulary import Labelled, StructureType
from referentiel.errors import N_


class StructureKind(Labelled):
    """The closed list; the first six are those of the text."""

    ACI = StructureType.ACI.value, StructureType.ACI.label
    AI = StructureType.AI.value, StructureType.AI.label
    EI = StructureType.EI.value, StructureType.EI.label
    ETTI = StructureType.ETTI.value, StructureType.ETTI.label
    EITI = StructureType.EITI.value, StructureType.EITI.label
    GEIQ = StructureType.GEIQ.value, StructureType.GEIQ.label

    FRANCE_TRAVAIL = "france_travail", N_("France Travail")
    LOCAL_MISSION = "mission_locale", N_("Mission locale")
    CAP_EMPLOI = "cap_emploi", N_("Cap emploi")
    DEPARTMENT = "departement", N_("Département, service d’insertion")
    PLIE = "plie", N_("PLIE")
    CCAS = "ccas", N_("CCAS ou CIAS")
    CAF = "caf", N_("CAF ou MSA")
    SCHOOL = "e2c_epide", N_("École de la deuxième chance ou EPIDE")
    YOUTH_HOUSE = "jeunes", N_("Foyer de jeunes travailleurs, point information jeunesse")
    OTHER_PRESCRIBER = "prescripteur", N_("Autre prescripteur")

    HEALTH = "sante", N_("Santé, soins psychiques ou handicap")
    ADDICTION = "addictions", N_("Addictions (CSAPA, CAARUD)")
    JUSTICE = "justice", N_("Justice (SPIP, PJJ)")
    SHELTER = "hebergement", N_("Hébergement (CHRS, CHU, pension de famille)")
    ASYLUM = "asile", N_("Asile (CADA, HUDA, CPH)")
    CHILD_CARE = "ase", N_("Aide sociale à l’enfance, prévention")
    VIOLENCE = "violences", N_("Aide aux victimes, droits des femmes")

    STATE = "dreets", N_("Service de l’État (DREETS, DDETS)")
    REGION = "region", N_("Région")
    TOWN = "collectivite", N_("Commune ou intercommunalité")
    NETWORK = "reseau", N_("Tête de réseau de l’IAE")
    TRAINING = "formation", N_("Organisme de formation ou OPCO")
    INSTITUTION = "institution", N_("Institution ou organisme du réseau pour l’emploi")
    OTHER = "autre", N_("Autre")

    @property
    def sensitive(self) -> bool:
        """True when it would say something of the people who are sent from there."""
        return self in SENSITIVE


SENSITIVE = frozenset(
    {
        StructureKind.HEALTH,
        StructureKind.ADDICTION,
        StructureKind.JUSTICE,
        StructureKind.SHELTER,
        StructureKind.ASYLUM,
        StructureKind.CHILD_CARE,
        StructureKind.VIOLENCE,
    }
)

_EMPLOYERS = tuple(StructureKind(known.value) for known in StructureType)
_STATE = (
    StructureKind.STATE,
    StructureKind.REGION,
    StructureKind.TOWN,
    StructureKind.NETWORK,
    StructureKind.TRAINING,
    StructureKind.INSTITUTION,
    StructureKind.OTHER,
)

FAMILIES: Mapping[str, tuple[StructureKind, ...]] = {
    N_("Employeurs de l’insertion"): _EMPLOYERS,
    N_("Prescripteurs"): tuple(
        kind for kind in StructureKind if kind not in SENSITIVE and kind not in _EMPLOYERS and kind not in _STATE
    ),
    N_("Prescripteurs montrés comme « Autre »"): tuple(kind for kind in StructureKind if kind in SENSITIVE),
    N_("Institutions"): _STATE,
}
"""How a list offers them"""


def shown_kind(kind: str) -> StructureKind:
    """What anybody but the administration may be told. A kind that is not known says nothing either."""
    known = next((member for member in StructureKind if member.value == kind), StructureKind.OTHER)
    return StructureKind.OTHER if known.sensitive else known
