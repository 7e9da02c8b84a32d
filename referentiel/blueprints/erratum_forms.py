"""The form in which a correction of a published edition is asked for, and its page."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired

from referentiel.blueprints.proposal_sheets import SheetForm
from referentiel.criteria.changes import ChangeClass
from referentiel.criteria.comparison import Comparison, compare
from referentiel.criteria.document import Document
from referentiel.criteria.erratum import RIGHT, SECTION, TITLE, WRONG, Erratum
from referentiel.criteria.items import title_of
from referentiel.criteria.paths import corrected_by, erratum_path
from referentiel.criteria.vocabulary import anchor
from referentiel.editions.edition import Edition
from referentiel.editions.errata import holding
from referentiel.editions.queries import edition as published
from referentiel.errors import N_, Unknown
from referentiel.proposals import errata, queries
from referentiel.proposals.models import Draft, Proposal
from referentiel.proposals.sheets import LONGEST_PLAIN, LONGEST_REASON, LONGEST_TITLE, Sheet, key_field, section_field
from referentiel.proposals.wording import Written
from referentiel.proposals.wording.errata import LONGEST_PASSAGE, item_of, sections_of
from referentiel.web.choices import choices
from referentiel.web.numbers import whole_number
from referentiel.web.stores import library, settings

CITED, READ, WHERE = section_field(WRONG), section_field(RIGHT), key_field(SECTION)
LIMITS = {"passage": LONGEST_PASSAGE, "title": LONGEST_TITLE, "reason": LONGEST_REASON, "plain": LONGEST_PLAIN}


class _ErratumForm(SheetForm):
    """What every proposal asks; its title is made when nobody gives one."""

    title = StringField(lazy("Un titre, en une ligne"))
    reason = TextAreaField(lazy("Pourquoi est-ce une erreur ?"), [InputRequired()])
    proposition = HiddenField()


_Form = type(
    "ErratumForm",
    (_ErratumForm,),
    {
        WHERE: SelectField(lazy("Où est l’erreur ?"), [InputRequired()], validate_choice=False),
        CITED: TextAreaField(lazy("Les mots qui sont faux"), [InputRequired()]),
        READ: TextAreaField(lazy("Ce qu’il faut lire à la place"), [InputRequired()]),
    },
)


@dataclass(frozen=True)
class Corrected:
    """One item of one published edition, as it is sealed. ``path`` is that of the erratum, which waits for its number.

    ``proposal``: none for a first wording.
    """

    edition: Edition
    path: str
    proposal: Proposal | None = None

    @classmethod
    def of(cls, path: str, proposal: Proposal | None = None) -> "Corrected":
        """Raises :class:`Unknown` when there is no such edition, or when it does not hold this text."""
        found = cls(published(library(), corrected_by(path)[0]), path, proposal)
        if item_of(path) not in found.texts:
            raise Unknown(N_("Ce texte n’est pas dans cette édition."))
        return found

    @property
    def number(self) -> str:
        return str(self.edition.number)

    @property
    def code(self) -> str:
        return corrected_by(self.path)[1]

    @property
    def address(self) -> str:
        """Where the sealed text is read."""
        return f"/editions/{self.number}/{item_of(self.path).removesuffix('.md')}"

    @cached_property
    def texts(self) -> Mapping[str, str]:
        return errata.texts_for(library(), self.path)

    @property
    def sealed(self) -> Document:
        item = item_of(self.path)
        return Document.read(self.texts[item], item)

    @property
    def title(self) -> str:
        return title_of(self.sealed)

    @property
    def passages(self) -> list[tuple[str, str]]:
        """(where, words) of all that may be corrected."""
        sealed = self.sealed
        return [
            (where, (sealed.value(TITLE) if where == TITLE else sealed.section(where)) or "")
            for where in sections_of(sealed)
        ]

    @property
    def known(self) -> tuple[Erratum, ...]:
        """The errata that this text has already."""
        item = item_of(self.path)
        return holding(Erratum.of(Document.read(text, name)) for name, text in self.texts.items() if name != item)


def path_asked(number: str, text: str) -> str:
    """``("2026.1", "criteres/E4")`` → the path of an erratum to come. Raises :class:`Unknown`."""
    code = text.rpartition("/")[2]
    try:
        path = erratum_path(number, code, "nouveau-1")
    except ValueError:
        raise Unknown(N_("Cette page n’existe pas.")) from None
    if item_of(path).removesuffix(".md") != text:
        raise Unknown(N_("Cette page n’existe pas."))
    return path


def form_of(of: Corrected, sheet: Sheet | None = None, **kept: str) -> SheetForm:
    """Filled from the request when there is one, else from ``sheet``."""
    form: SheetForm = _Form(data=_data(sheet, **kept) if sheet is not None else kept or None)
    form[WHERE].choices = choices(
        [("", _("Choisissez"))] + [(where, place_words(where)) for where, _words in of.passages]
    )
    return form


def place_words(where: str) -> str:
    """How a place of the sealed text is called: ``Le titre``, ``Énoncé``."""
    return str(_("Le titre")) if where == TITLE else where.replace("'", "’")


def where_asked(of: Corrected, name: str) -> str:
    """The place whose anchor an address names; empty when it names none."""
    return next((where for where, _words in of.passages if name and anchor(where) == name), "")


def sheet_of(form: SheetForm, of: Corrected) -> Sheet:
    """What was typed, with the newlines of Unix."""
    typed = (form.title.data or "").strip()
    return Sheet(
        title=typed or str(_("Erratum sur %(code)s, édition %(number)s", code=of.code, number=of.number)),
        reason=_unix(form.reason.data),
        plain_change=_unix(form.plain_change.data),
        change_class=form.change_class.data or "",
        sections={WRONG: _unix(form[CITED].data), RIGHT: _unix(form[READ].data)},
        keys={SECTION: form[WHERE].data or ""},
        licence=bool(form.licence.data),
        wish=whole_number(form.souhait.data),
    )


def sheet_as_proposed(proposal: Proposal) -> Sheet:
    """The present wording of an erratum, to be written again."""
    revision = proposal.revision
    erratum = Erratum.of(Document.read(revision.main.text, revision.main.path))
    return Sheet(
        title=proposal.title,
        reason=revision.reason,
        plain_change=revision.plain_change,
        change_class=revision.change_class.value,
        sections={WRONG: erratum.quotation, RIGHT: erratum.corrected},
        keys={SECTION: erratum.section},
    )


def page(
    of: Corrected,
    form: SheetForm,
    *,
    written: Written | None = None,
    kept: Draft | None = None,
    previewed: bool = False,
) -> str:
    """The form, with the text of the edition beside it, and the difference when it was asked for."""
    if written is not None:
        for problem in written.problems:
            if problem.field != "licence":
                form.refuse(problem)
    return render_template(
        "errata/write.html",
        of=of,
        form=form,
        where=form[WHERE],
        cited=form[CITED],
        read=form[READ],
        comparison=_comparison(of, written),
        previewed=previewed,
        others=[one for one in errata.awaited(of.number, of.code) if one is not of.proposal],
        class_hints={kind.value: _(kind.explanation) for kind in ChangeClass},
        limits=LIMITS,
        kept=kept,
        place_words=place_words,
        settings=settings(),
    )


def draft_page(kept: Draft, sheet: Sheet) -> str:
    """An erratum that somebody began to write, in its form."""
    again = queries.proposal(kept.proposal_id) if kept.proposal_id is not None else None
    of = Corrected.of(again.path if again is not None else kept.path, again)
    number = str(again.id) if again is not None else ""
    return page(of, form_of(of, sheet, form_id=kept.form_id, proposition=number), kept=kept)


def _comparison(of: Corrected, written: Written | None) -> Comparison | None:
    if written is None or not written.changes:
        return None
    return compare(of.sealed, Erratum.of(written.changes[0].after).corrects(of.sealed))


def _data(sheet: Sheet, **kept: str) -> dict[str, Any]:
    return {
        "title": sheet.title,
        "reason": sheet.reason,
        "plain_change": sheet.plain_change,
        "change_class": sheet.change_class or ChangeClass.SUBSTANCE.value,
        "licence": sheet.licence,
        WHERE: sheet.keys.get(SECTION, ""),
        CITED: sheet.sections.get(WRONG, ""),
        READ: sheet.sections.get(RIGHT, ""),
        **kept,
    }


def _unix(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n")
