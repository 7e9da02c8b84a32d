"""The figures of employees on a proposal, kept as they were when a month began.

A row is written before the first act of a month that would change them; without a row, nothing has changed them yet,
and they are counted from what was there before the month. It holds numbers and nobody.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from referentiel.comments.moderation import month
from referentiel.database import Base, session


class EmployeesMonth(Base):
    """What was counted of employees on one proposal at the beginning of ``month``, its first day in Paris.

    ``wording`` is the wording of then: on a later one they all are ``older``. ``people`` and ``structures`` are those
    that were heard.
    """

    __tablename__ = "employees_months"
    __table_args__ = (
        CheckConstraint(
            "favourable >= 0 AND reserved >= 0 AND unfavourable >= 0 AND older >= 0 AND people >= 0"
            " AND structures >= 0",
            name="counts",
        ),
    )

    proposal_id: Mapped[int] = mapped_column(
        ForeignKey("proposals.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    month: Mapped[date] = mapped_column(primary_key=True)
    wording: Mapped[int]
    favourable: Mapped[int]
    reserved: Mapped[int]
    unfavourable: Mapped[int]
    older: Mapped[int]
    people: Mapped[int]
    structures: Mapped[int]


def kept_months(proposals: Collection[int], *, at: datetime) -> Mapping[int, EmployeesMonth]:
    """By proposal, the figures kept for the month of ``at``, where something has changed since it began.

    One statement.
    """
    rows = session.scalars(
        select(EmployeesMonth).where(EmployeesMonth.proposal_id.in_(proposals), EmployeesMonth.month == month(at))
    )
    return {row.proposal_id: row for row in rows}
