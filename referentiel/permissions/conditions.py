"""What a rule asks of a thing: each condition compares who asks with what they ask for, and explains its refusal."""

from collections.abc import Callable
from typing import Any

from referentiel.errors import N_
from referentiel.permissions.roles import College, Role
from referentiel.permissions.things import (
    Actor,
    Authored,
    Credited,
    Held,
    Judged,
    Placed,
    Prepared,
    Reread,
    Signalled,
    Signed,
    Spoken,
)
from referentiel.permissions.verdicts import ALLOWED, Verdict, refuse_unless

Condition = Callable[[Actor, Any], Verdict]


def author(by: Actor, thing: Authored) -> Verdict:
    return refuse_unless(
        by.id in thing.author_ids, N_("Seule la personne qui a écrit cette proposition peut le faire.")
    )


def author_if_any(by: Actor, thing: Authored | None) -> Verdict:
    """A draft that does not exist yet belongs to who saves it first."""
    return ALLOWED if thing is None else author(by, thing)


def not_author(by: Actor, thing: Authored) -> Verdict:
    return refuse_unless(
        by.id not in thing.author_ids,
        N_("Vous avez écrit cette proposition : une autre personne doit s’en charger."),
    )


def not_credited(by: Actor, thing: Credited) -> Verdict:
    return refuse_unless(
        by.id not in thing.credited_ids,
        N_("Cette proposition reprend vos mots : une autre personne doit s’en charger."),
    )


def not_first_judge(by: Actor, thing: Judged) -> Verdict:
    return refuse_unless(
        thing.declared_inadmissible_by_id != by.id,
        N_("Vous avez déclaré cette proposition irrecevable : une autre personne doit lire le recours."),
    )


def not_first_signatory(by: Actor, thing: Signed) -> Verdict:
    return refuse_unless(
        thing.first_signatory_id != by.id,
        N_("Vous avez donné la première signature : une autre personne doit donner la deuxième."),
    )


def other_college_than_first_signatory(by: Actor, thing: Signed) -> Verdict:
    return refuse_unless(
        thing.first_signatory_college != by.college,
        N_("La première signature vient de votre collège : la deuxième doit venir d’un autre collège."),
    )


def first_signatory_or_possible_second(by: Actor, thing: Signed) -> Verdict:
    if thing.first_signatory_id == by.id:
        return ALLOWED
    return first_refusal(by, thing, (not_author, not_credited, other_college_than_first_signatory))


def not_writer(by: Actor, thing: Spoken) -> Verdict:
    return refuse_unless(
        thing.author_id != by.id, N_("Vous avez écrit cette contribution : une autre personne doit la relire.")
    )


def writer(by: Actor, thing: Spoken) -> Verdict:
    return refuse_unless(
        thing.author_id == by.id, N_("Seule la personne qui a écrit cette contribution peut le faire.")
    )


def other_structure(by: Actor, thing: Placed) -> Verdict:
    """The refusal does not say that the words come from the structure of who asks: that alone would tell who wrote."""
    return refuse_unless(
        thing.structure_id is None or thing.structure_id != by.structure_id,
        N_("Une autre personne doit s’occuper de ces mots."),
    )


def not_first_reader(by: Actor, thing: Reread) -> Verdict:
    return refuse_unless(
        thing.first_reader_id != by.id,
        N_("Vous avez relu cette contribution la première fois : une autre personne doit lire le recours."),
    )


def other_structure_than_first_reader(by: Actor, thing: Reread) -> Verdict:
    return refuse_unless(
        thing.first_reader_structure_id is None or thing.first_reader_structure_id != by.structure_id,
        N_("La première lecture vient de votre structure : une personne d’une autre structure doit lire le recours."),
    )


def not_reporter(by: Actor, thing: Signalled) -> Verdict:
    return refuse_unless(
        by.id not in thing.reporter_ids,
        N_("Vous avez signalé cette contribution : une autre personne doit la relire."),
    )


def not_preparer(by: Actor, thing: Prepared) -> Verdict:
    return refuse_unless(
        thing.prepared_by_id != by.id,
        N_("Vous avez préparé cette édition : une autre personne doit la confirmer."),
    )


def other_college_than_preparer(by: Actor, thing: Prepared) -> Verdict:
    return refuse_unless(
        thing.prepared_by_college != by.college,
        N_("Cette édition a été préparée par votre collège : une personne d’un autre collège doit la confirmer."),
    )


def not_opener(by: Actor, thing: Held) -> Verdict:
    return refuse_unless(
        thing.opened_by_id != by.id, N_("Vous avez ouvert cette séance : une autre personne doit l’accepter.")
    )


def other_college_than_opener(by: Actor, thing: Held) -> Verdict:
    return refuse_unless(
        thing.opened_by_college != by.college,
        N_("Cette séance est ouverte par votre collège : une personne d’un autre collège doit l’accepter."),
    )


def holder(by: Actor, thing: Held) -> Verdict:
    """One of the two who hold the session; or the administration, when neither can any more."""
    return refuse_unless(
        by.id in (thing.opened_by_id, thing.second_id) or Role.ADMINISTRATOR in by.roles,
        N_("Seules les deux personnes qui tiennent cette séance peuvent le faire."),
    )


def opener(by: Actor, thing: Held) -> Verdict:
    return refuse_unless(
        thing.opened_by_id == by.id, N_("Seule la personne qui a ouvert cette séance peut demander plus de places.")
    )


def second_one(by: Actor, thing: Held) -> Verdict:
    return refuse_unless(
        thing.second_id == by.id, N_("Seule la deuxième personne qui tient cette séance peut répondre.")
    )


def holder_if_any(by: Actor, thing: Held | None) -> Verdict:
    return ALLOWED if thing is None else holder(by, thing)


def second_person_if_siae(by: Actor, thing: Held | None) -> Verdict:
    """The employers' college never lets people in alone: neither by cards of its own, nor by a session of its own."""
    if thing is None:
        return refuse_unless(
            by.college != College.SIAE,
            N_("Dans votre collège, on imprime des cartes pour une séance tenue avec une personne d’un autre collège."),
        )
    return refuse_unless(
        thing.opened_by_college != College.SIAE or thing.second_college is not None,
        N_("Une deuxième personne, d’un autre collège, doit d’abord accepter de tenir cette séance avec vous."),
    )


def only_time(by: Actor, thing: object) -> Verdict:
    return Verdict(False, N_("Cette étape se fait d’elle-même, à la date que la décision indique."))


WITHOUT_THING: frozenset[Condition] = frozenset({author_if_any, only_time, holder_if_any, second_person_if_siae})


def first_refusal(by: Actor, thing: Any, conditions: tuple[Condition, ...]) -> Verdict:
    for condition in conditions:
        verdict = condition(by, thing)
        if not verdict:
            return verdict
    return ALLOWED
