"""What people say of the criteria, wish for, and suggest on the wording of a proposal."""

from collections.abc import Mapping

from referentiel.commands.demo_story.words import Said, Suggested, Wished
from referentiel.comments.moderation import Rule

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
