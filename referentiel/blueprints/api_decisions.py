"""Decisions, as the API gives them: what their files say, under the names of their files. Numbers come from SQL."""

from referentiel.blueprints.api_proposals import CLASSES, COLLEGES, SAID
from referentiel.blueprints.api_states import AFTER_NUMBER, place
from referentiel.errors import N_, Unknown
from referentiel.proposals import queries
from referentiel.proposals.act import OUTCOMES, Written
from referentiel.web.api.resources import HOW_MANY, Asked, Page, Parameter, Resource, listed
from referentiel.web.api.shapes import ADDRESS, DAY, TEXT, WHOLE, Field, Shape, choice, many, maybe
from referentiel.web.stores import library

FAMILY = N_("Les décisions")

_ISSUES = choice({word: outcome.state.label.lower() for outcome, word in OUTCOMES.items()})
_SILENCE = Shape(
    "Silence",
    "Pourquoi l’on a décidé sans attendre un collège.",
    (
        Field("college", COLLEGES, "Le collège :", lambda one: one[0]),
        Field("raison", TEXT, "Pourquoi on n’a pas attendu.", lambda one: one[1]),
    ),
)
_FACTS = (
    Field("numero", WHOLE, "Son numéro.", lambda said: said.number),
    Field("proposition", WHOLE, "La proposition à laquelle elle répond.", lambda said: said.proposal),
    Field("redaction", WHOLE, "La rédaction dont elle décide.", lambda said: said.revision),
    Field("objet", TEXT, "Le code ou le nom de ce qui était proposé.", lambda said: said.item),
    Field("objets", many(TEXT), "Ceux de tous les textes touchés.", lambda said: said.items),
    Field("issue", _ISSUES, "Ce qui est décidé :", lambda said: OUTCOMES[said.outcome]),
    Field("date", DAY, "Le jour de la deuxième signature.", lambda said: said.signed_on),
    Field("classe", CLASSES, "La sorte de changement :", lambda said: said.change_class),
    Field("en_clair", TEXT, "La raison, en mots simples.", lambda said: said.plain_reason),
    Field("lien", ADDRESS, "Son adresse dans l’API.", lambda said: place(f"/decisions/{said.number}")),
)
DECISION_LINE = Shape("DecisionDeListe", "Une décision, en bref.", _FACTS)
DECISION = Shape(
    "Decision",
    "Une décision, telle que son fichier la dit : aucun nom, des collèges et des numéros.",
    (
        *_FACTS,
        Field("raison", TEXT, "La raison, en entier.", lambda said: said.reason),
        Field("signataires", many(COLLEGES), "Les deux collèges qui ont signé.", lambda said: said.signatories),
        Field("entendus", many(COLLEGES), "Les collèges entendus.", lambda said: said.heard),
        Field(
            "silences",
            many(_SILENCE),
            "Les collèges qui n’ont pas été entendus, et pourquoi on a décidé.",
            lambda said: list(said.silences.items()),
        ),
        Field("reprise", maybe(DAY), "Le jour où une décision reportée reprend.", lambda said: said.resume_on),
        Field("contributions", many(WHOLE), "Les numéros des contributions reprises.", lambda s: s.contributions),
        Field("colleges", many(SAID), "Les chiffres du jour de la première signature.", lambda said: said.said),
    ),
)


def _listed(asked: Asked) -> Page:
    """Two statements. What the library does not hold yet is left for the next look."""
    size = asked["nombre"]
    numbers, total = queries.numbers(before=asked["apres"], size=size + 1)
    head, rows = library().head(), list[Written]()
    for number in numbers[:size]:
        try:
            rows.append(queries.written(library(), number, at=head))
        except Unknown:
            continue
    return Page(rows, total, str(numbers[size - 1]) if len(numbers) > size else "")


RESOURCES = (
    Resource(
        "decisions_liste",
        "/decisions/",
        FAMILY,
        N_("Les décisions"),
        "Les décisions, la plus récente d’abord.",
        listed("ListeDecisions", "Les décisions.", DECISION_LINE),
        _listed,
        query=(HOW_MANY, AFTER_NUMBER),
        page=lambda asked, found: "/decisions/",
    ),
    Resource(
        "decision",
        "/decisions/{numero}",
        FAMILY,
        N_("Une décision"),
        "Une décision : son issue, sa raison, qui a signé, qui a été entendu.",
        DECISION,
        lambda asked: queries.written(library(), asked["numero"]),
        inside=(Parameter("numero", "Son numéro.", {"type": "integer", "minimum": 1, "maximum": 2**31 - 1}, "1"),),
        page=lambda asked, found: f"/decisions/{found.number}",
    ),
)
