"""The form that settles a collision: one question a passage, its two readings, and other words if one wants."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import Field, HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired

from referentiel.criteria.changes import ChangeClass
from referentiel.criteria.comparison import Comparison, compare
from referentiel.criteria.document import Document
from referentiel.criteria.merging import COMMENTS, KEY, ORDER, SECTION
from referentiel.criteria.paths import kind_and_key, tree
from referentiel.criteria.vocabulary import key_label
from referentiel.proposals.actions.rebasing import MINE, OTHER, TODAY, WORDS
from referentiel.proposals.offers import Passage
from referentiel.web.choices import choices
from referentiel.web.forms import Form, showable

CHOICES = {
    TODAY: lazy("Garder le texte d’aujourd’hui"),
    MINE: lazy("Garder le mien"),
    OTHER: lazy("Écrire autre chose"),
}


class SettleForm(Form):
    """``seen`` is the digest of the texts under their author's eyes."""

    seen = HiddenField()
    names: Sequence[str] = ()

    @property
    def change_class_chosen(self) -> ChangeClass | None:
        """None unless it was asked and answered."""
        chosen = self["change_class"].data if "change_class" in self else ""
        return next((one for one in ChangeClass if one.value == chosen), None)

    def forget_choices(self) -> None:
        """They were made about another text. The words stay."""
        for name in self.names:
            self[name].data = None


@dataclass(frozen=True, slots=True)
class Asked:
    """One passage as a page shows it: its name, both sides against the text that they started from, its two fields."""

    name: str
    before: str = ""
    draft: Comparison | None = None
    proposed: Comparison | None = None
    merged: bool = False
    choice: Field | None = None
    words: Field | None = None

    @classmethod
    def named(cls, path: str, part: str, *, several: bool) -> "Asked":
        return cls(_name(path, part, several))


def settle_form(passages: Sequence[Passage], change_class: ChangeClass) -> SettleForm:
    """One question a passage, filled from the request when there is one. Other words start from the merge by words,
    or from the author's own.

    A change said to be more than a misprint may have become one of substance: the class is asked again, unless it is
    that already.
    """
    fields: dict[str, object] = {"names": tuple(one.name for one in passages)}
    data: dict[str, str] = {}
    for one in passages:
        offered = [(value, label) for value, label in CHOICES.items() if value != OTHER or one.can_be_written]
        fields[one.name] = RadioField(
            lazy("Que doit dire ce passage ?"), [InputRequired()], choices=choices(offered), validate_choice=False
        )
        if one.can_be_written:
            make = StringField if one.collision.part.startswith(KEY) else TextAreaField
            fields[WORDS + one.name] = make(lazy("Si vous écrivez autre chose : le passage en entier"))
            data[WORDS + one.name] = one.merged or one.collision.proposed or one.collision.draft or ""
    if change_class is not ChangeClass.SUBSTANCE:
        fields["change_class"] = RadioField(
            lazy("Quelle sorte de changement est-ce ?"),
            choices=choices([(kind.value, lazy(kind.label)) for kind in reversed(ChangeClass)]),
            validate_choice=False,
        )
        data["change_class"] = change_class.value
    made: SettleForm = type("PassagesForm", (SettleForm,), fields)(data=data)
    for one in passages:
        if one.can_be_written:
            words = made[WORDS + one.name]
            words.data = (words.data or "").replace("\r\n", "\n")
    return made


def choices_sent() -> Mapping[str, str]:
    """By the name of a passage, whatever collides by now: a second click is about what collided at the first."""
    return request.form.to_dict()


def words_sent() -> Mapping[str, str]:
    return {name.removeprefix(WORDS): text for name, text in request.form.items() if name.startswith(WORDS)}


def asked(passage: Passage, form: SettleForm | None, *, several: bool) -> Asked:
    """A passage with its readings, and its fields when ``form`` asks."""
    part = passage.collision
    base = _alone(passage, part.base)
    field = form[passage.name] if form is not None and passage.name in form else None
    words = form[WORDS + passage.name] if form is not None and WORDS + passage.name in form else None
    return Asked(
        _name(passage.path, part.part, several),
        part.base or "",
        compare(base, _alone(passage, part.draft)),
        compare(base, _alone(passage, part.proposed)),
        passage.merged is not None,
        field,
        words,
    )


def left_over(form: SettleForm | None) -> list[str]:
    """Words that were sent for passages about which nothing is asked any more: they are shown, so that nobody loses
    them."""
    known = {WORDS + name for name in form.names} if form is not None else set()
    return [
        showable(text)
        for name, text in request.form.items(multi=True)
        if name.startswith(WORDS) and name not in known and text.strip()
    ]


def _alone(passage: Passage, text: str | None) -> Document:
    """One part alone, as a document that can be compared."""
    part = passage.collision.part
    if part.startswith(KEY):
        return Document.make({part.removeprefix(KEY): text or ""}, {})
    return Document.make({}, {part.removeprefix(SECTION): text} if text is not None else {})


def _name(path: str, part: str, several: bool) -> str:
    if part.startswith(KEY):
        name = str(_(key_label(part.removeprefix(KEY))))
    elif part in (ORDER, COMMENTS):
        name = str(_("Ordre des rubriques") if part == ORDER else _("Notes de la fiche"))
    else:
        name = part.removeprefix(SECTION) or str(_("Début du texte"))
    return f"{kind_and_key(tree(path)[1])[1]} · {name}" if several else name
