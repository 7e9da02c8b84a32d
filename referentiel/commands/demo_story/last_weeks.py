"""The last weeks: refused at the door, withdrawn, merged, under discussion, just arrived."""

from referentiel.commands.demo_story.people import AGAINST, FOR, UNSURE
from referentiel.commands.demo_story.words import Edit, Judgement, Said, Union, Wish, Withdrawal
from referentiel.proposals.states import ProposalKind

LAST_WEEKS: tuple[Wish, ...] = (
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
