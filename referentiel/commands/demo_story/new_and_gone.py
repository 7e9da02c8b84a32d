"""A criterion that the first edition adds, and one that it withdraws."""

from referentiel.commands.demo_story.people import AGAINST, FOR, UNSURE, stances
from referentiel.commands.demo_story.words import Edit, Said, Verdict, Wish
from referentiel.proposals.states import Outcome, ProposalKind

NEW_AND_GONE: tuple[Wish, ...] = (
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
        stances=stances(FOR, {"hugo": UNSURE}, ("isle-2", "isle-3", "olivier")),
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
    Wish(
        key="parler",
        by="hugo",
        day=16,
        title="Retirer le critère « Savoir parler de ses compétences »",
        code="D5",
        kind=ProposalKind.WITHDRAW,
        edits=(
            Edit(
                "Raison du retrait",
                "",
                "S’exercer à présenter ses compétences se fait avec l’attestation, que D3 demande d’expliquer à la "
                "personne : les équipes étaient évaluées deux fois sur le même travail.",
            ),
        ),
        keys={"remplace_par": ("D3",)},
        reason="D3 et D5 se préparent ensemble et se vérifient sur les mêmes papiers. Un seul critère suffit.",
        plain="Un critère en moins. On vous aide toujours à parler de ce que vous savez faire.",
        admitted=17,
        admitted_by="denis",
        stances_day=29,
        stances=stances(FOR, {"ines": UNSURE, "yann": UNSURE, "pont-2": AGAINST}, ("olivier",)),
        said=(
            Said(23, "pont-2", "L’atelier CV m’a aidé. Il faut pas que ça disparaisse avec.", 25),
            Said(24, "nadia", "Il ne disparaît pas : nous le gardons dans D3, avec l’attestation en main.", 26),
        ),
        verdict=Verdict(
            49,
            "chloe",
            Outcome.ADOPTED,
            "Les trois collèges fondateurs constatent le doublon. La page du critère reste lisible, avec la raison de "
            "son retrait et ce qui le remplace.",
            "Ce critère était en double. Vous apprenez toujours à parler de vous, avec votre attestation.",
            signed=51,
            signed_by="denis",
        ),
    ),
)
