"""A row of the table: which roles, on which conditions, with or without a second factor."""

from dataclasses import dataclass

from referentiel.errors import N_
from referentiel.permissions.conditions import Condition
from referentiel.permissions.roles import Role


@dataclass(frozen=True)
class Rule:
    """One row: any of ``roles``, then every condition on the thing, in order. No role at all means everybody."""

    roles: frozenset[Role]
    conditions: tuple[Condition, ...] = ()
    second_factor: bool = False
    refusal: str = ""


EVERYBODY = Rule(frozenset())


def participant(*conditions: Condition) -> Rule:
    return Rule(
        frozenset({Role.PARTICIPANT}),
        conditions,
        refusal=N_("Votre compte ne permet pas de participer pour le moment."),
    )


def facilitator(*conditions: Condition) -> Rule:
    return Rule(
        frozenset({Role.FACILITATOR}),
        conditions,
        refusal=N_("Seule une personne qui anime des rencontres peut le faire."),
    )


def editor(*conditions: Condition) -> Rule:
    return Rule(
        frozenset({Role.EDITOR}),
        conditions,
        second_factor=True,
        refusal=N_("Seule une personne chargée de l’édition peut le faire."),
    )


def publisher(*conditions: Condition) -> Rule:
    return Rule(
        frozenset({Role.PUBLISHER}),
        conditions,
        second_factor=True,
        refusal=N_("Seule une personne responsable de la publication peut le faire."),
    )


def publisher_or_editor(*conditions: Condition) -> Rule:
    return Rule(
        frozenset({Role.PUBLISHER, Role.EDITOR}),
        conditions,
        second_factor=True,
        refusal=N_("Seule une personne chargée de l’édition ou de la publication peut le faire."),
    )


def administrator(*conditions: Condition) -> Rule:
    return Rule(
        frozenset({Role.ADMINISTRATOR}),
        conditions,
        second_factor=True,
        refusal=N_("Seule une personne chargée de l’administration peut le faire."),
    )
