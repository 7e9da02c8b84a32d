"""What the first edition that people write together holds, and what it refuses."""

from referentiel.commands.demo_story.people import AGAINST, FOR, UNSURE, stances
from referentiel.commands.demo_story.words import Edit, Rewording, Said, Verdict, Wish
from referentiel.criteria.changes import ChangeClass
from referentiel.proposals.states import Outcome

_E4 = "préparé avec la personne, avec une transmission organisée"
_PLAIN_E4 = "On prépare ce changement avec vous."

FIRST_YEAR: tuple[Wish, ...] = (
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
        stances=stances(FOR, {"sofia": UNSURE, "hugo": UNSURE, "yann": AGAINST}, ("isle-2", "denis", "claire")),
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
        stances=stances(FOR, {"sofia": AGAINST, "karim": UNSURE, "leila": UNSURE}, ("claire",)),
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
        stances=stances(AGAINST, {"marc": FOR, "yann": FOR, "amina": UNSURE, "pont-2": FOR}, ("denis",)),
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
)
