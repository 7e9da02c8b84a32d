"""The items of a form before anybody types, and one more or one less of them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask import request

from referentiel.blueprints.proposal_subjects import Subject, document_at, only_changed, path_asked
from referentiel.criteria.items import is_withdrawn
from referentiel.criteria.paths import PRESENTATION, ROOT, Kind, kind_and_key
from referentiel.criteria.vocabulary import anchor
from referentiel.errors import N_, Invalid, Unknown
from referentiel.proposals.models import Proposal
from referentiel.proposals.offers import offered, reading, stand
from referentiel.proposals.sheets import MOST_PARTS, Part, Sheet, Value
from referentiel.proposals.standing import Answer
from referentiel.proposals.states import ItemVerb, ProposalKind
from referentiel.proposals.wording import part_of
from referentiel.proposals.wording.layouts import AFTER, CHAPTER, CREATED, LISTS, VERBS
from referentiel.web.stores import library

SHARED = (CHAPTER, "niveau", "etape", "structures", "outils", "competences", "preuve_detenue_par")
"""What the parts of a criterion keep of it, until their author says otherwise"""

ONE: Mapping[Kind, str] = {
    Kind.REFERENTIAL: "texte",
    Kind.CRITERION: "critere",
    Kind.CHAPTER: "chapitre",
    Kind.PAGE: "page",
    Kind.TERM: "mot",
    Kind.TOOL: "outil",
    Kind.SKILL: "competence",
}
"""The word that tells apart two items of one name: « outil dora »"""


@dataclass(frozen=True, slots=True)
class Moved:
    """The text has moved since a wording. ``mine``: (part, what the wording says) of those that collide."""

    applies: bool
    merged: bool
    mine: tuple[tuple[str, str], ...]


def first_sheet(subject: Subject) -> Sheet | None:
    """What a form shows first; None when something is to be chosen before."""
    if subject.kind is ProposalKind.CREATE:
        chapter = request.args.get("chapitre", "")
        return Sheet(keys={CHAPTER: chapter} if chapter else {})
    part = _part(subject, subject.verb, subject.path)
    sheet = Sheet(sections=part.sections, keys=part.keys)
    if subject.kind is ProposalKind.MOVE:
        return replace(sheet, change_class="clarity")
    if subject.kind is ProposalKind.MERGE:
        return _merging(subject, sheet)
    if subject.kind is ProposalKind.SPLIT:
        return _splitting(subject, sheet)
    return sheet


def _merging(subject: Subject, sheet: Sheet) -> Sheet | None:
    if not request.args.get("avec"):
        return None
    other = path_asked(request.args["avec"])
    if other == subject.path:
        raise Invalid(
            N_("Un critère ne peut pas être réuni avec lui-même."),
            way_out=N_("Revenez en arrière, puis choisissez un autre critère."),
        )
    document = document_at(subject.texts, other)
    if kind_and_key(other)[0] is not Kind.CRITERION or is_withdrawn(document):
        raise Invalid(N_("Choisissez un critère en vigueur."))
    gone = Part(ItemVerb.WITHDRAW, other, {}, {"remplace_par": (subject.key,)})
    return replace(sheet, keys=_without(sheet.keys, {kind_and_key(other)[1]}), more=(gone,))


def _splitting(subject: Subject, sheet: Sheet) -> Sheet | None:
    stays = request.args.get("reste")
    if stays not in ("oui", "non"):
        return None
    base = part_of(ItemVerb.MODIFY, document_at(subject.texts, subject.path), subject.texts)
    kept: dict[str, Value] = {key: value for key, value in base.keys.items() if key in SHARED}
    kept[CHAPTER] = document_at(subject.texts, subject.path).value(CHAPTER) or ""
    new: list[Part] = []
    after, wanted = subject.key, 1 if stays == "oui" else 2
    for place in range(1, wanted + 1):
        key = "nouveau-1" if place == 1 else f"nouveau-1-{place}"
        new.append(Part(ItemVerb.CREATE, f"criteres/{key}.md", {}, {**kept, AFTER: after}))
        after = key
    return replace(sheet, more=tuple(new), verb=ItemVerb.MODIFY if stays == "oui" else ItemVerb.WITHDRAW)


def _without(keys: Mapping[str, Value], gone: set[str]) -> dict[str, Value]:
    """The keys without what leads to items that go."""
    return {
        key: tuple(one for one in value if one not in gone) if isinstance(value, tuple) and key in LISTS else value
        for key, value in keys.items()
    }


def _part(subject: Subject, verb: ItemVerb, path: str) -> Part:
    return part_of(verb, document_at(subject.texts, path), subject.texts)


def changed_parts(subject: Subject, sheet: Sheet, button: str) -> Sheet:
    """The sheet with one item more or less: ``ajouter:modify:criteres/E5``, ``ajouter``, ``neuf:outils``, ``oter:2``.

    Raises :class:`Invalid`, :class:`Unknown`.
    """
    verb, _, what = button.partition(":")
    if verb == "oter":
        return replace(sheet, more=tuple(p for place, p in enumerate(sheet.more, 2) if str(place) != what))
    if len(sheet.more) + 1 >= MOST_PARTS:
        raise Invalid(N_("Une proposition touche %(max)s textes au plus : faites-en deux."), max=MOST_PARTS)
    if verb == "neuf":
        return replace(sheet, more=(*sheet.more, _new_part(subject, what or request.form.get("neuf", ""))))
    said, _, path = what.partition(":")
    known = path_asked(path) if path else _found(subject, request.form.get("ajout", ""))
    if known in {path for _verb, path in subject.items}:
        raise Invalid(N_("Ce texte est déjà dans votre proposition."))
    return replace(sheet, more=(*sheet.more, _added(subject, known, said or request.form.get("ajout_verbe", ""))))


def _new_part(subject: Subject, folder: str) -> Part:
    kind = next((one for one in CREATED if one.value == folder), None)
    if kind is None:
        raise Invalid(N_("Dites ce que vous ajoutez."))
    keys: dict[str, Value] = {}
    if kind is Kind.CRITERION and subject.base is not None and subject.item is Kind.CRITERION:
        keys = {CHAPTER: subject.base.value(CHAPTER) or ""}
    return Part(ItemVerb.CREATE, subject.next_new(kind), {}, keys)


def _added(subject: Subject, path: str, said: str) -> Part:
    """One more item that exists. Links to what this proposal withdraws are taken out of it, for its author to read."""
    kind = kind_and_key(path)[0]
    if kind is Kind.REFERENTIAL and said not in ("", ItemVerb.MODIFY):
        raise only_changed()
    withdrawn = is_withdrawn(document_at(subject.texts, path))
    verb = next((one for one in VERBS[kind] if one.value == said and one is not ItemVerb.CREATE), ItemVerb.MODIFY)
    if withdrawn and verb is not ItemVerb.WITHDRAW:
        verb = ItemVerb.RESTORE
    elif verb is ItemVerb.RESTORE:
        verb = ItemVerb.MODIFY
    part = _part(subject, verb, path)
    gone = {kind_and_key(one)[1] for act, one in subject.items if act is ItemVerb.WITHDRAW}
    return replace(part, keys=_without(part.keys, gone)) if gone else part


def _found(subject: Subject, typed: str) -> str:
    """The path of the item that somebody names: its code, its name, or the beginning of it."""
    asked = anchor(typed.strip()) if typed.strip() else ""
    if not asked:
        raise Invalid(N_("Écrivez le code ou le nom du texte à ajouter."))
    named = _names(subject)
    exact = [path for path, names in named.items() if asked in names]
    near = exact or [path for path, names in named.items() if any(name.startswith(asked) for name in names)]
    if len(near) > 1:
        told = ", ".join(f"{ONE[kind_and_key(path)[0]]} {kind_and_key(path)[1]}" for path in near[:6])
        raise Invalid(N_("Plusieurs textes répondent à ce nom. Écrivez l’un d’eux en entier : %(names)s."), names=told)
    if not near:
        raise Unknown(N_("Aucun texte n’a ce code ni ce nom : vérifiez-le sur la page « Lire »."))
    return near[0]


def _names(subject: Subject) -> dict[str, set[str]]:
    """Path → what an item answers to."""
    summary = subject.summary
    found: dict[str, set[str]] = {ROOT: {PRESENTATION, anchor(summary.title)}}
    for chapter in summary.chapters:
        found[f"chapitres/{chapter.code}.md"] = {anchor(chapter.code), anchor(chapter.title)}
        for line in chapter.criteria:
            found[f"criteres/{line.code}.md"] = {anchor(line.code), anchor(line.title)}
    for kind in (Kind.PAGE, Kind.TERM, Kind.TOOL, Kind.SKILL):
        for item in summary.items(kind):
            found[f"{kind.value}/{item.key}.md"] = {item.key, anchor(item.title)}
    for gone in summary.tombstones:
        found[f"{gone.kind.value}/{gone.line.key}.md"] = {gone.line.key.lower(), anchor(gone.line.title)}
    for path, names in found.items():
        word = ONE[kind_and_key(path)[0]]
        names |= {f"{word}-{name}" for name in names}
    return found


def next_sheet(subject: Subject, proposal: Proposal) -> tuple[Sheet, Moved | None]:
    """The present wording carried to the text as it is now, as far as it can be."""
    current = proposal.revision
    found = stand(library(), current.files, subject.commit)
    files = library().files(subject.commit)
    by_path = {file.path: file for file in current.files}
    parts = []
    for verb, path in subject.items:
        merged = offered(library(), by_path[path], files)
        start = merged if merged is not None else reading(library(), by_path[path], files)
        parts.append(part_of(verb, start, subject.texts))
    sheet = Sheet(
        title=proposal.title,
        reason=current.reason,
        plain_change=current.plain_change,
        change_class=current.change_class.value,
        sections=parts[0].sections,
        keys=parts[0].keys,
        more=tuple(parts[1:]),
        verb=subject.verb if subject.kind is ProposalKind.SPLIT else None,
    )
    if not found.behind:
        return sheet, None
    applies = all(now.applies for _one, now in found.files)
    mine = tuple((one.collision.part.partition(":")[2], one.collision.proposed or "") for one in found.passages)
    return sheet, Moved(applies, found.answer is Answer.OFFERED, mine)
