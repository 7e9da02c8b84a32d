"""What is being written on: the items of a proposal and their verbs, from an address, a form, a draft or a wording."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from flask import request, url_for

from referentiel.blueprints.proposal_sheets import Layout
from referentiel.criteria.document import Document
from referentiel.criteria.items import is_withdrawn, title_of
from referentiel.criteria.merging import KEY, touched
from referentiel.criteria.paths import ROOT, Kind, in_order, is_new, kind_and_key, path_of
from referentiel.editions.queries import summary_at
from referentiel.editions.summary import Summary
from referentiel.errors import N_, Invalid, Unknown
from referentiel.library.library import Library
from referentiel.proposals import queries
from referentiel.proposals.models import Draft, Proposal
from referentiel.proposals.sheets import MOST_PARTS, Sheet
from referentiel.proposals.states import ItemVerb, ProposalKind
from referentiel.proposals.wording import main_verb
from referentiel.proposals.wording.layouts import CREATED, VERBS
from referentiel.web.identity import signed_in
from referentiel.web.numbers import whole_number
from referentiel.web.stores import library

IN_ADDRESSES: Mapping[str, ProposalKind] = {
    "changer": ProposalKind.MODIFY,
    "deplacer": ProposalKind.MOVE,
    "reunir": ProposalKind.MERGE,
    "scinder": ProposalKind.SPLIT,
    "retirer": ProposalKind.WITHDRAW,
    "retablir": ProposalKind.RESTORE,
}
WORDS: Mapping[ProposalKind, str] = {kind: word for word, kind in IN_ADDRESSES.items()}


@dataclass(frozen=True)
class Subject:
    """The items of a form, the main one first, in the text as its author read it. ``proposal``: none for a first."""

    kind: ProposalKind
    commit: str
    items: tuple[tuple[ItemVerb, str], ...]
    proposal: Proposal | None = None

    @property
    def path(self) -> str:
        return self.items[0][1]

    @property
    def item(self) -> Kind:
        return kind_and_key(self.path)[0]

    @property
    def key(self) -> str:
        return kind_and_key(self.path)[1]

    @property
    def is_new(self) -> bool:
        return is_new(self.path)

    @property
    def verb(self) -> ItemVerb:
        return self.items[0][0]

    @cached_property
    def texts(self) -> Mapping[str, str]:
        return library().texts(self.commit)

    @cached_property
    def summary(self) -> Summary:
        return summary_at(library(), self.commit)

    @cached_property
    def bases(self) -> tuple[Document | None, ...]:
        """Each item as it was read, none for a new one."""
        return tuple(document_at(self.texts, path) if not is_new(path) else None for _verb, path in self.items)

    @cached_property
    def layouts(self) -> tuple[Layout, ...]:
        return tuple(
            Layout.of(place, verb, path, base)
            for place, ((verb, path), base) in enumerate(zip(self.items, self.bases, strict=True))
        )

    @property
    def base(self) -> Document | None:
        return self.bases[0]

    @property
    def address(self) -> str:
        """Where the form is opened again, without what was typed."""
        if self.proposal is not None:
            return url_for("proposing.next_wording", number=self.proposal.id)
        return url_for("proposing.new", texte=self.path.removesuffix(".md"), verbe=WORDS.get(self.kind))

    def name(self, place: int) -> str:
        """The title of an item, empty for a new one."""
        base = self.bases[place]
        return title_of(base) if base is not None else ""

    def of(self, sheet: Sheet) -> "Subject":
        """The same on the items of this sheet."""
        first = (main_verb(self.kind, sheet), self.path)
        return replace(self, items=(first, *((part.verb, part.path) for part in sheet.more)))

    def next_new(self, kind: Kind) -> str:
        """The path of one more new item."""
        number = self.proposal.id if self.proposal is not None else 1
        taken = {kind_and_key(path)[1] for _verb, path in self.items}
        names = (f"nouveau-{number}" + (f"-{place}" if place > 1 else "") for place in range(1, 2 * MOST_PARTS))
        return path_of(kind, next(name for name in names if name not in taken))


def document_at(texts: Mapping[str, str], path: str) -> Document:
    """Raises :class:`Unknown`."""
    if path not in texts:
        raise Unknown(N_("Ce texte n’existe pas."))
    return Document.read(texts[path], path)


def path_asked(raw: str, kind: Kind = Kind.CRITERION) -> str:
    """``E4``, ``outils/pass-iae`` or ``referentiel``, the presentation → its path. Raises :class:`Unknown`."""
    if raw == Kind.REFERENTIAL.value:
        return ROOT
    folder, slash, key = raw.rpartition("/")
    try:
        found = Kind(folder) if slash else kind
        path = path_of(found, key)
    except ValueError:
        raise Unknown(N_("Ce texte n’existe pas.")) from None
    if found not in VERBS:
        raise Unknown(N_("Ce texte n’existe pas."))
    return path


def asked() -> Subject | None:
    """What the address asks to write on; None when it does not say yet. Raises :class:`Unknown`, :class:`Invalid`."""
    head = library().head()
    adding = request.args.get("ajouter", "")
    if adding:
        return _new(adding, head)
    raw = request.args.get("texte") or request.args.get("critere") or ""
    if not raw:
        return None
    kind = IN_ADDRESSES.get("retirer" if request.args.get("retirer") else request.args.get("verbe") or "changer")
    path = path_asked(raw)
    if kind is None or is_new(path):
        raise Unknown(N_("Cette page n’existe pas."))
    base = document_at(library().texts(head), path)
    _check_verb(kind, base)
    sheet = Sheet(verb=ItemVerb.WITHDRAW if request.args.get("reste") == "non" else None)
    return Subject(kind, head, ((main_verb(kind, sheet), path),))


def _new(adding: str, head: str) -> Subject:
    kind = Kind.CRITERION if adding == "1" else next((one for one in CREATED if one.value == adding), None)
    if kind is None:
        raise Unknown(N_("Cette page n’existe pas."))
    return Subject(ProposalKind.CREATE, head, ((ItemVerb.CREATE, path_of(kind, "nouveau-1")),))


def _check_verb(kind: ProposalKind, base: Document) -> None:
    """Refuse, before anybody writes, what could not be sent."""
    of_criteria = kind in (ProposalKind.MERGE, ProposalKind.SPLIT)
    item = kind_and_key(base.file)[0]
    if item is Kind.REFERENTIAL and kind is not ProposalKind.MODIFY:
        raise only_changed()
    if of_criteria and item is not Kind.CRITERION:
        raise Invalid(N_("Seuls les critères peuvent être réunis ou scindés."))
    if kind is ProposalKind.MOVE and ItemVerb.MOVE not in VERBS[item]:
        raise Invalid(N_("Ces textes suivent l’alphabet : ils n’ont pas de place à changer."))
    if is_withdrawn(base) and kind is not ProposalKind.RESTORE:
        raise Invalid(
            N_("Ce critère est retiré : son texte ne change plus.")
            if item is Kind.CRITERION
            else N_("Ce texte est retiré : il ne change plus."),
            way_out=N_("Choisissez un texte en vigueur, proposez-en un nouveau, ou proposez de rétablir celui-ci."),
        )
    if not is_withdrawn(base) and kind is ProposalKind.RESTORE:
        raise Invalid(N_("Ce texte est en vigueur : il n’y a rien à rétablir."))


def only_changed() -> Invalid:
    return Invalid(N_("La présentation du référentiel peut seulement être changée."))


def sent(number: int | None) -> Subject:
    """What the form that was sent writes on, from the version that its author read."""
    base = request.form.get("base", "")
    commit = library().resolve(base) if base else library().head()
    if number is None:
        number = whole_number(request.form.get("proposition"))
    if number is not None:
        found = of_proposal(number, commit)
        first = found.items[0]
    else:
        kind, path = request.form.get("kind", ""), request.form.get("texte") or _old_path()
        # A published edition is corrected by a form of its own.
        if kind not in [known.value for known in ProposalKind if known is not ProposalKind.ERRATUM]:
            raise _incomplete()
        sheet = Sheet(verb=ItemVerb.WITHDRAW if request.form.get("t1_verbe") == ItemVerb.WITHDRAW else None)
        first = (main_verb(ProposalKind(kind), sheet), path)
        found = Subject(ProposalKind(kind), commit, (first,))
    return replace(found, items=_checked((first, *_more_sent()), found.texts))


def _old_path() -> str:
    """What a form opened before an update sends: the code of a criterion, empty for a new one."""
    code = request.form.get("critere", "")
    return path_asked(code) if code else path_of(Kind.CRITERION, "nouveau-1")


def _more_sent() -> list[tuple[ItemVerb, str]]:
    found = []
    for place in range(2, MOST_PARTS + 2):
        path = request.form.get(f"t{place}_texte")
        if path is None:
            break
        verb = request.form.get(f"t{place}_verbe", "")
        if verb not in [known.value for known in ItemVerb]:
            raise _incomplete()
        found.append((ItemVerb(verb), path))
    return found


def _checked(items: Sequence[tuple[ItemVerb, str]], texts: Mapping[str, str]) -> tuple[tuple[ItemVerb, str], ...]:
    for verb, path in items:
        if not re.fullmatch(r"(?:[a-z]+/[A-Za-z0-9-]+|referentiel)\.md", path) or len(path) > 200:
            raise _incomplete()
        known = path_asked(path.removesuffix(".md"))
        if is_new(known) != (verb is ItemVerb.CREATE) or verb not in VERBS[kind_and_key(known)[0]]:
            raise _incomplete()
        if verb is not ItemVerb.CREATE:
            document_at(texts, known)
    return tuple(items)


def _incomplete() -> Invalid:
    return Invalid(N_("Ce formulaire n’est pas complet. Rouvrez la page et recommencez."))


def of_draft(kept: Draft, sheet: Sheet) -> Subject:
    if kept.proposal_id is not None:
        return of_proposal(kept.proposal_id, kept.base_commit).of(sheet)
    # Drafts of before had no path for a new criterion.
    path = kept.path or path_of(Kind.CRITERION, "nouveau-1")
    return Subject(kept.kind, kept.base_commit, ((ItemVerb.MODIFY, path),)).of(sheet)


def of_proposal(number: int, commit: str = "") -> Subject:
    """One's own proposal, to be written anew. That of somebody else is refused by the action; here it is not shown."""
    proposal = queries.proposal(number)
    if signed_in().id not in proposal.author_ids or proposal.kind is ProposalKind.ERRATUM:
        raise Unknown(N_("Cette page n’existe pas."))
    commit = commit or library().head()
    main = proposal.revision.main
    more = sorted((f for f in proposal.revision.files if f is not main), key=lambda file: in_order(file.path))
    first = verb_of(library(), main.before_blob, main.text, main.path)
    if proposal.kind is not ProposalKind.SPLIT:
        first = main_verb(proposal.kind, Sheet())
    items = [(verb_of(library(), file.before_blob, file.text, file.path), file.path) for file in more]
    return Subject(proposal.kind, commit, ((first, main.path), *(one for one in items if not _follows(one))), proposal)


def _follows(item: tuple[ItemVerb, str]) -> bool:
    """Whether an item only says what the place of another makes it say: the order of the chapters."""
    return item == (ItemVerb.MOVE, ROOT)


def verb_of(library: Library, before_blob: str | None, text: str, path: str) -> ItemVerb:
    """What a wording does to one of its items."""
    if before_blob is None:
        return ItemVerb.CREATE
    before, after = Document.read(library.text(before_blob), path), Document.read(text, path)
    if is_withdrawn(after):
        return ItemVerb.WITHDRAW
    if is_withdrawn(before):
        return ItemVerb.RESTORE
    placed = touched(before, after) <= {f"{KEY}rang", f"{KEY}chapitre", f"{KEY}chapitres"}
    return ItemVerb.MOVE if placed else ItemVerb.MODIFY
