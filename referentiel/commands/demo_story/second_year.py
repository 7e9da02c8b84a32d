"""Since the first edition: what the next one holds, and what it leaves for later."""

from referentiel.commands.demo_story.people import AGAINST, FOR, UNSURE, stances, without
from referentiel.commands.demo_story.words import Edit, Said, Verdict, Wish
from referentiel.criteria.changes import ChangeClass
from referentiel.proposals.states import Outcome

SECOND_YEAR: tuple[Wish, ...] = (
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
        stances=stances(FOR, {"ines": UNSURE}, ("denis",)),
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
        stances=stances(FOR),
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
        stances=without(
            stances(FOR, {"hugo": AGAINST, "tom": UNSURE, "olivier": AGAINST, "claire": UNSURE}),
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
        stances=stances(FOR, {"karim": UNSURE, "hugo": UNSURE, "sofia": UNSURE}),
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
        stances=stances(UNSURE, {"nadia": FOR, "amina": FOR, "bruno": AGAINST}),
    ),
)
