"""The story that ``referentiel demo`` lives: invented people, what they say, ask and decide. Data only.

Days count from the first day when they are positive, from today when they are negative: the first year is told once for
all, the last months always lead to the present. Every person, structure and word here is invented.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from referentiel.comments.moderation import Rule
from referentiel.criteria.changes import ChangeClass
from referentiel.permissions import College, Role
from referentiel.proposals.states import Outcome, ProposalKind, Stance

MARK = "personne de démonstration"

FOR, UNSURE, AGAINST = Stance.FAVOURABLE, Stance.RESERVED, Stance.UNFAVOURABLE


@dataclass(frozen=True)
class Place:
    """A structure or an institution."""

    key: str
    name: str
    kind: str
    territory: str = "dep-38"


@dataclass(frozen=True)
class Somebody:
    """An invented person. Employees come with a card and have no name; ``place`` is none for a card outside any."""

    key: str
    college: College
    place: str | None
    roles: frozenset[Role] = frozenset()


@dataclass(frozen=True)
class Edit:
    """In a section, these words become those. ``before`` empty: the whole section is written."""

    section: str
    before: str
    after: str


@dataclass(frozen=True)
class Said:
    """A contribution. ``read`` is the day on which somebody let it through; none: it waits. ``rule``: it was not."""

    day: int
    by: str
    text: str
    read: int | None = None
    reader: str = "denis"
    section: str = ""
    quotation: str = ""
    rule: Rule | None = None
    note: str = ""
    replies: tuple["Said", ...] = ()


@dataclass(frozen=True)
class Wished:
    """« Je voudrais que… », on a criterion or, without ``code``, on the whole text; read by Denis on ``read``."""

    key: str
    day: int
    by: str
    text: str
    read: int
    code: str = ""


@dataclass(frozen=True)
class Suggested:
    """Other words for a passage of a proposal's statement, and why."""

    day: int
    by: str
    wish: str
    passage: str
    better: str
    text: str
    read: int


@dataclass(frozen=True)
class Judgement:
    """Completion asked, or inadmissible."""

    day: int
    by: str
    reason: str
    plain: str


@dataclass(frozen=True)
class Rewording:
    """The next wording of a proposal."""

    day: int
    edits: tuple[Edit, ...]
    reason: str


@dataclass(frozen=True)
class Verdict:
    """A decision: the first signature, the author's answer to an amended wording, the second signature."""

    day: int
    by: str
    outcome: Outcome
    reason: str
    plain: str
    silences: Mapping[College, str] = field(default_factory=dict)
    amended: tuple[Edit, ...] = ()
    resume_in: int = 0
    answered: int | None = None
    signed: int | None = None
    signed_by: str = ""


@dataclass(frozen=True)
class Union:
    """A proposal that another one carries from now on."""

    day: int
    by: str
    into: str
    reason: str
    plain: str


@dataclass(frozen=True)
class Withdrawal:
    """An author takes the proposal back."""

    day: int
    reason: str


@dataclass(frozen=True)
class Wish:
    """A proposal and its life."""

    key: str
    by: str
    day: int
    title: str
    code: str
    edits: tuple[Edit, ...]
    reason: str
    plain: str
    kind: ProposalKind = ProposalKind.MODIFY
    change_class: ChangeClass = ChangeClass.SUBSTANCE
    keys: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    admitted: int | None = None
    admitted_by: str = "chloe"
    completion: Judgement | None = None
    inadmissible: Judgement | None = None
    rewording: Rewording | None = None
    early_day: int = 0
    early: Mapping[str, Stance] = field(default_factory=dict)
    stances_day: int = 0
    stances: Mapping[str, Stance] = field(default_factory=dict)
    said: tuple[Said, ...] = ()
    verdict: Verdict | None = None
    merged: Union | None = None
    withdrawn: Withdrawal | None = None
    takes_up: str = ""
    """The key of the wish in plain words that it makes a wording of"""


@dataclass(frozen=True)
class Delay:
    """A proposal left to the next edition."""

    wish: str
    reason: str
    plain: str


@dataclass(frozen=True)
class Issue:
    """An edition: announced, closed, prepared; confirmed unless somebody still has to."""

    announced: int
    closing: int
    prepared: int
    applies: int
    note: str
    delays: tuple[Delay, ...] = ()
    confirmed: int | None = None


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

VOICES: Mapping[str, tuple[Said, ...]] = {
    "E4": (
        Said(
            11,
            "lilas-2",
            "Moi, j’ai appris la veille que je changeais de chantier. J’ai pas dormi.",
            14,
            replies=(
                Said(
                    20,
                    "karim",
                    "Merci de le dire. Chez nous, le planning du mois d’après est affiché le 20. "
                    "C’est une habitude à prendre, pas une question de moyens.",
                    22,
                ),
            ),
        ),
        Said(12, "pont-1", "On m’a bien expliqué où j’allais. J’ai visité avant.", 15),
        Said(
            18,
            "hugo",
            "La fiche de passage aide, mais il faut du temps pour la remplir à deux. Comptez une heure.",
            20,
            section="Énoncé",
            quotation="avec une transmission organisée",
        ),
        Said(
            -40,
            "leila",
            "« Sans solution » se discute : une semaine de repos choisie n’est pas une rupture.",
            -37,
            section="Énoncé",
            quotation="sans période sans solution",
            replies=(Said(-33, "bruno", "D’accord, si c’est bien la personne qui choisit.", -30, "chloe"),),
        ),
        Said(
            -5,
            "ines",
            "Quinze jours, c’est long pour quelqu’un qui n’a pas d’épargne. Sept jours seraient plus justes.",
            section="Indicateurs",
            quotation="plus de quinze jours",
        ),
    ),
    "C1": (
        Said(11, "lilas-3", "Je connais son nom et j’ai son numéro. Elle rappelle toujours.", 14),
        Said(17, "isle-1", "Ma référente a changé trois fois en un an. Il faut tout redire à chaque fois.", 19),
        Said(
            -28,
            "tom",
            "Écrire le nom et le numéro sur une carte que la personne garde : c’est simple, et cela se vérifie.",
            -26,
        ),
        Said(-4, "isle-3", "Elle est gentille mais elle a trop de monde."),
    ),
    "B1": (
        Said(9, "pont-2", "Une dame m’attendait avec un café. Ça m’a enlevé la peur.", 12),
        Said(
            16,
            "isle-2",
            "Personne savait que je venais. J’ai attendu une heure devant le portail.",
            19,
            replies=(
                Said(
                    25,
                    "sofia",
                    "En intérim, l’accueil se joue dans l’entreprise : il faut prévenir le tuteur par écrit.",
                    27,
                ),
            ),
        ),
    ),
    "B4": (
        Said(10, "lilas-4", "L’encadrant du matin montre bien. L’après-midi on est seuls.", 14),
        Said(
            -44,
            "karim",
            "Nous formons les encadrants deux jours par an. Avant, ils montraient vite et parlaient peu.",
            -41,
        ),
        Said(
            -36,
            "pont-3",
            "Il crie. Il s’appelle pas par son nom alors je vais le dire ici.",
            -34,
            rule=Rule.NAMES,
            note="Vous pouvez dire ce qui se passe sans que l’on reconnaisse la personne. "
            "Pour signaler un problème grave, voyez le critère C6.",
        ),
    ),
    "D3": (
        Said(12, "lilas-2", "J’ai un papier mais mon fils a dû me l’expliquer.", 15),
        Said(-52, "yann", "Les employeurs lisent trois lignes. Mettons les gestes, pas les modules.", -50),
        Said(-12, "isle-2", "Je voudrais l’avoir avant la fin, pas le dernier jour."),
    ),
    "C6": (
        Said(12, "pont-1", "Parler à qui ? Le chef est l’ami du directeur.", 15),
        Said(
            24,
            "elodie",
            "Nous avons affiché un contact extérieur dans le vestiaire. Trois appels en six mois.",
            26,
        ),
        Said(-11, "isle-1", "J’aimerais un numéro qui répond le soir."),
    ),
    "G5": (
        Said(11, "lilas-3", "On donne notre avis et après plus rien. Là on verra.", 14),
        Said(-21, "claire", "Un panneau « Vous avez dit, nous avons fait » suffit souvent.", -19),
    ),
    "A2": (
        Said(17, "isle-3", "Trois mois sans réponse. J’ai cru que c’était non.", 19),
        Said(
            -30,
            "marc",
            "Un refus sans autre piste revient toujours dans nos bureaux. La réponse doit nous être copiée.",
            -27,
            section="Énoncé",
            quotation="une autre piste est transmise à la personne et au prescripteur",
        ),
    ),
    "E3": (
        Said(14, "pont-2", "J’ai raconté mon divorce à quatre personnes. Quatre.", 17),
        Said(-48, "nadia", "L’accord se redemande à chaque envoi : la personne peut changer d’avis.", -45),
        Said(-3, "lilas-4", "Avant j’aimais pas. Maintenant ils demandent."),
    ),
    "F4": (Said(-25, "isle-2", "Mon contrat finit bientôt et je sais pas qui appeler après.", -22),),
    "G3": (
        Said(-16, "lilas-3", "Tout est sur internet. J’ai pas internet.", -14),
        Said(
            -15,
            "olivier",
            "Formations certifiées à prix réduit, appelez notre service commercial.",
            -14,
            rule=Rule.ADVERT,
        ),
    ),
    "A1": (
        Said(18, "seul", "On m’a dit le salaire le jour de la signature.", 20),
        Said(
            -27,
            "pont-3",
            "Appelez-moi, je raconterai tout.",
            -25,
            rule=Rule.CONTACT,
            note="Nous avons retiré un moyen de vous joindre, pour vous protéger.",
        ),
    ),
    "C2": (Said(26, "sofia", "Un plan relu vaut mieux qu’un plan long. Une page suffit.", 28),),
    "F2": (Said(-19, "isle-3", "J’ai essayé la cuisine deux semaines. Maintenant je sais que oui.", -17),),
}

# Everybody of the three founding colleges who usually answers: five of each, from two places or more.
_HEARD = (
    *("amina", "lilas-2", "lilas-3", "pont-1", "pont-2", "isle-1"),
    *("bruno", "karim", "sofia", "hugo", "ines"),
    *("marc", "leila", "tom", "nadia", "yann"),
)


def _stances(usual: Stance, but: Mapping[str, Stance] | None = None, also: tuple[str, ...] = ()) -> dict[str, Stance]:
    return dict.fromkeys((*_HEARD, *also), usual) | dict(but or {})


def _without(stances: Mapping[str, Stance], *keys: str) -> dict[str, Stance]:
    return {who: stance for who, stance in stances.items() if who not in keys}


_E4 = "préparé avec la personne, avec une transmission organisée"
_PLAIN_E4 = "On prépare ce changement avec vous."

WISHES: tuple[Wish, ...] = (
    # --- the first edition that people write together
    Wish(
        key="prevenir",
        by="amina",
        day=10,
        title="Prévenir un mois avant et remettre une copie",
        code="E4",
        edits=(
            Edit(
                "Énoncé",
                _E4,
                "préparé avec la personne au moins un mois avant, avec une transmission écrite dont elle garde une "
                "copie",
            ),
            Edit("Facile à lire", _PLAIN_E4, f"{_PLAIN_E4}\nOn commence un mois avant.\nVous gardez une copie."),
        ),
        reason="On l’apprend souvent la veille. Il faut le temps de s’organiser : les enfants, le bus, les papiers.",
        plain="Je sais un mois avant où je vais. J’ai un papier à montrer.",
        admitted=12,
        rewording=Rewording(
            27,
            (
                Edit(
                    "Énoncé",
                    _E4,
                    "préparé avec la personne dès que le changement est connu, si possible un mois avant, "
                    "avec une transmission écrite dont elle garde une copie",
                ),
                Edit(
                    "Facile à lire",
                    _PLAIN_E4,
                    f"{_PLAIN_E4}\nOn commence un mois avant, si c’est possible.\nVous gardez une copie.",
                ),
            ),
            "Un employeur veut parfois embaucher la semaine suivante. Je garde « un mois », et j’ajoute « si "
            "possible ».",
        ),
        early_day=18,
        early={"isle-3": FOR, "olivier": UNSURE, "sofia": AGAINST},
        stances_day=30,
        stances=_stances(FOR, {"sofia": UNSURE, "hugo": UNSURE, "yann": AGAINST}, ("isle-2", "denis", "claire")),
        said=(
            Said(
                16,
                "sofia",
                "Un mois n’est pas toujours possible. Parfois, un employeur veut embaucher la semaine suivante.",
                18,
                replies=(
                    Said(
                        20, "amina", "D’accord pour « si possible », mais je veux garder « un mois » dans le texte.", 22
                    ),
                ),
            ),
            Said(17, "pont-1", "Un mois avant, c’est bien. J’ai deux enfants à faire garder.", 19),
            Said(31, "tom", "La copie doit être lisible par le prochain référent aussi : une page, datée.", 33),
        ),
        verdict=Verdict(
            46,
            "chloe",
            Outcome.ADOPTED,
            "Les quatre collèges demandent que le passage soit annoncé plus tôt. Les structures craignaient un délai "
            "impossible à tenir : la deuxième rédaction répond par « si possible ».",
            "Vous êtes prévenu plus tôt. Vous gardez un papier.",
            signed=48,
            signed_by="denis",
        ),
    ),
    Wish(
        key="encadrant",
        by="bruno",
        day=14,
        title="Un encadrant présent chaque jour",
        code="B4",
        edits=(
            Edit("Énoncé", "identifié, disponible et formé", "identifié, présent chaque jour et formé"),
            Edit(
                "Facile à lire",
                "Elle prend le temps de vous montrer.",
                "Elle prend le temps de vous montrer.\nVous pouvez lui parler chaque jour.",
            ),
        ),
        reason="« Disponible » ne dit rien que l’on puisse vérifier. Nos équipes comprennent « chaque jour ».",
        plain="Chaque jour, je sais à qui poser mes questions.",
        admitted=15,
        admitted_by="denis",
        stances_day=24,
        stances=_stances(FOR, {"sofia": AGAINST, "karim": UNSURE, "leila": UNSURE}, ("claire",)),
        said=(
            Said(
                20,
                "sofia",
                "En intérim d’insertion, le tuteur est dans l’entreprise : nous ne pouvons promettre que le joindre.",
                22,
            ),
            Said(21, "isle-1", "Chaque jour oui. Le lundi on nous laisse seuls.", 23),
        ),
        verdict=Verdict(
            48,
            "denis",
            Outcome.ADOPTED_WITH_CHANGES,
            "L’intention est partagée. « Présent » exclurait les entreprises de travail temporaire : nous écrivons "
            "« joignable chaque jour de travail ».",
            "Chaque jour de travail, vous pouvez joindre votre encadrant.",
            amended=(Edit("Énoncé", "présent chaque jour et formé", "joignable chaque jour de travail et formé"),),
            answered=51,
            signed=52,
            signed_by="chloe",
        ),
    ),
    Wish(
        key="plan",
        by="marc",
        day=20,
        title="Relire le plan tous les mois",
        code="C2",
        edits=(
            Edit("Énoncé", "à des dates prévues et à chaque changement important", "chaque mois"),
            Edit(
                "Facile à lire",
                "Vous relisez le plan plusieurs fois dans l’année.",
                "Vous relisez le plan chaque mois.",
            ),
        ),
        reason="Sans rythme fixe, le plan n’est jamais relu. Un mois est un repère simple.",
        plain="Chaque mois, on relit mes objectifs avec moi.",
        admitted=22,
        stances_day=34,
        stances=_stances(AGAINST, {"marc": FOR, "yann": FOR, "amina": UNSURE, "pont-2": FOR}, ("denis",)),
        said=(
            Said(28, "karim", "Douze relectures par an et par personne : nous ferions des croix dans des cases.", 30),
        ),
        verdict=Verdict(
            54,
            "denis",
            Outcome.REFUSED,
            "Un rythme imposé remplacerait une relecture utile par une formalité, et la « relecture à chaque "
            "changement "
            "important » disparaîtrait. L’indicateur des trois mois mesure déjà ce que la proposition veut obtenir.",
            "Le plan se relit quand c’est utile, pas à date fixe. Vous pouvez demander une relecture.",
            signed=56,
            signed_by="elodie",
        ),
    ),
    Wish(
        key="coquille",
        by="elodie",
        day=25,
        title="Une préposition à corriger",
        code="C1",
        edits=(Edit("Exemples de preuves", "Entretiens notés au dossier", "Entretiens notés dans le dossier"),),
        reason="On note dans un dossier.",
        plain="Rien ne change pour vous.",
        change_class=ChangeClass.TYPO,
        admitted=26,
        verdict=Verdict(
            27,
            "chloe",
            Outcome.ADOPTED,
            "Correction de langue, sans effet sur le sens.",
            "Une petite faute est corrigée.",
            signed=28,
            signed_by="denis",
        ),
    ),
    Wish(
        key="trajets",
        by="tom",
        day=30,
        title="Ajouter un critère sur les trajets",
        code="",
        kind=ProposalKind.CREATE,
        edits=(
            Edit(
                "Énoncé",
                "",
                "Avant l’embauche, la structure vérifie avec la personne comment elle viendra travailler, et cherche "
                "avec "
                "elle une solution de transport qu’elle peut payer et garder.",
            ),
            Edit(
                "Facile à lire",
                "",
                "Vous allez travailler.\nOn regarde avec vous comment venir.\nLe trajet ne doit pas coûter trop cher.",
            ),
            Edit("Question au salarié", "", "Est-ce facile de venir travailler ?"),
            Edit(
                "Pourquoi",
                "",
                "Dans les vallées et sur le plateau, le premier bus arrive après l’heure d’embauche. Des contrats "
                "s’arrêtent pour une panne de scooter. Parler du trajet avant d’embaucher évite un échec qui n’a "
                "rien à "
                "voir avec le travail.",
            ),
            Edit(
                "Exemples de preuves",
                "",
                "- Solution de trajet notée dans le plan\n- Convention avec un garage solidaire",
            ),
            Edit("Indicateurs", "", "- Part des contrats rompus pour un motif de transport"),
        ),
        keys={
            "titre": "Pouvoir venir travailler",
            "chapitre": "C",
            "niveau": "standard",
            "etape": "freins",
            "structures": ("ACI", "AI", "EI", "ETTI", "EITI"),
        },
        reason="Le transport est la première cause d’abandon que nous voyons, et aucun critère n’en parle vraiment.",
        plain="On m’aide à venir travailler.",
        admitted=31,
        stances_day=40,
        stances=_stances(FOR, {"hugo": UNSURE}, ("isle-2", "isle-3", "olivier")),
        said=(
            Said(36, "isle-2", "Deux heures de marche le matin. J’ai tenu trois semaines.", 38),
            Said(37, "hugo", "« Qu’elle peut payer et garder » : très bien, mais cela dépend aussi de la commune.", 39),
        ),
        verdict=Verdict(
            66,
            "elodie",
            Outcome.ADOPTED,
            "Les collèges sont unanimes sur le besoin. Le niveau standard laisse aux territoires le temps de "
            "s’équiper.",
            "Un nouveau critère parle de vos trajets.",
            signed=68,
            signed_by="denis",
        ),
    ),
    # --- since the first edition
    Wish(
        key="sejour",
        by="leila",
        day=-110,
        title="Quatre mois pour un titre de séjour",
        code="E6",
        edits=(
            Edit(
                "Énoncé",
                "préparées au moins trois mois avant",
                "préparées au moins trois mois avant, quatre mois pour un titre de séjour",
            ),
            Edit(
                "Facile à lire",
                "On en parle trois mois avant.",
                "On en parle trois mois avant.\nPour un titre de séjour, on en parle quatre mois avant.",
            ),
        ),
        reason="Les rendez-vous se prennent quatre mois avant l’échéance. À trois mois, il est déjà trop tard.",
        plain="On s’occupe plus tôt de mes papiers.",
        admitted=-108,
        stances_day=-90,
        stances=_stances(FOR, {"ines": UNSURE}, ("denis",)),
        said=(Said(-101, "isle-3", "Quatre mois c’est juste. À la préfecture on attend longtemps.", -99),),
        verdict=Verdict(
            -74,
            "elodie",
            Outcome.ADOPTED,
            "Le délai suit celui des démarches. Il ne change rien pour les autres échéances.",
            "Pour vos papiers, on commence quatre mois avant.",
            signed=-72,
            signed_by="denis",
        ),
    ),
    Wish(
        key="attestation",
        by="lilas-2",
        day=-100,
        title="Dire ce qu’est une attestation",
        code="D3",
        edits=(
            Edit(
                "Facile à lire",
                "Vous recevez un papier sur vos compétences.",
                "Vous recevez une attestation.\nC’est un papier qui dit ce que vous savez faire.",
            ),
        ),
        reason="Le mot « compétences » ne parle pas à tout le monde. « Attestation » est écrit sur le papier.",
        plain="Je comprends ce que j’ai dans la main.",
        change_class=ChangeClass.CLARITY,
        admitted=-98,
        admitted_by="elodie",
        stances_day=-85,
        stances=_stances(FOR),
        verdict=Verdict(
            -64,
            "chloe",
            Outcome.ADOPTED,
            "La phrase est plus claire et dit le vrai nom du document.",
            "Le texte dit mieux ce que vous recevez.",
            signed=-62,
            signed_by="elodie",
        ),
    ),
    Wish(
        key="quinze",
        by="ines",
        day=-97,
        title="Quinze personnes par accompagnateur",
        code="G4",
        edits=(
            Edit(
                "Énoncé",
                "un nombre de personnes qui permet un accompagnement de qualité",
                "au plus quinze personnes à la fois",
            ),
            Edit(
                "Facile à lire",
                "Ils ont du temps pour chaque personne.",
                "Ils suivent quinze personnes au plus.\nIls ont du temps pour chaque personne.",
            ),
        ),
        reason="« Qui permet un accompagnement de qualité » ne protège personne. Un nombre se vérifie.",
        plain="La personne qui m’accompagne a du temps.",
        admitted=-95,
        stances_day=-80,
        stances=_without(
            _stances(FOR, {"hugo": AGAINST, "tom": UNSURE, "olivier": AGAINST, "claire": UNSURE}),
            *("lilas-2", "lilas-3", "pont-1", "pont-2", "isle-1"),
        ),
        said=(
            Said(-88, "olivier", "Sans financement, un nombre écrit ici devient un reproche fait aux équipes.", -86),
            Said(-84, "hugo", "Quinze à mi-temps ou à temps plein ? Le texte ne le dit pas.", -82),
        ),
    ),
    Wish(
        key="conditions",
        by="claire",
        day=-95,
        title="Publier les conditions d’entrée",
        code="A4",
        edits=(
            Edit(
                "Énoncé",
                "suppriment les conditions d’entrée qui excluent",
                "publient leurs conditions d’entrée et suppriment celles qui excluent",
            ),
        ),
        reason="Ce qui est publié se discute. Aujourd’hui, les conditions se découvrent au téléphone.",
        plain="Je sais avant d’appeler si je peux entrer.",
        admitted=-93,
        stances_day=-82,
        stances=_stances(FOR, {"karim": UNSURE, "hugo": UNSURE, "sofia": UNSURE}),
        verdict=Verdict(
            -58,
            "chloe",
            Outcome.POSTPONED,
            "Une expérimentation commence dans trois structures. Nous déciderons avec ce qu’elle aura montré.",
            "Trois structures essaient d’abord. On en reparle ensuite.",
            resume_in=100,
            signed=-56,
            signed_by="elodie",
        ),
    ),
    Wish(
        key="six-mois",
        by="nadia",
        day=-84,
        title="Préparer chaque échéance six mois avant",
        code="E6",
        edits=(
            Edit("Énoncé", "préparées au moins trois mois avant", "préparées au moins six mois avant"),
            Edit("Facile à lire", "On en parle trois mois avant.", "On en parle six mois avant."),
        ),
        reason="Un logement ou une formation ne se trouvent pas en trois mois.",
        plain="On prépare la suite plus tôt.",
        admitted=-82,
        stances_day=-76,
        stances=_stances(UNSURE, {"nadia": FOR, "amina": FOR, "bruno": AGAINST}),
    ),
    Wish(
        key="visite",
        by="bruno",
        day=-46,
        title="Visiter avant de candidater",
        code="A1",
        edits=(
            Edit(
                "Énoncé",
                "la personne reçoit à l’oral et par écrit",
                "la personne visite la structure et reçoit à l’oral et par écrit",
            ),
            Edit(
                "Facile à lire",
                "Avant de postuler, on vous explique le travail.",
                "Avant de postuler, vous visitez la structure.\nOn vous explique le travail.",
            ),
        ),
        reason="Une visite de vingt minutes évite des abandons au bout d’une semaine. Nous le faisons depuis deux ans.",
        plain="Je vois où je vais travailler avant de dire oui.",
        admitted=-45,
        stances_day=-30,
        stances=_stances(FOR, {"sofia": AGAINST, "leila": UNSURE}, ("denis", "isle-2")),
        said=(
            Said(-38, "isle-2", "Moi j’aurais dit non si j’avais vu le froid. Donc oui il faut voir.", -35),
            Said(-36, "sofia", "Chez nous le lieu change chaque semaine : écrivons « peut visiter ».", -33),
        ),
        verdict=Verdict(
            -4,
            "denis",
            Outcome.ADOPTED_WITH_CHANGES,
            "La visite est souhaitée par les quatre collèges. Elle n’est pas toujours possible en intérim : nous "
            "écrivons "
            "« peut visiter ».",
            "Vous pouvez visiter avant de dire oui.",
            amended=(Edit("Énoncé", "visite la structure et reçoit", "peut visiter la structure et reçoit"),),
        ),
    ),
    Wish(
        key="immersion",
        by="sofia",
        day=-45,
        title="Au moins une immersion par an",
        code="F2",
        edits=(
            Edit(
                "Énoncé",
                "par des immersions préparées, accompagnées et suivies d’un bilan",
                "par au moins une immersion par an, préparée, accompagnée et suivie d’un bilan",
            ),
            Edit(
                "Facile à lire",
                "Vous pouvez essayer un autre travail.",
                "Vous pouvez essayer un autre travail, au moins une fois par an.",
            ),
        ),
        reason="« Des immersions » veut dire aucune quand l’année est chargée. Une par an est un minimum tenable.",
        plain="Chaque année, je peux essayer un autre travail.",
        admitted=-44,
        admitted_by="denis",
        stances_day=-32,
        stances=_stances(FOR, {"karim": UNSURE}, ("isle-3", "claire")),
        said=(Said(-39, "isle-3", "Deux semaines en cuisine et j’ai su. Il en faut pour tout le monde.", -37),),
        verdict=Verdict(
            -6,
            "chloe",
            Outcome.ADOPTED,
            "Le minimum est tenable pour tous les types de structures, et les salariés le demandent.",
            "Vous pouvez essayer un autre travail au moins une fois par an.",
        ),
    ),
    Wish(
        key="deux-mois",
        by="amina",
        day=-44,
        title="Une réponse dans les deux mois",
        code="G5",
        edits=(
            Edit(
                "Énoncé",
                "et la structure dit ce qu’elle en a fait",
                "et la structure dit dans les deux mois ce qu’elle en a fait",
            ),
            Edit(
                "Facile à lire",
                "On vous dit ce qui a changé.",
                "On vous dit ce qui a changé.\nVous avez une réponse en deux mois.",
            ),
        ),
        reason="Sans date, la réponse n’arrive jamais. Deux mois, c’est long mais on peut l’attendre.",
        plain="Je sais quand j’aurai une réponse.",
        admitted=-43,
        stances_day=-28,
        stances=_stances(FOR, {"hugo": UNSURE, "marc": UNSURE}, ("denis", "isle-2")),
        said=(
            Said(-35, "lilas-4", "Un mois, ce serait mieux. Mais deux, ça va.", -33, "chloe"),
            Said(
                -34,
                "hugo",
                "Deux mois pour répondre, oui. Pour changer les choses, c’est parfois plus long : le texte doit le "
                "dire.",
                -31,
                replies=(Said(-27, "amina", "Répondre « pas encore », c’est répondre.", -25, "chloe"),),
            ),
        ),
    ),
    Wish(
        key="moyens",
        by="bruno",
        day=-26,
        title="Financer deux postes par structure",
        code="G4",
        edits=(
            Edit(
                "Énoncé",
                "Accompagnateurs et encadrants sont formés",
                "L’État finance deux postes par structure. Accompagnateurs et encadrants sont formés",
            ),
        ),
        reason="Rien de tout cela n’est possible sans moyens.",
        plain="Il y a plus de monde pour m’aider.",
        inadmissible=Judgement(
            -22,
            "chloe",
            "Le référentiel dit la qualité attendue ; il ne décide pas des budgets. La demande relève du dialogue de "
            "gestion et peut y être portée.",
            "Ce texte ne décide pas de l’argent. La demande est juste, mais sa place est ailleurs.",
        ),
    ),
    Wish(
        key="grille",
        by="hugo",
        day=-30,
        title="Une grille commune au territoire",
        code="D2",
        edits=(
            Edit("Énoncé", "avec une grille qu’elle connaît", "avec la grille commune du territoire, qu’elle connaît"),
        ),
        reason="Une même grille se lit d’une structure à l’autre.",
        plain="Ma grille reste la même quand je change de structure.",
        admitted=-28,
        withdrawn=Withdrawal(-23, "La grille commune n’est pas prête. Je reviendrai avec elle."),
    ),
    Wish(
        key="deux-jours",
        by="pont-1",
        day=-20,
        title="Avoir une réponse en deux jours",
        code="C1",
        edits=(
            Edit(
                "Énoncé",
                "sait comment le joindre et le rencontre",
                "sait comment le joindre, a sa réponse en deux jours et le rencontre",
            ),
            Edit(
                "Facile à lire",
                "Vous savez comment lui parler.",
                "Vous savez comment lui parler.\nIl vous répond en deux jours.",
            ),
        ),
        reason="On laisse un message et on ne sait pas si quelqu’un l’a lu.",
        plain="Quand j’appelle, on me répond en deux jours.",
        admitted=-18,
        stances_day=-12,
        stances={
            "lilas-2": FOR,
            "lilas-3": FOR,
            "isle-2": FOR,
            "pont-2": FOR,
            "isle-1": UNSURE,
            "karim": FOR,
            "hugo": UNSURE,
            "nadia": FOR,
            "claire": FOR,
        },
        said=(
            Said(-14, "karim", "Deux jours ouvrés ? Nos référents travaillent à temps partiel.", -12),
            Said(-13, "isle-1", "Même « je rappelle lundi », ça va. C’est le silence qui est dur.", -11),
            Said(-3, "yann", "Précisons par quel moyen : un SMS suffit-il ?"),
        ),
    ),
    Wish(
        key="chaque-mois",
        by="isle-1",
        day=-18,
        title="Voir son référent chaque mois",
        code="C1",
        edits=(Edit("Énoncé", "le rencontre à un rythme convenu ensemble", "le rencontre au moins une fois par mois"),),
        reason="Je l’ai vu deux fois en un an.",
        plain="Je vois mon référent chaque mois.",
        merged=Union(
            -16,
            "chloe",
            "deux-jours",
            "Les deux demandent la même chose : que le référent réponde. La première arrivée en débat déjà.",
            "Une autre proposition dit presque pareil. On en parle là-bas.",
        ),
    ),
    Wish(
        key="employeurs",
        by="karim",
        day=-16,
        title="Retirer le critère sur les employeurs qui recrutent",
        code="F3",
        kind=ProposalKind.WITHDRAW,
        edits=(
            Edit(
                "Raison du retrait",
                "",
                "Ce critère et F2 demandent la même chose aux équipes : connaître les employeurs et y aller avec les "
                "personnes. "
                "Les deux sont évalués deux fois.",
            ),
        ),
        keys={"remplace_par": ("F2",)},
        reason="Deux critères voisins font deux fois le même travail d’évaluation.",
        plain="Un critère en moins. Vous rencontrez toujours des employeurs.",
        admitted=-15,
        admitted_by="denis",
        stances_day=-9,
        stances={
            "karim": FOR,
            "ines": FOR,
            "sofia": AGAINST,
            "bruno": UNSURE,
            "marc": AGAINST,
            "leila": AGAINST,
            "pont-2": AGAINST,
            "isle-3": AGAINST,
            "olivier": AGAINST,
        },
        said=(
            Said(
                -10, "olivier", "Essayer un métier et être recruté sont deux moments différents. Gardons les deux.", -8
            ),
        ),
    ),
    Wish(
        key="traduire",
        by="bruno",
        day=-12,
        title="Traduire les documents d’accueil",
        code="B2",
        edits=(
            Edit(
                "Énoncé",
                "existent en version facile à lire",
                "existent en version facile à lire et en version traduite",
            ),
        ),
        reason="Un tiers de nos salariés ne lit pas le français.",
        plain="Je lis mon contrat dans ma langue.",
        completion=Judgement(
            -9,
            "chloe",
            "La proposition ne dit ni dans quelles langues ni qui relit la traduction. Une traduction fausse d’un "
            "contrat "
            "engage la structure.",
            "Dites dans quelles langues, et qui vérifie la traduction.",
        ),
    ),
    Wish(
        key="nom",
        by="amina",
        day=-3,
        title="Donner avant le nom de la personne qui attend",
        code="B1",
        edits=(
            Edit(
                "Énoncé",
                "une personne désignée accueille le salarié",
                "une personne désignée, dont le nom lui est donné avant, accueille le salarié",
            ),
            Edit(
                "Facile à lire",
                "Le premier jour, une personne vous attend.",
                "Le premier jour, une personne vous attend.\nVous savez son nom avant de venir.",
            ),
        ),
        reason="Le premier jour fait peur. Un nom, c’est déjà quelqu’un.",
        plain="Je sais qui demander à l’accueil.",
    ),
    Wish(
        key="changement",
        by="yann",
        day=-2,
        title="Ajouter un critère : prévenir quand un interlocuteur change",
        code="",
        kind=ProposalKind.CREATE,
        edits=(
            Edit(
                "Énoncé",
                "",
                "Quand un référent ou un encadrant change, la personne le sait avant, rencontre le suivant et "
                "choisit ce qui "
                "lui est transmis.",
            ),
            Edit(
                "Facile à lire",
                "",
                "Votre référent part ?\nOn vous le dit avant.\nVous rencontrez le suivant.\nVous choisissez ce qu’on "
                "lui dit.",
            ),
            Edit("Question au salarié", "", "Vous prévient-on quand votre référent change ?"),
        ),
        keys={
            "titre": "Prévenir quand un interlocuteur change",
            "chapitre": "E",
            "niveau": "standard",
            "etape": "coordination",
            "structures": ("ACI", "AI", "EI", "ETTI", "EITI"),
        },
        reason="Les salariés nous le disent sur C1 : la référente change, et tout est à redire.",
        plain="Je ne suis plus surpris par un changement.",
        takes_up="prevenue",
    ),
)

WISHED: tuple[Wished, ...] = (
    Wished("prevenue", -24, "isle-2", "on me prévienne avant, quand ma référente change.", -20, "C1"),
    Wished("horaires", -9, "lilas-2", "les horaires soient affichés deux semaines avant.", -7),
)

SUGGESTED: tuple[Suggested, ...] = (
    Suggested(
        -11,
        "karim",
        "deux-jours",
        "a sa réponse en deux jours",
        "a sa réponse en deux jours ouvrés",
        "Nos référents travaillent à temps partiel : comptons en jours ouvrés.",
        -10,
    ),
)

ISSUES: tuple[Issue, ...] = (
    Issue(
        announced=21,
        closing=54,
        prepared=71,
        confirmed=73,
        applies=90,
        note="Première édition écrite ensemble : le passage d’une étape à l’autre, l’encadrement de chaque jour, "
        "et un nouveau critère sur les trajets.",
    ),
    Issue(
        announced=-86,
        closing=-50,
        prepared=-3,
        applies=30,
        note="Les papiers préparés plus tôt, et une attestation dite en mots simples.",
        delays=(
            Delay(
                "quinze",
                "Le collège des salariés en insertion n’a pas encore été entendu : une rencontre est prévue le mois "
                "prochain.",
                "Nous attendons l’avis des salariés avant de décider.",
            ),
            Delay(
                "six-mois",
                "Le texte a changé avec la décision sur les titres de séjour : une nouvelle rédaction est attendue.",
                "La phrase a déjà changé. La personne doit réécrire sa demande.",
            ),
        ),
    ),
)

CAST = ("amina", "bruno", "chloe", "denis")
