"""Corrections of the sealed edition, which stand beside it: one that two people signed, one that is discussed."""

from referentiel.commands.demo_story.people import FOR, UNSURE, stances
from referentiel.commands.demo_story.words import Edit, Said, Verdict, Wish
from referentiel.criteria.changes import ChangeClass
from referentiel.proposals.states import Outcome, ProposalKind

ERRATA: tuple[Wish, ...] = (
    Wish(
        key="chaque jour",
        by="sofia",
        day=-106,
        title="« Chaque jour de travail », aussi dans le texte facile à lire",
        code="B4",
        kind=ProposalKind.ERRATUM,
        corrects=0,
        edits=(
            Edit(
                "Facile à lire",
                "Vous pouvez lui parler chaque jour.",
                "Vous pouvez lui parler chaque jour de travail.",
            ),
        ),
        reason="La décision dit « joignable chaque jour de travail ». Ces mots ont été oubliés dans le texte facile à "
        "lire.",
        plain="Le texte facile à lire dit la même chose que l’autre.",
        change_class=ChangeClass.CLARITY,
        admitted=-105,
        stances_day=-92,
        stances=stances(FOR, {"hugo": UNSURE}),
        said=(Said(-96, "isle-1", "Le dimanche on l’appelle pas, c’est normal.", -94),),
        verdict=Verdict(
            -70,
            "chloe",
            Outcome.ADOPTED,
            "Les deux textes d’un même critère doivent dire la même chose. Le texte scellé ne change pas : la "
            "correction se lit à côté.",
            "Il manquait deux mots. Maintenant, on les lit à côté du texte.",
            signed=-69,
            signed_by="denis",
        ),
    ),
    Wish(
        key="garder",
        by="hugo",
        day=-10,
        title="Le texte facile à lire oublie « garder »",
        code="C7",
        kind=ProposalKind.ERRATUM,
        corrects=0,
        edits=(
            Edit(
                "Facile à lire",
                "Le trajet ne doit pas coûter trop cher.",
                "Le trajet ne doit pas coûter trop cher.\nVous devez pouvoir le faire longtemps.",
            ),
        ),
        reason="L’énoncé dit « qu’elle peut payer et garder ». Le texte facile à lire ne parle que du prix.",
        plain="On cherche avec moi un trajet qui dure.",
        admitted=-8,
        stances_day=-6,
        stances={"tom": FOR, "sofia": FOR, "isle-2": FOR, "leila": UNSURE},
        said=(Said(-5, "tom", "C’est bien ce que nous avions voté.", -4, "chloe"),),
    ),
)
