"""Structures, their territories and what becomes of them: for the administration alone."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Optional

from referentiel.errors import Refused
from referentiel.people.kinds import FAMILIES, StructureKind
from referentiel.people.models import Structure
from referentiel.people.structures import directory, registering
from referentiel.people.structures.directory import WantedPeople, WantedStructures
from referentiel.people.structures.registering import BASIN_NAME_LIMIT, NAME_LIMIT, Sheet, is_used
from referentiel.people.structures.sirets import spaced
from referentiel.permissions import Action
from referentiel.web import clock, identity
from referentiel.web.choices import choices
from referentiel.web.forms import Form, cleaned
from referentiel.web.guard import requires
from referentiel.web.listing import A_PAGE, Pages, page_asked, word_asked
from referentiel.web.numbers import whole_number
from referentiel.web.places import Groups, by_region

blueprint = Blueprint("structures", __name__, url_prefix="/administration")


class StructureForm(Form):
    name = StringField(
        lazy("Nom de la structure"),
        [InputRequired(lazy("Écrivez le nom de la structure.")), cleaned(limit=NAME_LIMIT, lines=False)],
    )
    kind = SelectField(lazy("Type de structure"), [InputRequired(lazy("Choisissez un type de la liste."))])
    territory = SelectField(lazy("Territoire"), [Optional()])
    siret = StringField(lazy("SIRET"), [Optional(), cleaned(limit=40, lines=False)])

    def offer(self) -> None:
        """The lists as they are today."""
        self.kind.choices = choices({"": [("", _("Choisir un type"))], **kinds()})
        self.territory.choices = choices({"": [("", _("Aucun"))], **by_region(directory.territories())})


class BasinForm(Form):
    name = StringField(
        lazy("Nom du bassin d’emploi"),
        [InputRequired(lazy("Écrivez le nom du bassin d’emploi.")), cleaned(limit=BASIN_NAME_LIMIT, lines=False)],
    )
    code = StringField(lazy("Code"), [InputRequired(lazy("Écrivez un code.")), cleaned(limit=30, lines=False)])
    parent = SelectField(lazy("Région ou département"), [InputRequired(lazy("Choisissez un territoire de la liste."))])


def kinds() -> Groups:
    """The kinds by family, for a list."""
    return {_(family): [(kind.value, _(kind.label)) for kind in members] for family, members in FAMILIES.items()}


@blueprint.get("/structures")
@requires(Action.ADMINISTER)
def listing() -> ResponseReturnValue:
    wanted = WantedStructures(word_asked("q"), word_asked("type"), word_asked("territoire"))
    number = page_asked()
    rows, count = directory.find_structures(wanted, limit=A_PAGE, offset=(number - 1) * A_PAGE)
    known = directory.territories()
    asked = {"q": wanted.words, "type": wanted.kind, "territoire": wanted.territory}
    return render_template(
        "structures/listing.html",
        rows=rows,
        wanted=wanted,
        pages=Pages.of(number, count, url_for("structures.listing"), asked),
        kinds=kinds(),
        places=by_region(known),
        kind_label=kind_label,
        place_label=known.label,
    )


@blueprint.route("/structures/ajouter", methods=["GET", "POST"])
@requires(Action.ADMINISTER)
def add() -> ResponseReturnValue:
    def save(typed: Sheet) -> int:
        return registering.add_structure(
            typed.name, typed.kind, typed.territory, siret=typed.siret, by=identity.signed_in(), at=clock.now()
        )

    return _sheet(StructureForm(), None, save, _("La structure est ajoutée."))


@blueprint.get("/structures/<int:structure_id>")
@requires(Action.ADMINISTER)
def page(structure_id: int) -> ResponseReturnValue:
    structure = directory.structure(structure_id)
    people, count = directory.find_professionals(WantedPeople(structure_id=structure.id), limit=A_PAGE)
    return render_template(
        "structures/page.html",
        structure=structure,
        siret=spaced(structure.siret),
        kind=kind_label(structure.kind),
        sensitive=StructureKind(structure.kind).sensitive,
        place=directory.territories().label(structure.territory),
        people=people,
        count=count,
        alike=directory.alike(structure),
        used=is_used(structure),
    )


@blueprint.route("/structures/<int:structure_id>/modifier", methods=["GET", "POST"])
@requires(Action.ADMINISTER)
def edit(structure_id: int) -> ResponseReturnValue:
    structure = directory.structure(structure_id)
    form = StructureForm(
        name=structure.name, kind=structure.kind, territory=structure.territory or "", siret=spaced(structure.siret)
    )

    def save(typed: Sheet) -> int:
        registering.edit_structure(structure, typed, by=identity.signed_in(), at=clock.now())
        return structure_id

    return _sheet(form, structure, save, _("La structure est modifiée."))


@blueprint.get("/structures/<int:structure_id>/reunir")
@requires(Action.ADMINISTER)
def choose(structure_id: int) -> ResponseReturnValue:
    """Which structure to keep: those that look alike, or those that a search finds; then the consequence."""
    structure = directory.structure(structure_id)
    asked = whole_number(request.args.get("avec"))
    into = directory.structure(asked) if asked is not None else None
    words = word_asked("q")
    found = directory.find_structures(WantedStructures(words), limit=A_PAGE)[0] if words else directory.alike(structure)
    known = directory.territories()
    return render_template(
        "structures/merge.html",
        structure=structure,
        into=into if into is not structure else None,
        words=words,
        found=[row for row in found if row.id != structure.id],
        kind_label=kind_label,
        place_label=known.label,
    )


@blueprint.post("/structures/<int:structure_id>/reunir")
@requires(Action.ADMINISTER)
def merge(structure_id: int) -> ResponseReturnValue:
    into = directory.structure(whole_number(request.form.get("avec")) or 0)
    registering.merge_structures(directory.structure(structure_id), into=into, by=identity.signed_in(), at=clock.now())
    flash(_("Les deux structures sont réunies. Rien n’est perdu."), "good")
    return redirect(url_for("structures.page", structure_id=into.id), 303)


@blueprint.post("/structures/<int:structure_id>/supprimer")
@requires(Action.ADMINISTER)
def delete(structure_id: int) -> ResponseReturnValue:
    registering.delete_structure(directory.structure(structure_id), by=identity.signed_in(), at=clock.now())
    flash(_("La structure est supprimée."), "good")
    return redirect(url_for("structures.listing"), 303)


@blueprint.route("/bassins", methods=["GET", "POST"])
@requires(Action.ADMINISTER)
def basins() -> ResponseReturnValue:
    form = BasinForm()
    offered = by_region(directory.territories())
    form.parent.choices = choices(
        {"": [("", _("Choisir"))]}
        | {
            group: kept
            for group, members in offered.items()
            if (kept := [(key, label) for key, label in members if key.startswith(("reg-", "dep-"))])
        }
    )
    if not form.is_submitted():
        return _basins_page(form)
    if form.validate():
        try:
            registering.add_basin(
                form.code.data or "",
                form.name.data or "",
                form.parent.data,
                by=identity.signed_in(),
                at=clock.now(),
            )
        except Refused as error:
            form.refuse(error)
        else:
            flash(_("Le bassin d’emploi est ajouté."), "good")
            return redirect(url_for("structures.basins"), 303)
    return _basins_page(form), 422


@blueprint.post("/bassins/<key>/supprimer")
@requires(Action.ADMINISTER)
def delete_basin(key: str) -> ResponseReturnValue:
    registering.delete_basin(key, by=identity.signed_in(), at=clock.now())
    flash(_("Le bassin d’emploi est retiré de la liste."), "good")
    return redirect(url_for("structures.basins"), 303)


def _sheet(
    form: StructureForm, structure: Structure | None, save: Callable[[Sheet], int], done: str
) -> ResponseReturnValue:
    """The sheet of a structure, new when it is None: shown, or saved by ``save``, which gives its number."""
    form.offer()
    if not form.is_submitted():
        return render_template("structures/edit.html", form=form, structure=structure)
    if form.validate():
        typed = Sheet(form.name.data or "", form.kind.data, form.territory.data or None, form.siret.data or "")
        try:
            number = save(typed)
        except Refused as error:
            form.refuse(error)
        else:
            flash(done, "good")
            return redirect(url_for("structures.page", structure_id=number), 303)
    return render_template("structures/edit.html", form=form, structure=structure), 422


def kind_label(kind: str) -> str:
    """As the administration reads it: sensitive kinds by their name."""
    return str(_(StructureKind(kind).label))


def _basins_page(form: BasinForm) -> str:
    known = directory.territories()
    return render_template("structures/basins.html", form=form, basins=directory.basins(), place_label=known.label)
