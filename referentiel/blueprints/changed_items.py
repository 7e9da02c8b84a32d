"""The texts that a proposal touches, as its pages name them, and what becomes of each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from referentiel.criteria.comparison import SectionChange
from referentiel.criteria.document import Document
from referentiel.criteria.items import title_of
from referentiel.criteria.paths import ROOT, Kind, corrected_by, is_erratum, is_new, kind_and_key, tree
from referentiel.criteria.vocabulary import PLAIN_TEXT, STATEMENT, Level, Step, anchor, key_label
from referentiel.errors import N_
from referentiel.library.cache import Cache
from referentiel.proposals import errata
from referentiel.proposals.queries import FileDifference
from referentiel.proposals.wording.errata import item_of
from referentiel.web.contents import label_of
from referentiel.web.language import LANGUAGE
from referentiel.web.stores import library

WORDS: Mapping[Kind, str] = {
    Kind.REFERENTIAL: N_("Présentation"),
    Kind.CHAPTER: N_("Chapitre"),
    Kind.CRITERION: N_("Critère"),
    Kind.PAGE: N_("Page"),
    Kind.TERM: N_("Mot expliqué"),
    Kind.TOOL: N_("Outil"),
    Kind.SKILL: N_("Compétence"),
    Kind.ERRATUM: N_("Erratum"),
}
WITHDRAWN = "retire"
LONGEST, MOST = 12, 8
"""A section of more lines than that shows no more than these, among those that change"""
PLACE = frozenset({"chapitre", "rang"})


@dataclass(frozen=True, slots=True)
class Named:
    """One text. ``code`` is empty for what has no short one, ``address`` for what is not in the draft yet."""

    path: str
    kind: str
    code: str
    title: str
    address: str

    @property
    def words(self) -> str:
        """``Critère E4``, ``Page Méthode``."""
        if self.path == ROOT:
            return str(_("Présentation du référentiel"))
        return " ".join(word for word in (self.kind, self.code or self.title) if word)

    @property
    def id(self) -> str:
        return f"texte-{anchor(self.path.removesuffix('.md'))}"


@dataclass(frozen=True, slots=True)
class Sides:
    """The passage that says best what changes: lines before, lines after."""

    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Glance:
    """What becomes of a text, in one word with its picture, and the passage that says it best."""

    verb: str
    sign: str
    sides: Sides


@dataclass(frozen=True, slots=True)
class Changed:
    """One text of a wording, what becomes of it, and the difference."""

    item: Named
    difference: FileDifference

    @property
    def glance(self) -> Glance:
        """Found once for two texts: it costs what comparing them does."""
        return _glances.get((self.difference.blobs, LANGUAGE), lambda _key: _glance(self.difference))


_glances: Cache[tuple[object, ...], Glance] = Cache(500)
"""Eight lines a side at most: about one kilobyte each"""


def named(path: str, document: Document | None = None) -> Named:
    """A text by its path; ``document`` gives its title."""
    if is_erratum(path):
        return _corrected(path)
    prefix, local = tree(path)
    kind, key = kind_and_key(local)
    title = title_of(document) if document is not None else ""
    has_code = kind in (Kind.CRITERION, Kind.CHAPTER) and not is_new(path)
    words = _("Nouveau critère") if kind is Kind.CRITERION and is_new(path) else _(WORDS[kind])
    name = title or ("" if has_code or is_new(path) else key)
    return Named(path, words, key if has_code else "", name, _address(prefix, kind, key))


def _corrected(path: str) -> Named:
    """What an erratum corrects: the text of an edition, where it is read with its errata."""
    edition, code = corrected_by(path)
    item = item_of(path).removesuffix(".md")
    words = _("Édition %(number)s, critère") if item.startswith("criteres/") else _("Édition %(number)s, chapitre")
    title = errata.title_in(library(), path)
    return Named(path, words % {"number": edition}, code, title, f"/editions/{edition}/{item}")


def in_edition(differences: Iterable[FileDifference]) -> list[FileDifference]:
    """The same differences; of an erratum, that of the text of its edition with the words to read instead."""
    return [_as_read(one) if is_erratum(one.path) else one for one in differences]


def _as_read(one: FileDifference) -> FileDifference:
    sealed, corrected = errata.shown_in(library(), one.after)
    return FileDifference(one.path, sealed, corrected, (library().blob_id(sealed.text), one.blobs[1]))


def changed_items(main: str, differences: Iterable[FileDifference]) -> list[Changed]:
    """The texts that a wording touches, the one that the proposal is about first."""
    shown = sorted(differences, key=lambda one: (one.path != main, one.path))
    return [Changed(named(one.path, one.after), one) for one in shown]


def _glance(one: FileDifference) -> Glance:
    return Glance(*_verb(one), sides(one))


def sides(one: FileDifference) -> Sides:
    """Plain text when it changes, else the statement, else the first section that does, else the keys."""
    criterion = tree(one.path)[1].startswith(f"{Kind.CRITERION.value}/")
    gone = _("Ce critère est retiré.") if criterion else _("Ce texte est retiré.")
    was, becomes = _withdrawn(one.before), _withdrawn(one.after)
    if becomes and not was:
        codes = one.after.values("remplace_par")
        successor = (_("Lire à la place : %(codes)s.", codes=", ".join(codes)),) if codes else ()
        return Sides(_lines(one.before, STATEMENT), (gone, *successor))
    if was and not becomes:
        return Sides((gone,), _lines(one.after, STATEMENT))
    changed = [section.title for section in one.comparison.changed_sections]
    if not changed and one.comparison.keys:
        keys = one.comparison.keys
        return Sides(
            tuple(_said(change.key, change.before) for change in keys),
            tuple(_said(change.key, change.after) for change in keys),
        )
    title = next((name for name in (PLAIN_TEXT, STATEMENT, *changed) if name in changed), STATEMENT)
    if title in changed and max(len(_lines(document, title)) for document in (one.before, one.after)) > LONGEST:
        return _changed_lines(next(section for section in one.comparison.changed_sections if section.title == title))
    absent = _("Ce critère n’existe pas.") if criterion else _("Ce texte n’existe pas.")
    empty = _("Cette rubrique est vide.")
    before = _lines(one.before, title) or (absent if one.before is None else empty,)
    return Sides(before, _lines(one.after, title) or (empty,))


def _changed_lines(section: SectionChange) -> Sides:
    """The first lines that change in a long section."""
    changes = [change for change in section.paragraphs if change.status != "same"]
    before = tuple(change.before for change in changes[:MOST] if change.before is not None)
    after = tuple(change.after for change in changes[:MOST] if change.after is not None)
    more = ("…",) if len(changes) > MOST else ()
    nothing = (_("rien"),)
    return Sides((*(before or nothing), *more), (*(after or nothing), *more))


def _said(key: str, value: str | None) -> str:
    """``Niveau : Impératif``."""
    closed = {"niveau": Level, "etape": Step}.get(key)
    shown = label_of(closed, value) if closed and value else value
    return str(_("%(name)s : %(value)s", name=_(key_label(key)), value=shown or _("rien")))


def _lines(document: Document | None, title: str) -> tuple[str, ...]:
    body = document.section(title) if document is not None else None
    return tuple(line for line in (body or "").split("\n") if line.strip())


def _withdrawn(document: Document | None) -> bool:
    return document is not None and document.value("etat") == WITHDRAWN


def _verb(one: FileDifference) -> tuple[str, str]:
    """What becomes of it, in one word, and its picture."""
    if one.before is None:
        return _("Nouveau"), "ajouter"
    if one.blobs[0] == one.blobs[1]:
        return _("Le même"), "ok"
    was, becomes = _withdrawn(one.before), _withdrawn(one.after)
    if becomes and not was:
        return _("Retiré"), "retirer"
    if was and not becomes:
        return _("Rétabli"), "retour"
    comparison = one.comparison
    if not comparison.changed_sections and {change.key for change in comparison.keys} <= PLACE:
        return _("Déplacé"), "deplacer"
    return _("Modifié"), "proposer"


def _address(prefix: str, kind: Kind, key: str) -> str:
    """Where it is read in the draft."""
    if prefix or key.startswith("nouveau-"):
        return ""
    return f"/travail/{kind.value}/#{key}" if kind is Kind.TERM else f"/travail/{kind.value}/{key}"
