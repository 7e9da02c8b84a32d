"""The questions asked of the table: by a page's door, by an action, by a button."""

from referentiel.errors import N_, NotAllowed
from referentiel.permissions.actions import Action
from referentiel.permissions.conditions import WITHOUT_THING, first_refusal
from referentiel.permissions.roles import SECOND_FACTOR_ROLES
from referentiel.permissions.table import TABLE
from referentiel.permissions.things import Actor
from referentiel.permissions.verdicts import ALLOWED, Verdict, refuse_unless


def could(actor: Actor | None, action: Action) -> Verdict:
    """The half of the rule that needs no thing: the roles. A page's door asks this; its action asks :func:`may`."""
    rule = TABLE[action]
    if not rule.roles:
        return ALLOWED
    if actor is None:
        return Verdict(False, N_("Entrez avec votre carte, ou connectez-vous, pour continuer."))
    return refuse_unless(not rule.roles.isdisjoint(actor.roles), rule.refusal)


def may(actor: Actor | None, action: Action, thing: object = None) -> Verdict:
    """The whole rule. Raises :class:`TypeError` when it looks at a thing and none is given: forgetting is safe."""
    verdict = could(actor, action)
    conditions = TABLE[action].conditions
    if not verdict or not conditions:
        return verdict
    if actor is None:
        return Verdict(False, N_("Entrez avec votre carte, ou connectez-vous, pour continuer."))
    if thing is None and not WITHOUT_THING.issuperset(conditions):
        raise TypeError(f"{action} is allowed on a thing: give it")
    return first_refusal(actor, thing, conditions)


def require(actor: Actor | None, action: Action, thing: object = None) -> None:
    """Raises :class:`NotAllowed` with the reason of :func:`may`."""
    verdict = may(actor, action, thing)
    if not verdict:
        raise NotAllowed(verdict.reason)


def needs_second_factor(action: Action, actor: Actor | None = None) -> bool:
    """True for what editors, publishers and administrators do as such.

    Where other roles allow it too, it depends on ``actor``: only when a role without a second factor would not do.
    """
    rule = TABLE[action]
    if rule.second_factor or actor is None:
        return rule.second_factor
    allowing = rule.roles & frozenset(actor.roles)
    return bool(allowing) and allowing <= SECOND_FACTOR_ROLES
