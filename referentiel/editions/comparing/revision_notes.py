"""The note of revision: what an edition changes, in plain French, made from a comparison for publishers to correct.

It is a first draft in Markdown, never published as it is: somebody reads it, edits it, and signs the edition with it.
The text is French, like the text that it tells of. Pure.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from referentiel.criteria.paths import Kind
from referentiel.criteria.vocabulary import STATEMENT, key_label
from referentiel.editions.comparing.differences import Difference, ItemChange
from referentiel.editions.comparing.fates import Fate, Move
from referentiel.proposals.act import Written

FIGURES: Mapping[Fate, tuple[str, str]] = {
    Fate.ADDED: ("ajouté", "ajoutés"),
    Fate.SUBSTANCE: ("modifié sur le fond", "modifiés sur le fond"),
    Fate.CLARITY: ("précisé", "précisés"),
    Fate.TYPO: ("corrigé d’une faute", "corrigés d’une faute"),
    Fate.MOVED: ("déplacé", "déplacés"),
    Fate.MERGED: ("fusionné", "fusionnés"),
    Fate.SPLIT: ("scindé", "scindés"),
    Fate.REMOVED: ("retiré", "retirés"),
}
HEADINGS: Mapping[Fate, str] = {
    Fate.ADDED: "Critères ajoutés",
    Fate.REMOVED: "Critères retirés",
    Fate.MERGED: "Critères fusionnés",
    Fate.SPLIT: "Critères scindés",
    Fate.SUBSTANCE: "Critères modifiés sur le fond",
    Fate.CLARITY: "Critères précisés",
    Fate.MOVED: "Critères déplacés",
    Fate.TYPO: "Fautes corrigées",
}
KINDS: Mapping[Kind, str] = {
    Kind.REFERENTIAL: "Le référentiel",
    Kind.CHAPTER: "Chapitre",
    Kind.PAGE: "Page",
    Kind.TERM: "Mot expliqué",
    Kind.TOOL: "Outil",
    Kind.SKILL: "Compétence",
}
BECAME: Mapping[Fate, str] = {Fate.ADDED: "ajouté", Fate.REMOVED: "retiré", Fate.MOVED: "déplacé"}
UNCHANGED = "Le texte n’a pas changé."


def revision_note(difference: Difference, decisions: Mapping[str, Sequence[Written]], *, since: str) -> str:
    """A note in Markdown: the figures, then each criterion by what became of it, with the plain reasons decided.

    ``since`` is the number of the edition compared with; ``decisions`` are those behind each change, by
    path. One that is missing is left out: the note says what is known.
    """
    if not difference.criteria and not difference.others:
        return f"{UNCHANGED}\n"
    blocks = [_figures(difference, since)]
    for fate in Fate:
        lines = [_line(change, decisions) for change in difference.criteria if change.fate is fate]
        if lines:
            blocks += [f"### {HEADINGS[fate]}", "\n".join(lines)]
    others = [_other(change, decisions) for change in difference.others]
    if others:
        blocks += ["### Autres textes", "\n".join(others)]
    return "\n\n".join(blocks) + "\n"


def figures(difference: Difference) -> str:
    """``1 ajouté, 2 modifiés sur le fond``: the fates that happened, in words and figures."""
    return ", ".join(f"{count}\u00a0{FIGURES[fate][count > 1]}" for fate, count in difference.counts.items() if count)


def _figures(difference: Difference, since: str) -> str:
    changed = len(difference.criteria)
    if not changed:
        return f"Depuis l’édition\u00a0{since}, aucun critère ne change. D’autres textes changent."
    head = "un critère change" if changed == 1 else f"{changed}\u00a0critères changent"
    rest = {0: "", 1: " Un autre reste identique."}.get(
        difference.same, f" Les {difference.same}\u00a0autres restent identiques."
    )
    return f"Depuis l’édition\u00a0{since}, {head}\u00a0: {figures(difference)}.{rest}"


def _line(change: ItemChange, decisions: Mapping[str, Sequence[Written]]) -> str:
    told = (_what(change), *_why(change, decisions))
    return _said(f"- **{change.key}. {_flat(change.title)}**{_parts(change)}", told)


def _other(change: ItemChange, decisions: Mapping[str, Sequence[Written]]) -> str:
    name = KINDS.get(change.kind, "")
    shown = name if change.kind is Kind.REFERENTIAL else f"{name} «\u00a0{_flat(change.title)}\u00a0»"
    return _said(f"- {shown} ({BECAME.get(change.fate, 'modifié')})", _why(change, decisions))


def _said(of: str, sentences: Iterable[str]) -> str:
    told = " ".join(filter(None, sentences))
    return f"{of}\u00a0: {told}" if told else of


def _parts(change: ItemChange) -> str:
    """The rubrics that say something else, for what still stands."""
    if change.fate not in (Fate.SUBSTANCE, Fate.CLARITY, Fate.TYPO, Fate.SPLIT) or not change.names:
        return ""
    return f" ({', '.join(_part(name) for name in change.names)})"


def _part(name: str) -> str:
    label = key_label(name)
    return label[:1].lower() + label[1:] if label != STATEMENT else "énoncé"


def _what(change: ItemChange) -> str:
    """What became of it, where the heading does not say all."""
    sentences = []
    if change.fate is Fate.MERGED:
        sentences.append(f"il est réuni à {_listed(change.successors)}.")
    elif change.fate is Fate.SPLIT:
        sentences.append(f"il devient {_listed(change.successors)}.")
    elif change.fate is Fate.REMOVED and change.successors:
        sentences.append(f"il est remplacé par {_listed(change.successors)}.")
    if change.sources:
        verb = "il vient de" if change.fate is Fate.ADDED else "il reprend"
        sentences.append(f"{verb} {_listed(change.sources)}.")
    if change.move is not None:
        sentences.append(place(change.move))
    return " ".join(sentences)


def place(move: Move) -> str:
    """Where it stands now: between which two, never by which number."""
    chapter = f" du chapitre {move.group.key}" if move.group is not None else ""
    into = f"dans le chapitre {move.group.key}, " if move.group is not None and move.came else ""
    if move.previous and move.following:
        return f"il se lit maintenant {into}entre {move.previous.key} et {move.following.key}."
    if move.following:
        return f"il se lit maintenant au début{chapter}, avant {move.following.key}."
    if move.previous:
        return f"il se lit maintenant à la fin{chapter}, après {move.previous.key}."
    return f"il se lit maintenant {into}seul." if into else "il change de place."


def _why(change: ItemChange, decisions: Mapping[str, Sequence[Written]]) -> Iterator[str]:
    for decided in decisions.get(change.path, ()):
        reason = _flat(decided.plain_reason or decided.reason)
        yield f"{reason}{'' if reason.endswith(tuple('.!?…')) else '.'} (décision\u00a0{decided.number})"


def _listed(codes: Sequence[str]) -> str:
    return codes[0] if len(codes) == 1 else f"{', '.join(codes[:-1])} et {codes[-1]}"


def _flat(text: str) -> str:
    """Somebody's words on one line: nothing in them opens a heading or a list."""
    return " ".join(text.split()).replace("'", "’")
