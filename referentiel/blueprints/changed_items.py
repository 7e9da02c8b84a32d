"""The texts that a proposal touches, as its pages name them, and what becomes of each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from referentiel.criteria.document import Document
from referentiel.criteria.items import title_of
from referentiel.criteria.paths import Kind, is_new, kind_and_key, tree
from referentiel.criteria.vocabulary import anchor
from referentiel.errors import N_
from referentiel.proposals.queries import FileDifference

WORDS: Mapping[Kind, str] = {
    Kind.REFERENTIAL: N_("Référentiel"),
    Kind.CHAPTER: N_("Chapitre"),
    Kind.CRITERION: N_("Critère"),
    Kind.PAGE: N_("Page"),
    Kind.TERM: N_("Mot expliqué"),
    Kind.TOOL: N_("Outil"),
    Kind.SKILL: N_("Compétence"),
}
WITHDRAWN = "retire"
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
        return " ".join(word for word in (self.kind, self.code or self.title) if word)

    @property
    def id(self) -> str:
        return f"texte-{anchor(self.path.removesuffix('.md'))}"


@dataclass(frozen=True, slots=True)
class Changed:
    """One text of a wording, what becomes of it, and the difference."""

    item: Named
    verb: str
    sign: str
    difference: FileDifference


def named(path: str, document: Document | None = None) -> Named:
    """A text by its path; ``document`` gives its title."""
    prefix, local = tree(path)
    kind, key = kind_and_key(local)
    title = title_of(document) if document is not None else ""
    has_code = kind in (Kind.CRITERION, Kind.CHAPTER) and not is_new(path)
    words = _("Nouveau critère") if kind is Kind.CRITERION and is_new(path) else _(WORDS[kind])
    return Named(path, words, key if has_code else "", title or ("" if has_code else key), _address(prefix, kind, key))


def changed_items(main: str, differences: Iterable[FileDifference]) -> list[Changed]:
    """The texts that a wording touches, the one that the proposal is about first."""
    shown = sorted(differences, key=lambda one: (one.path != main, one.path))
    return [Changed(named(one.path, one.after), *_verb(one), one) for one in shown]


def _verb(one: FileDifference) -> tuple[str, str]:
    """What becomes of it, in one word, and its picture."""
    if one.before is None:
        return _("Nouveau"), "ajouter"
    was, becomes = (document.value("etat") == WITHDRAWN for document in (one.before, one.after))
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
    if kind is Kind.REFERENTIAL:
        return "/travail/"
    return f"/travail/{kind.value}/#{key}" if kind is Kind.TERM else f"/travail/{kind.value}/{key}"
