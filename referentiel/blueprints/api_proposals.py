"""Proposals, as the API gives them: what their pages show to everybody. No name, no contribution, no small group."""

from dataclasses import dataclass

from referentiel.blueprints.api_states import AFTER_NUMBER, place
from referentiel.blueprints.college_parts import matrix_of
from referentiel.criteria.changes import ChangeClass
from referentiel.errors import N_
from referentiel.permissions import COLLEGE_LABELS, College
from referentiel.proposals import queries
from referentiel.proposals.figures import Said
from referentiel.proposals.models import Proposal
from referentiel.proposals.queries.lines import Line, lines
from referentiel.proposals.queries.listings import Filters, Row, row_of
from referentiel.proposals.states import ProposalKind, State, Step
from referentiel.web.api.resources import HOW_MANY, Asked, Page, Parameter, Resource, listed
from referentiel.web.api.shapes import (
    ADDRESS,
    COMMIT,
    DAY,
    TEXT,
    WHOLE,
    YES_NO,
    Field,
    Shape,
    choice,
    many,
    maybe,
    through,
)
from referentiel.web.clock import now

FAMILY = N_("Les propositions")
MOST_STEPS = 1_000

COLLEGES = choice({college.value: label.lower() for college, label in COLLEGE_LABELS.items()})
CLASSES = choice({one.value: one.label.lower() for one in ChangeClass})
STATES = choice({state.value: state.label.lower() for state in State if state is not State.DRAFT})
VERBS = choice({kind.value: kind.label.lower() for kind in ProposalKind})
STEPS = choice({step.value: step.label.lower() for step in Step})


@dataclass(frozen=True, slots=True)
class Whole:
    """One proposal and what its page shows."""

    proposal: Proposal
    row: Row
    said: tuple[Said, ...]
    steps: tuple[Line, ...]


SAID = Shape(
    "DitParUnCollege",
    "Ce qu’un collège a dit. Les collèges ne s’additionnent pas. Des salariés, les petits nombres ne sont pas montrés, "
    "et les chiffres sont ceux du début du mois.",
    (
        Field("college", COLLEGES, "Le collège :", lambda said: said.college),
        Field(
            "favorables",
            maybe(WHOLE),
            "Avis favorables ; `null` quand le nombre montrerait quelques personnes.",
            lambda said: said.favourable,
        ),
        Field("reserves", maybe(WHOLE), "Avis réservés ; `null` de même.", lambda said: said.reserved),
        Field("defavorables", maybe(WHOLE), "Avis défavorables ; `null` de même.", lambda said: said.unfavourable),
        Field("peu", YES_NO, "Vrai quand trop peu de personnes ont parlé pour montrer un chiffre.", lambda s: s.few),
        Field(
            "plus_ancienne", maybe(WHOLE), "Qui avait parlé d’une rédaction plus ancienne seulement.", lambda s: s.older
        ),
        Field("personnes", maybe(WHOLE), "Combien de personnes ont parlé.", lambda said: said.people),
        Field("structures", maybe(WHOLE), "De combien de structures.", lambda said: said.structures),
        Field("entendu", YES_NO, "Vrai quand assez de personnes et de structures ont parlé.", lambda said: said.heard),
        Field("comptes_avant_le", maybe(DAY), "Le jour où les chiffres s’arrêtent.", lambda said: said.until),
    ),
)
STEP = Shape(
    "Etape",
    "Une étape de la vie d’une proposition.",
    (
        Field("etape", STEPS, "Ce qui s’est passé :", lambda line: line.step),
        Field("date", DAY, "Le jour, à Paris.", lambda line: line.on),
        Field("college", maybe(COLLEGES), "Le collège de qui l’a fait.", lambda line: line.college),
        Field(
            "en_clair", maybe(TEXT), "La raison, en mots simples, quand elle est publique.", lambda s: s.plain or None
        ),
        Field("decision", maybe(WHOLE), "Le numéro de la décision prise.", lambda line: line.decision),
    ),
)
FILE = Shape(
    "TextePropose",
    "Un texte que la proposition change, en entier, tel qu’il deviendrait.",
    (
        Field("chemin", TEXT, "Son chemin dans la bibliothèque.", lambda file: file.path),
        Field(
            "avant",
            maybe(COMMIT),
            "L’empreinte du texte de départ ; `null` pour un texte nouveau.",
            lambda f: f.before_blob,
        ),
        Field("blob", COMMIT, "L’empreinte du texte proposé.", lambda file: file.blob),
        Field("texte", TEXT, "Le fichier proposé.", lambda file: file.text),
    ),
)
LINE = (
    Field("numero", WHOLE, "Son numéro.", lambda row: row.number),
    Field("titre", TEXT, "Son titre.", lambda row: row.title),
    Field("etat", STATES, "Où elle en est :", lambda row: row.state),
    Field("verbe", VERBS, "Ce qu’elle demande :", lambda row: row.kind),
    Field("objet", TEXT, "Le code ou le nom de ce qu’elle touche d’abord.", lambda row: row.code),
    Field("chemin", TEXT, "Le chemin de ce qu’elle touche d’abord.", lambda row: row.path),
    Field("college", COLLEGES, "Le collège de qui propose :", lambda row: row.college),
    Field("classe", CLASSES, "La sorte de changement :", lambda row: row.change_class),
    Field("deposee_le", DAY, "Le jour du dépôt.", lambda row: row.submitted_on),
    Field("discussion_jusqu_au", maybe(DAY), "Le dernier jour de la discussion.", lambda row: row.window_ends),
    Field("reponse_promise_le", DAY, "Le jour de la réponse promise.", lambda row: row.decision_due),
    Field("decision", maybe(WHOLE), "Le numéro de la décision prise.", lambda row: row.decision_number),
    Field("lien", ADDRESS, "Son adresse dans l’API.", lambda row: place(f"/propositions/{row.number}")),
)
PROPOSAL_LINE = Shape("PropositionDeListe", "Une proposition, sans son texte.", LINE)
PROPOSAL = Shape(
    "Proposition",
    "Une proposition : ce qu’elle demande, pourquoi, ce que disent les collèges, ce qui s’est passé.",
    (
        *through(LINE, lambda whole: whole.row),
        Field("redaction", WHOLE, "Le numéro de la rédaction présente.", lambda w: w.proposal.revision_number),
        Field("raison", TEXT, "Pourquoi, dans les mots de qui propose.", lambda w: w.proposal.revision.reason),
        Field(
            "ce_que_ca_change", TEXT, "Ce que ça change, en mots simples.", lambda w: w.proposal.revision.plain_change
        ),
        Field("base", COMMIT, "L’état du texte dont elle part.", lambda w: w.proposal.revision.base_commit),
        Field(
            "textes", many(FILE), "Les textes proposés, le principal d’abord.", lambda w: w.proposal.revision.in_order
        ),
        Field(
            "reunie_avec",
            maybe(WHOLE),
            "La proposition avec laquelle elle est réunie.",
            lambda w: w.proposal.merged_into_id,
        ),
        Field("reprise_le", maybe(DAY), "Le jour où la discussion reprendra.", lambda w: w.proposal.resume_on),
        Field("colleges", many(SAID), "Ce que chaque collège en a dit.", lambda w: w.said),
        Field("etapes", many(STEP), "Ce qui s’est passé, dans l’ordre.", lambda w: w.steps),
    ),
)


def _listed(asked: Asked) -> Page:
    """Two statements."""
    filters = Filters(
        group=asked["etat"] or "",
        college=College(asked["college"]) if asked["college"] else None,
        code=asked["critere"] or "",
    )
    size = asked["nombre"]
    rows, total = queries.numbered(filters, at=now(), before=asked["apres"], size=size + 1)
    return Page(rows[:size], total, str(rows[size - 1].number) if len(rows) > size else "")


def _one(asked: Asked) -> Whole:
    """About a dozen statements, whatever there is to tell."""
    found = queries.proposal(asked["numero"])
    steps = tuple(lines(proposal=found.id, limit=MOST_STEPS))[::-1]
    return Whole(found, row_of(found, None), matrix_of(found).rows, steps)


RESOURCES = (
    Resource(
        "propositions_liste",
        "/propositions/",
        FAMILY,
        N_("Les propositions"),
        "Les propositions, la plus récente d’abord.",
        listed("ListePropositions", "Les propositions.", PROPOSAL_LINE),
        _listed,
        query=(
            HOW_MANY,
            AFTER_NUMBER,
            Parameter("etat", "Celles qui en sont là.", STATES.schema, "in_discussion"),
            Parameter("college", "Celles de ce collège.", COLLEGES.schema, "siae"),
            Parameter(
                "critere",
                "Celles qui touchent d’abord ce critère.",
                {"type": "string", "pattern": "^[A-Z][0-9]{0,3}$"},
                "E4",
            ),
        ),
        page=lambda asked, found: "/propositions/",
    ),
    Resource(
        "proposition",
        "/propositions/{numero}",
        FAMILY,
        N_("Une proposition"),
        "Une proposition : ce qu’elle demande, pourquoi, ce que disent les collèges, ce qui s’est passé.",
        PROPOSAL,
        _one,
        inside=(Parameter("numero", "Son numéro.", {"type": "integer", "minimum": 1, "maximum": 2**31 - 1}, "1"),),
        page=lambda asked, found: f"/propositions/{found.row.number}",
    ),
)
