"""The closed lists of the text, with the words that the screen shows, and the names of its parts in their order."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from referentiel.errors import N_


class Labelled(StrEnum):
    """A closed list: the value is what files and tables hold, ``label`` what people read."""

    label: str

    def __new__(cls, value: str, label: str = "") -> "Labelled":
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


class Level(Labelled):
    IMPERATIVE = "imperatif", N_("Impératif")
    STANDARD = "standard", N_("Standard")


class State(Labelled):
    IN_FORCE = "en_vigueur", N_("En vigueur")
    WITHDRAWN = "retire", N_("Retiré")


class Step(Labelled):
    """A step of the pathway, in the order in which a person lives them."""

    OUTREACH = "reperage", N_("Repérage")
    PRESCRIPTION = "prescription", N_("Prescription")
    DIAGNOSIS = "diagnostic", N_("Diagnostic")
    HIRING = "embauche", N_("Embauche")
    WELCOME = "accueil", N_("Accueil")
    WORK = "travail", N_("Travail")
    SUPPORT = "accompagnement", N_("Accompagnement")
    OBSTACLES = "freins", N_("Difficultés à lever")
    SKILLS = "competences", N_("Compétences")
    IMMERSION = "immersion", N_("Immersion")
    COORDINATION = "coordination", N_("Coordination")
    LEAVING = "sortie", N_("Sortie")
    FOLLOW_UP = "suivi", N_("Suivi après la sortie")
    THROUGHOUT = "transversal", N_("Tout au long du parcours")


class StructureType(Labelled):
    """An employer of insertion. GEIQ is one without being a SIAE."""

    ACI = "ACI", N_("Atelier et chantier d’insertion (ACI)")
    AI = "AI", N_("Association intermédiaire (AI)")
    EI = "EI", N_("Entreprise d’insertion (EI)")
    ETTI = "ETTI", N_("Entreprise de travail temporaire d’insertion (ETTI)")
    EITI = "EITI", N_("Entreprise d’insertion par le travail indépendant (EITI)")
    GEIQ = "GEIQ", N_("Groupement d’employeurs pour l’insertion et la qualification (GEIQ)")


def reaches_everyone(structures: Sequence[str]) -> bool:
    """Whether a criterion is for every structure: it names none, or each type that is a SIAE."""
    return not structures or {kind.value for kind in StructureType if kind is not StructureType.GEIQ} <= set(structures)


class EvidenceHolder(Labelled):
    PERSON = "personne", N_("La personne")
    STRUCTURE = "structure", N_("La structure")
    PRESCRIBER = "prescripteur", N_("Le prescripteur")


class Certainty(Labelled):
    """Whether a fact of the text is established, or still to be checked; the second is said on screen."""

    SURE = "sûr", N_("Sûr")
    TO_CHECK = "à vérifier", N_("À vérifier")


@dataclass(frozen=True, slots=True)
class SectionKind:
    """A named part of a criterion. ``title`` is as files hold it; ``anchor`` is its address in the page."""

    title: str
    anchor: str
    required: bool = False


STATEMENT = "Énoncé"
PLAIN_TEXT = "Facile à lire"
QUESTION = "Question au salarié"
WITHDRAWAL = "Raison du retrait"

SECTIONS: tuple[SectionKind, ...] = (
    SectionKind(STATEMENT, "enonce", required=True),
    SectionKind(PLAIN_TEXT, "facile-a-lire", required=True),
    SectionKind(QUESTION, "question-au-salarie"),
    SectionKind("Pourquoi", "pourquoi"),
    SectionKind("Niveau attendu", "niveau-attendu"),
    SectionKind("Exemples de preuves", "exemples-de-preuves"),
    SectionKind("Comment vérifier", "comment-verifier"),
    SectionKind("Indicateurs", "indicateurs"),
    SectionKind("Passage de relais", "passage-de-relais"),
    SectionKind("Points d'attention", "points-d-attention"),
)

# Where a known section or key goes when it enters a file that does not have it yet.
SECTION_ORDER: tuple[str, ...] = (*(kind.title for kind in SECTIONS), WITHDRAWAL)
KEY_ORDER: tuple[str, ...] = (
    "code",
    "titre",
    "terme",
    "nom",
    "developpe",
    "titre_facile",
    "chapitre",
    "rang",
    "niveau",
    "etape",
    "structures",
    "outils",
    "competences",
    "preuve_detenue_par",
    "voir_aussi",
    "etat",
    "remplace_par",
    "rome",
    "ouvert_par",
    "anciens_noms",
    "valable_depuis",
    "valable_jusqu",
    "certitude",
)

KEY_LABELS: dict[str, str] = {
    "code": N_("Code"),
    "titre": N_("Titre"),
    "terme": N_("Terme"),
    "nom": N_("Nom"),
    "developpe": N_("En toutes lettres"),
    "titre_facile": N_("Titre facile à lire"),
    "chapitre": N_("Chapitre"),
    "rang": N_("Place dans le chapitre"),
    "niveau": N_("Niveau"),
    "etape": N_("Étape"),
    "structures": N_("Structures concernées"),
    "outils": N_("Outils"),
    "competences": N_("Compétences"),
    "preuve_detenue_par": N_("Qui détient la preuve"),
    "voir_aussi": N_("Voir aussi"),
    "etat": N_("État"),
    "remplace_par": N_("Remplacé par"),
    "rome": N_("Code ROME"),
    "ouvert_par": N_("Qui l’ouvre"),
    "anciens_noms": N_("Anciens noms"),
    "valable_depuis": N_("Valable depuis"),
    "valable_jusqu": N_("Valable jusqu’au"),
    "certitude": N_("Certitude"),
    "chapitres": N_("Ordre des chapitres"),
    "licence": N_("Licence"),
    "statut": N_("Statut"),
    "edition": N_("Édition"),
    "texte": N_("Texte"),
    "rubrique": N_("Rubrique"),
    "remplace": N_("Remplace"),
    "date": N_("Date"),
    "decision": N_("Décision"),
}

_APART = re.compile(r"[^a-z0-9]+")
_ANCHORS = {kind.title: kind.anchor for kind in SECTIONS}


def key_label(key: str) -> str:
    """What the screen calls a front-matter key; the key itself when it is not one of ours."""
    return KEY_LABELS.get(key, key)


def anchor(title: str) -> str:
    """The address of a section in its page: ``Points d'attention`` → ``points-d-attention``. Never empty."""
    known = _ANCHORS.get(title)
    if known is not None:
        return known
    folded = title.lower().replace("œ", "oe").replace("æ", "ae")
    bare = "".join(c for c in unicodedata.normalize("NFD", folded) if not unicodedata.combining(c))
    return _APART.sub("-", bare).strip("-") or "texte"
