"""What two items become when they are merged, one when it is split; and what is left behind when one is withdrawn."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import groupby

from referentiel.criteria.document import Document
from referentiel.criteria.items import is_withdrawn
from referentiel.criteria.links import Link, unsettled
from referentiel.criteria.merging import KEY
from referentiel.criteria.paths import Kind, kind_and_key, path_of
from referentiel.errors import N_, Invalid
from referentiel.proposals.sheets import Part, key_field, section_field
from referentiel.proposals.states import ItemVerb, ProposalKind

REPLACED_BY = "remplace_par"
SHOWN = 8


def successors(kind: ProposalKind, parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The same, with what the verb itself says of who replaces whom: the survivor of two, the parts of one."""
    main = parts[0]
    if kind is ProposalKind.MERGE:
        return (main, *(_replaced(part, (key_of(main.path),)) for part in parts[1:]))
    if kind is ProposalKind.SPLIT:
        new = tuple(key_of(part.path) for part in parts if _is_new_criterion(part))
        return (_replaced(main, new), *parts[1:])
    return parts


def _replaced(part: Part, by: tuple[str, ...]) -> Part:
    if part.verb is not ItemVerb.WITHDRAW:
        return part
    said = part.keys.get(REPLACED_BY, ())
    chosen = (said,) if isinstance(said, str) else said
    return replace(part, keys={**part.keys, REPLACED_BY: tuple(dict.fromkeys((*filter(None, chosen), *by)))})


def check_merge(parts: tuple[Part, ...]) -> Iterator[Invalid]:
    gone = [part for part in parts[1:] if part.verb is ItemVerb.WITHDRAW and _is_criterion(part.path)]
    if not _is_criterion(parts[0].path) or not gone:
        yield Invalid(N_("Choisissez deux critères différents à réunir."), field="changes")


def check_split(parts: tuple[Part, ...]) -> Iterator[Invalid]:
    new = sum(_is_new_criterion(part) for part in parts)
    if not _is_criterion(parts[0].path):
        yield Invalid(N_("Seul un critère peut être scindé."), field="changes")
    elif parts[0].verb is ItemVerb.WITHDRAW and new < 2:
        yield Invalid(
            N_("Un critère qui disparaît se partage entre deux nouveaux au moins : ajoutez-en un."), field="changes"
        )
    elif not new:
        yield Invalid(
            N_("Écrivez le nouveau critère qui prend une partie du texte : ajoutez-le à la proposition."),
            field="changes",
        )


def left_behind(
    parts: tuple[Part, ...], documents: Mapping[str, Document], texts: Mapping[str, str]
) -> Iterator[Invalid]:
    """Links that would lead nowhere, and successors that are not in force."""
    places = {part.path: place for place, part in enumerate(parts)}
    for path, place in places.items():
        if path in documents and is_withdrawn(documents[path]):
            yield from _bad_successors(path, place, documents, texts)
    left = sorted(unsettled(texts, documents), key=lambda link: link.target)
    for target, links in groupby(left, key=lambda link: link.target):
        if target in documents and is_withdrawn(documents[target]):
            yield _cited(target, tuple(links), places)
        else:
            yield from (_cites(link, places) for link in links if link.part != f"{KEY}{REPLACED_BY}")


def _bad_successors(
    path: str, place: int, documents: Mapping[str, Document], texts: Mapping[str, str]
) -> Iterator[Invalid]:
    kind = kind_and_key(path)[0]
    for key in documents[path].values(REPLACED_BY):
        try:
            other = path_of(kind, key)
        except ValueError:
            other = ""
        document = documents.get(other) or (Document.read(texts[other], other) if other in texts else None)
        if document is None or is_withdrawn(document):
            yield Invalid(
                N_("« %(key)s » n’est pas en vigueur : il ne peut rien remplacer."),
                field=key_field(REPLACED_BY, place),
                key=key,
            )


def _cited(target: str, links: tuple[Link, ...], places: Mapping[str, int]) -> Invalid:
    """Somebody else cites what is withdrawn."""
    by = list(dict.fromkeys(key_of(link.source) for link in links))
    told = ", ".join(by[:SHOWN]) + ("…" if len(by) > SHOWN else "")
    if any(link.part == f"{KEY}chapitre" for link in links):
        return Invalid(
            N_("Ce chapitre contient encore %(by)s : déplacez ces critères, ou retirez-les, dans la même proposition."),
            field=key_field(REPLACED_BY, places.get(target, 0)),
            by=told,
        )
    return Invalid(
        N_("« %(key)s » est cité par %(by)s : dites ce qui le remplace, ou changez ces textes ici aussi."),
        field=key_field(REPLACED_BY, places.get(target, 0)),
        way_out=N_("Ajoutez-les à votre proposition pour ôter chaque renvoi."),
        key=key_of(target),
        by=told,
    )


def _cites(link: Link, places: Mapping[str, int]) -> Invalid:
    """This proposal begins to cite what is withdrawn."""
    place = places.get(link.source, 0)
    name = link.part.partition(":")[2]
    return Invalid(
        N_("« %(key)s » est retiré : on ne peut plus y renvoyer."),
        field=section_field(name, place) if link.in_words else key_field(name, place),
        key=key_of(link.target),
    )


def key_of(path: str) -> str:
    return kind_and_key(path)[1]


def _is_criterion(path: str) -> bool:
    return kind_and_key(path)[0] is Kind.CRITERION


def _is_new_criterion(part: Part) -> bool:
    return part.verb is ItemVerb.CREATE and _is_criterion(part.path)
