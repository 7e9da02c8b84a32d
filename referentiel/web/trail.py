"""The audit as an administrator reads it: what was done, to what, when, by whom or in which role.

Nothing personal about employees: an account that was opened with a card has neither name nor number, and its acts have
their month alone, after the dated lines of that month. A professional is their account as it is today: one that was
erased, or became another one, has no name here either, but its acts keep their days.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext
from sqlalchemy import and_, or_, select

from referentiel.database import session
from referentiel.errors import N_
from referentiel.journal.events import EVENTS, label
from referentiel.journal.models import AuditLine
from referentiel.journal.queries import audit_page
from referentiel.people.models import Person, Structure
from referentiel.permissions import COLLEGE_LABELS, College, Role
from referentiel.web.numbers import whole_number

FAMILIES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "comptes": (N_("Les comptes et les rôles"), ("person", "second_factor", "invitation")),
    "structures": (N_("Les structures et les territoires"), ("structure", "territory")),
    "seances": (N_("Les séances et les cartes"), ("workshop", "cards", "tablet")),
    "moderation": (N_("La modération"), ("comment",)),
    "propositions": (N_("Les propositions et les décisions"), ("proposal", "decision", "operation")),
    "editions": (N_("Les éditions"), ("edition",)),
    "site": (N_("Le site lui-même"), ("archive", "audit")),
}

ADDRESSES: Mapping[str, str] = {
    "proposal": "/propositions/%s",
    "structure": "/administration/structures/%s",
    "person": "/administration/personnes/%s",
}
SUBJECTS: Mapping[str, str] = {
    "person": N_("un compte"),
    "invitation": N_("une invitation"),
    "structure": N_("une structure"),
    "territory": N_("un territoire"),
    "workshop": N_("une séance"),
    "college": N_("un collège"),
    "comment": N_("une contribution"),
    "audit": N_("le journal"),
    "archive": N_("une archive"),
    "proposal": N_("une proposition"),
    "decision": N_("une décision"),
    "edition": N_("une édition"),
    "edition-plan": N_("l’édition à venir"),
}
"""What an act was done to, when nothing more may be told"""

NUMBERED: Mapping[str, str] = {
    "invitation": N_("l’invitation %(key)s"),
    "structure": N_("la structure %(key)s"),
    "territory": N_("le territoire « %(key)s »"),
    "workshop": N_("la séance %(key)s"),
    "proposal": N_("la proposition %(key)s"),
    "decision": N_("la décision %(key)s"),
    "edition": N_("l’édition %(key)s"),
}
"""The same, when there is one that can be told from the others"""


@dataclass(frozen=True)
class Who:
    """Somebody or something, as the journal may name it; ``address`` leads to it when there is a page for it."""

    name: str
    address: str = ""


@dataclass(frozen=True)
class Line:
    """One act. ``at`` is None when only its ``month`` may be told."""

    seq: int
    at: datetime | None
    month: datetime
    event: str
    subject: Who
    by: Who
    role: Role | None


def lines(family: str = "", *, limit: int, offset: int) -> tuple[tuple[Line, ...], int]:
    """One page of the journal, newest first, and how many lines there are. Four statements."""
    families = FAMILIES[family][1] if family in FAMILIES else ()
    rows, count = audit_page(families, undated=_BY_A_CARD, limit=limit, offset=offset)
    people = _people({row.by_id for row in rows if row.by_id} | _numbers(rows, "person"))
    structures = _structures(_numbers(rows, "structure"))
    return tuple(_line(row, people, structures) for row in rows), count


def families() -> list[tuple[str, str]]:
    """The families, for a list."""
    return [(key, gettext(words)) for key, (words, _) in FAMILIES.items()]


def _line(row: AuditLine, people: Mapping[int, Person], structures: Mapping[int, str]) -> Line:
    by = people.get(row.by_id) if row.by_id else None
    unsaid = row.by_id is None and row.event in UNSAID
    hidden = unsaid or _came_with_a_card(by)
    return Line(
        seq=row.seq,
        at=None if hidden else row.at,
        month=row.at,
        event=gettext(label(row.event)),
        subject=_subject(row, people, structures, hidden=hidden),
        by=_who(by)
        if row.by_id
        else Who(gettext("la personne qui a écrit") if unsaid else gettext("le site, ou sa console")),
        role=EVENTS[row.event].role if row.event in EVENTS and row.by_id else None,
    )


def _subject(row: AuditLine, people: Mapping[int, Person], structures: Mapping[int, str], *, hidden: bool) -> Who:
    kind, _, key = row.subject.partition(":")
    number = whole_number(key) or 0
    if kind == "person":
        return _who(people.get(number))
    if kind == "structure" and number in structures:
        return Who(structures[number], ADDRESSES[kind] % number)
    if kind == "college" and key in COLLEGE_LABELS:
        return Who(gettext(COLLEGE_LABELS[College(key)]))
    if not key or kind not in NUMBERED or (hidden and kind != "proposal"):
        return Who(gettext(SUBJECTS[kind]) if kind in SUBJECTS else row.subject)
    return Who(gettext(NUMBERED[kind], key=key), ADDRESSES[kind] % key if kind == "proposal" else "")


def _who(person: Person | None) -> Who:
    """A professional by the name of their account; of anybody else, only how the account was opened."""
    if person is None:
        return Who(gettext("un compte qui n’existe plus"))
    if person.erased_at is not None:
        return Who(gettext("un compte fermé"))
    if _came_with_a_card(person):
        return Who(gettext("un compte ouvert avec une carte"))
    return Who(person.shown_name, ADDRESSES["person"] % person.id)


def _came_with_a_card(person: Person | None) -> bool:
    """No address, and not because a professional's was taken away. An erased employee may have come with a card."""
    if person is None or person.email is not None:
        return False
    return person.erased_at is None or person.college == College.EMPLOYEES


UNSAID = frozenset({"comment.appealed"})
"""What the author of words does: the line does not say who, for it outlives the link between them"""

_BY_A_CARD = or_(
    AuditLine.by_id.in_(
        select(Person.id).where(
            and_(Person.email.is_(None), or_(Person.erased_at.is_(None), Person.college == College.EMPLOYEES.value))
        )
    ),
    and_(AuditLine.by_id.is_(None), AuditLine.event.in_(UNSAID)),
)
"""The same rule, of the lines"""


def _numbers(rows: Sequence[AuditLine], kind: str) -> set[int]:
    keys = [row.subject.removeprefix(f"{kind}:") for row in rows if row.subject.startswith(f"{kind}:")]
    return {number for key in keys if (number := whole_number(key)) is not None}


def _people(numbers: Collection[int]) -> Mapping[int, Person]:
    return {row.id: row for row in session.scalars(select(Person).where(Person.id.in_(numbers)))}


def _structures(numbers: Collection[int]) -> Mapping[int, str]:
    return {row.id: row.name for row in session.scalars(select(Structure).where(Structure.id.in_(numbers)))}
