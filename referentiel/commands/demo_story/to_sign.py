"""What is discussed enough to be decided: each waits for somebody of the cast."""

from referentiel.commands.demo_story.people import AGAINST, FOR, UNSURE, stances
from referentiel.commands.demo_story.words import Edit, Said, Verdict, Wish
from referentiel.proposals.states import Outcome

TO_SIGN: tuple[Wish, ...] = (
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
        stances=stances(FOR, {"sofia": AGAINST, "leila": UNSURE}, ("denis", "isle-2")),
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
        stances=stances(FOR, {"karim": UNSURE}, ("isle-3", "claire")),
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
        stances=stances(FOR, {"hugo": UNSURE, "marc": UNSURE}, ("denis", "isle-2")),
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
)
