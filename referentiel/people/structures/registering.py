"""What an administrator does to structures, and to the employment areas where they are."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Select, exists, or_, select, update

from referentiel.criteria.characters import clean
from referentiel.database import Base, session, writing
from referentiel.errors import N_, Invalid, NotAllowed, Unknown
from referentiel.journal.actions import audit
from referentiel.people.kinds import StructureKind
from referentiel.people.models import Basin, Person, Structure
from referentiel.people.structures.directory import territories
from referentiel.people.structures.sirets import clean_siret
from referentiel.people.structures.territories import BASIN_KEY, TerritoryKind
from referentiel.permissions import Action, require

NAME_LIMIT = 200
BASIN_NAME_LIMIT = 100


@dataclass(frozen=True)
class Sheet:
    """What is said of a structure, as somebody typed it; :func:`_checked` says what of it can be kept."""

    name: str
    kind: str
    territory: str | None = None
    siret: str = ""


def add_structure(
    name: str, kind: str, territory: str | None, *, by: Person | None, at: datetime, siret: str = ""
) -> int:
    """Add a structure; returns its id. ``by`` is None at the console. One write.

    Raises :class:`Invalid` on ``name``, ``kind``, ``territory`` or ``siret``.
    """
    if by is not None:
        require(by, Action.ADMINISTER)
    by_id = by.id if by else None
    with writing() as rows:
        sheet = _checked(Sheet(name, kind, territory, siret), but=None)
        structure = Structure(name=sheet.name, kind=sheet.kind, territory=sheet.territory, siret=sheet.siret or None)
        rows.add(structure)
        rows.flush()
        audit("structure.added", f"structure:{structure.id}", by_id=by_id, at=at, details={})
        return structure.id


def edit_structure(structure: Structure, typed: Sheet, *, by: Person, at: datetime) -> None:
    """Say something else of a structure. Nothing changed writes nothing in the audit. One write."""
    require(by, Action.ADMINISTER)
    with writing():
        sheet = _checked(typed, but=structure.id)
        after = {"name": sheet.name, "kind": sheet.kind, "territory": sheet.territory, "siret": sheet.siret or None}
        changed = sorted(field for field, value in after.items() if getattr(structure, field) != value)
        if not changed:
            return
        for field, value in after.items():
            setattr(structure, field, value)
        audit("structure.edited", f"structure:{structure.id}", by_id=by.id, at=at, details={"changed": changed})


def merge_structures(duplicate: Structure, *, into: Structure, by: Person, at: datetime) -> None:
    """One structure was there twice: all that names the duplicate names the other, and the duplicate goes. One write.

    The kept one keeps its name, its kind and its territory, and takes the SIRET if it had none.
    """
    require(by, Action.ADMINISTER)
    if duplicate.id == into.id:
        raise Invalid(N_("Choisissez une autre structure que celle-ci."))
    with writing() as rows:
        gone, kept = duplicate.id, into.id
        siret = duplicate.siret
        for column in links_to_structures():
            rows.execute(
                update(column.table)
                .where(column == gone)
                .values({column.name: kept})
                .execution_options(synchronize_session=False)
            )
        rows.expire_all()
        rows.delete(duplicate)
        rows.flush()
        if into.siret is None:
            into.siret = siret
        audit("structure.merged", f"structure:{kept}", by_id=by.id, at=at, details={"from": gone})


def delete_structure(structure: Structure, *, by: Person, at: datetime) -> None:
    """Take away a structure that nothing names. Raises :class:`NotAllowed` for one that is used. One write."""
    require(by, Action.ADMINISTER)
    with writing() as rows:
        if is_used(structure):
            raise NotAllowed(
                N_(
                    "Cette structure sert déjà : des comptes, des cartes, des séances ou des contributions y sont liés."
                ),
                way_out=N_("Si elle est là deux fois, réunissez-la avec l’autre : rien ne se perd."),
            )
        number = structure.id
        rows.delete(structure)
        audit("structure.deleted", f"structure:{number}", by_id=by.id, at=at, details={})


def is_used(structure: Structure) -> bool:
    """Whether any row of the database names this structure. One statement."""
    uses: list[Select[tuple[int]]] = [
        select(1).select_from(column.table).where(column == structure.id) for column in links_to_structures()
    ]
    return bool(session.scalar(select(or_(*(exists(use) for use in uses)))))


def links_to_structures() -> list[Column[int]]:
    """Each column that names a structure, in whatever table: a table added later is not forgotten. No statement."""
    structures = Structure.__table__
    return [
        key.parent
        for table in Base.metadata.sorted_tables
        for key in sorted(table.foreign_keys, key=lambda key: key.parent.name)
        if key.column.table is structures
    ]


def add_basin(code: str, name: str, parent: str, *, by: Person, at: datetime) -> str:
    """Add an employment area under a region or a département; returns its key. One write.

    Raises :class:`Invalid` on ``code``, ``name`` or ``parent``.
    """
    require(by, Action.ADMINISTER)
    key = f"{TerritoryKind.BASIN.value}-{code.strip()}"
    if not BASIN_KEY.fullmatch(key):
        raise Invalid(N_("Écrivez un code de 30 lettres sans accent et chiffres au plus, sans espace."), field="code")
    typed = clean(name, field="name", limit=BASIN_NAME_LIMIT, lines=False)
    if not typed:
        raise Invalid(N_("Écrivez le nom du bassin d’emploi."), field="name")
    with writing() as rows:
        places = territories()
        above = places.of(parent) if parent in places else None
        if above is None or above.kind not in {TerritoryKind.REGION, TerritoryKind.DEPARTMENT}:
            raise Invalid(N_("Choisissez la région ou le département de ce bassin."), field="parent")
        if any(place.key.lower() == key.lower() for place in places):
            raise Invalid(N_("Ce code sert déjà à un autre bassin."), field="code")
        rows.add(Basin(key=key, name=typed, parent=above.key))
        audit("territory.added", f"territory:{key}", by_id=by.id, at=at, details={"parent": above.key})
    return key


def delete_basin(key: str, *, by: Person, at: datetime) -> None:
    """Take away an employment area where no structure is. Raises :class:`Unknown` or :class:`NotAllowed`. One write."""
    require(by, Action.ADMINISTER)
    with writing() as rows:
        basin = rows.get(Basin, key)
        if basin is None:
            raise Unknown(N_("Ce territoire n’est pas dans la liste."))
        if rows.scalar(select(Structure.id).where(Structure.territory == key).limit(1)) is not None:
            raise NotAllowed(
                N_("Des structures sont dans ce bassin."),
                way_out=N_("Donnez-leur d’abord un autre territoire, puis revenez."),
            )
        rows.delete(basin)
        audit("territory.deleted", f"territory:{key}", by_id=by.id, at=at, details={})


def _checked(typed: Sheet, *, but: int | None) -> Sheet:
    """What can be kept of a sheet, beside the other structures. Inside the caller's ``writing()``."""
    name = clean(typed.name, field="name", limit=NAME_LIMIT, lines=False)
    if not name:
        raise Invalid(N_("Écrivez le nom de la structure."), field="name")
    if typed.kind not in {kind.value for kind in StructureKind}:
        raise Invalid(N_("Choisissez un type de la liste."), field="kind")
    if typed.territory and typed.territory not in territories():
        raise Invalid(N_("Choisissez un territoire de la liste."), field="territory")
    siret = clean_siret(typed.siret)
    others = select(Structure.id).where(Structure.id != (but or 0))
    if session.scalar(others.where(Structure.name == name)) is not None:
        raise Invalid(N_("Une structure porte déjà ce nom."), field="name")
    if siret and session.scalar(others.where(Structure.siret == siret)) is not None:
        raise Invalid(N_("Une autre structure a déjà ce SIRET."), field="siret")
    return Sheet(name, typed.kind, typed.territory or None, siret)
