"""The editions of the story: the first that people write together, and the one that waits for its confirmation."""

from referentiel.commands.demo_story.words import Delay, Issue

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
