"""Propose a change: choose a criterion, write, look at the difference, keep a draft, send; then the next wording."""

from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from referentiel.blueprints.proposal_credits import wish_shown
from referentiel.blueprints.proposal_sheets import (
    HINTS,
    ROWS,
    Layout,
    SheetForm,
    form_for,
    refuse,
    sheet_of_form,
    words_of,
)
from referentiel.criteria.changes import ChangeClass
from referentiel.criteria.comparison import compare
from referentiel.criteria.document import Document
from referentiel.criteria.merging import SECTION
from referentiel.criteria.paths import Kind, path_of
from referentiel.criteria.readability import review
from referentiel.criteria.vocabulary import PLAIN_TEXT
from referentiel.criteria.vocabulary import State as TextState
from referentiel.editions.queries import summary_at
from referentiel.editions.summary import Summary
from referentiel.errors import N_, Invalid, Refused, Unknown
from referentiel.permissions import Action
from referentiel.proposals import actions, queries
from referentiel.proposals.actions.writing_up import write_again, write_first
from referentiel.proposals.conditions import NotNow
from referentiel.proposals.delays import Delays
from referentiel.proposals.models import Proposal
from referentiel.proposals.offers import offered, reading
from referentiel.proposals.sheets import LONGEST_PLAIN, LONGEST_REASON, LONGEST_SECTION, LONGEST_TITLE, Sheet
from referentiel.proposals.standing import standing
from referentiel.proposals.states import ProposalKind, State
from referentiel.proposals.wording import Written, sheet_of
from referentiel.web.clock import now
from referentiel.web.guard import requires
from referentiel.web.identity import signed_in
from referentiel.web.numbers import whole_number
from referentiel.web.stores import library, settings

blueprint = Blueprint("proposing", __name__)

LIMITS = {"title": LONGEST_TITLE, "reason": LONGEST_REASON, "plain": LONGEST_PLAIN, "section": LONGEST_SECTION}


@dataclass(frozen=True, slots=True)
class Subject:
    """What is being written on. ``code`` is empty for a new criterion, ``proposal`` none for a first wording."""

    kind: ProposalKind
    code: str
    commit: str
    base: Document | None
    proposal: Proposal | None = None

    @property
    def path(self) -> str:
        if self.proposal is not None:
            return self.proposal.path
        return path_of(Kind.CRITERION, self.code) if self.code else ""

    @property
    def layout(self) -> Layout:
        return Layout.of(self.kind, self.base)

    @property
    def address(self) -> str:
        if self.proposal is not None:
            return url_for("proposing.next_wording", number=self.proposal.id)
        return url_for("proposing.new", **self.choice)

    @property
    def choice(self) -> dict[str, Any]:
        """The part of the address that says what is being written on."""
        if self.kind is ProposalKind.CREATE:
            return {"ajouter": "1"}
        return {"critere": self.code} | ({"retirer": "1"} if self.kind is ProposalKind.WITHDRAW else {})


@blueprint.get("/propositions/nouvelle")
@requires(Action.SUBMIT)
def new() -> ResponseReturnValue:
    """The form on a criterion, on a new one, or the choice between them."""
    subject = _asked()
    if subject is None:
        return render_template(
            "proposing/choose.html",
            summary=_summary(library().head()),
            drafts=queries.drafts_of(signed_in()),
            wish=wish_shown(request.args.get("souhait")),
        )
    if subject.base is not None and subject.base.value("etat") == TextState.WITHDRAWN:
        raise Invalid(
            N_("Ce critère est retiré : son texte ne change plus."),
            way_out=N_("Choisissez un critère en vigueur, ou proposez-en un nouveau."),
        )
    sheet = sheet_of(subject.base, subject.kind) if subject.base is not None else Sheet(keys=_chapter())
    sheet = replace(sheet, wish=whole_number(request.args.get("souhait")))
    return _page(subject, form_for(subject.layout, _summary(subject.commit), sheet, base=subject.commit))


@blueprint.post("/propositions/nouvelle")
@requires(Action.SUBMIT)
def send() -> ResponseReturnValue:
    """Send, keep as a draft or look at the difference, by the button pressed. All that was typed comes back."""
    return _answer(request.form.get("action", "envoyer"))


@blueprint.post("/propositions/apercu")
@requires(Action.SUBMIT)
def preview() -> ResponseReturnValue:
    """The difference alone, before sending. Nothing is kept."""
    return _answer("apercu")


@blueprint.post("/propositions/brouillons")
@requires(Action.SAVE_DRAFT)
def save() -> ResponseReturnValue:
    """Keep a draft: by the button, or every ten seconds by script, which asks for JSON."""
    return _answer("brouillon")


@blueprint.get("/propositions/brouillons/<int:number>")
@requires(Action.SAVE_DRAFT)
def draft(number: int) -> ResponseReturnValue:
    """One's own draft, in its form. That of somebody else does not exist."""
    kept = queries.draft(number, by=signed_in())
    if kept.proposal_id is not None:
        subject = _of_proposal(kept.proposal_id, kept.base_commit)
    else:
        subject = _subject(kept.kind, kept.path.rpartition("/")[2].removesuffix(".md"), kept.base_commit)
    form = form_for(
        subject.layout,
        _summary(subject.commit),
        Sheet.of_json(kept.content),
        base=subject.commit,
        form_id=kept.form_id,
    )
    return _page(subject, form, kept=kept)


@blueprint.get("/propositions/brouillons/<int:number>/supprimer")
@requires(Action.SAVE_DRAFT)
def confirm_discard(number: int) -> ResponseReturnValue:
    return render_template("proposing/discard.html", draft=queries.draft(number, by=signed_in()))


@blueprint.post("/propositions/brouillons/<int:number>/supprimer")
@requires(Action.WITHDRAW)
def discard(number: int) -> ResponseReturnValue:
    actions.discard_draft(queries.draft(number, by=signed_in()), by=signed_in(), at=now())
    flash(_("Votre brouillon est supprimé."), "good")
    return redirect(url_for("proposing.new"), 303)


@blueprint.get("/propositions/<int:number>/modifier")
@requires(Action.REVISE)
def next_wording(number: int) -> ResponseReturnValue:
    """The next wording of one's own proposal, starting from the text as it is now."""
    subject = _of_proposal(number)
    proposal = subject.proposal
    if proposal is None:
        raise Unknown(N_("Cette proposition n’existe pas."))
    if proposal.state not in (State.IN_DISCUSSION, State.TO_COMPLETE):
        raise NotNow(
            N_("La proposition est « %(state)s » : elle n’attend pas de nouvelle rédaction."),
            way_out=N_("Ouvrez la proposition : elle dit où elle en est et ce qui peut être fait."),
            state=proposal.state.label,
        )
    current = proposal.revision
    (file,) = current.files
    files = library().files(subject.commit)
    merged = offered(library(), file, files)
    moved = standing(library(), file, files)
    start = merged if merged is not None else reading(library(), file, files)
    sheet = Sheet(
        title=proposal.title,
        reason=current.reason,
        plain_change=current.plain_change,
        change_class=current.change_class.value,
        sections={section.title: section.body for section in start.sections if section.title},
        keys={
            key: start.values(key) if key in ("structures", "remplace_par") else start.value(key) or ""
            for key in subject.layout.keys
        },
    )
    form = form_for(subject.layout, _summary(subject.commit), sheet, base=subject.commit)
    mine = [
        (collision.part.removeprefix(SECTION), collision.proposed or "")
        for collision in moved.collisions
        if collision.part.startswith(SECTION)
    ]
    return _page(subject, form, moved=moved, merged=merged is not None, mine=mine)


@blueprint.post("/propositions/<int:number>/modifier")
@requires(Action.REVISE)
def send_next_wording(number: int) -> ResponseReturnValue:
    return _answer(request.form.get("action", "envoyer"), number)


def _answer(button: str, number: int | None = None) -> ResponseReturnValue:
    subject = _sent(number)
    form = form_for(subject.layout, _summary(subject.commit))
    sheet = sheet_of_form(form, subject.layout)
    if button == "brouillon":
        return _keep(subject, form, sheet)
    if button == "apercu":
        return _page(subject, form, written=_write(subject, _text_alone(subject.kind, sheet)))
    if form.asks(known=_known(subject)):
        return _page(subject, form), Invalid.status
    try:
        proposal = _send(subject, form, sheet)
    except Invalid as error:
        refuse(form, error)
        return _page(subject, form), error.status
    return redirect(url_for("reviewing.proposal", number=proposal.id), 303)


def _known(subject: Subject) -> str:
    """What stands in the text already, or in the wording that is written again: its author was asked, or nobody is."""
    base = subject.base.text if subject.base is not None else ""
    return base + (words_of(subject.proposal) if subject.proposal is not None else "")


def _keep(subject: Subject, form: SheetForm, sheet: Sheet) -> ResponseReturnValue:
    by_script = request.accept_mimetypes.best == "application/json"
    try:
        kept = actions.save_draft(
            sheet,
            kind=subject.kind,
            path=subject.path,
            base=subject.commit,
            form_id=form.form_id.data or "",
            proposal_id=subject.proposal.id if subject.proposal else None,
            by=signed_in(),
            at=now(),
        )
    except Refused as error:
        if by_script:
            return _json({"message": _(error.message, **error.values)}, error.status)
        if not isinstance(error, Invalid):
            raise
        refuse(form, error)
        return _page(subject, form), error.status
    if by_script:
        return _json({"id": kept.id}, 200)
    flash(_("Votre brouillon est enregistré. Vous pouvez fermer cette page et revenir plus tard."), "good")
    return redirect(url_for("proposing.draft", number=kept.id), 303)


def _send(subject: Subject, form: SheetForm, sheet: Sheet) -> Proposal:
    common: dict[str, Any] = {
        "base": subject.commit,
        "form_id": form.form_id.data,
        "by": signed_in(),
        "at": now(),
        "delays": Delays.of(settings()),
    }
    if subject.proposal is None:
        sent = actions.submit(library(), sheet, kind=subject.kind, path=subject.path, **common)
        flash(_("Votre proposition est envoyée. Une personne la vérifie, puis la discussion s’ouvre."), "good")
        return sent
    completed = subject.proposal.state is State.TO_COMPLETE
    verb = actions.resubmit if completed else actions.revise
    verb(library(), subject.proposal, sheet, **common)
    if completed:
        flash(_("Votre proposition est complétée. Une personne la vérifie, puis la discussion s’ouvre."), "good")
    else:
        flash(_("Votre nouvelle rédaction est publiée. Chacun est invité à redire son avis."), "good")
    return subject.proposal


def _write(subject: Subject, sheet: Sheet) -> Written:
    if subject.proposal is not None:
        return write_again(library(), subject.proposal, sheet, subject.commit).written
    return write_first(library(), subject.kind, subject.path, sheet, subject.commit).written


def _text_alone(kind: ProposalKind, sheet: Sheet) -> Sheet:
    """What a preview looks at: people see what they change before they say why. A withdrawal is made of its reason."""
    reason = sheet.reason if sheet.reason.strip() or kind is ProposalKind.WITHDRAW else "-"
    return replace(sheet, title=sheet.title if sheet.title.strip() else "-", reason=reason)


def _page(subject: Subject, form: SheetForm, *, written: Written | None = None, **more: Any) -> str:
    """The form, with the difference when it was asked for."""
    comparison = None
    if written is not None:
        for problem in written.problems:
            if problem.field != "licence":
                form.refuse(problem)
        comparison = compare(subject.base, written.changes[0].after) if written.changes else None
    layout = subject.layout
    easy = form["section_facile-a-lire"].data if any(s.title == PLAIN_TEXT for s in layout.sections) else ""
    return render_template(
        "proposing/write.html",
        subject=subject,
        layout=layout,
        form=form,
        comparison=comparison,
        previewed=written is not None,
        remarks=review(easy or "") if written is not None else (),
        similar=_similar(subject),
        hints=HINTS,
        class_hints={kind.value: _(kind.explanation) for kind in ChangeClass},
        rows=ROWS,
        limits=LIMITS,
        settings=settings(),
        before=_before(subject),
        wish=wish_shown(form.souhait.data),
        **{"kept": None, "moved": None, "merged": False, "mine": ()} | more,
    )


def _similar(subject: Subject) -> list[queries.Row]:
    """The other open proposals on the same item."""
    own = subject.proposal.id if subject.proposal is not None else None
    rows = queries.on_item(subject.path, at=now()) if subject.code else ()
    return [row for row in rows if row.number != own]


def _before(subject: Subject) -> dict[str, str]:
    """Section title → its text in the version that the writing starts from."""
    if subject.base is None:
        return {}
    return {section.title: section.body for section in subject.base.sections}


def _asked() -> Subject | None:
    """What the address asks to write on."""
    if request.args.get("ajouter"):
        return _subject(ProposalKind.CREATE, "", library().head())
    code = request.args.get("critere", "")
    if not code:
        return None
    kind = ProposalKind.WITHDRAW if request.args.get("retirer") else ProposalKind.MODIFY
    return _subject(kind, code, library().head())


def _sent(number: int | None) -> Subject:
    """What the form that was sent writes on, from the version that its author read."""
    base = request.form.get("base", "")
    commit = library().resolve(base) if base else library().head()
    if number is None:
        number = whole_number(request.form.get("proposition"))
    if number is not None:
        return _of_proposal(number, commit)
    kind, code = request.form.get("kind", ""), request.form.get("critere", "")
    if kind not in [known.value for known in ProposalKind] or (kind == ProposalKind.CREATE.value and code):
        raise Invalid(N_("Ce formulaire n’est pas complet. Rouvrez la page et recommencez."))
    return _subject(ProposalKind(kind), code, commit)


def _subject(kind: ProposalKind, code: str, commit: str) -> Subject:
    if kind is ProposalKind.CREATE:
        return Subject(kind, "", commit, None)
    try:
        path = path_of(Kind.CRITERION, code)
    except ValueError:
        raise Unknown(N_("Ce critère n’existe pas.")) from None
    return Subject(kind, code, commit, Document.read(library().read(path, commit).text, path))


def _of_proposal(number: int, commit: str = "") -> Subject:
    """One's own proposal, to be written anew. That of somebody else is refused by the action; here it is not shown."""
    proposal = queries.proposal(number)
    if signed_in().id not in proposal.author_ids:
        raise Unknown(N_("Cette page n’existe pas."))
    commit = commit or library().head()
    base = None
    if proposal.kind is not ProposalKind.CREATE:
        base = Document.read(library().read(proposal.path, commit).text, proposal.path)
    return Subject(proposal.kind, proposal.code, commit, base, proposal)


def _summary(commit: str) -> Summary:
    return summary_at(library(), commit)


def _chapter() -> dict[str, str]:
    chapter = request.args.get("chapitre", "")
    return {"chapitre": chapter} if chapter else {}


def _json(body: dict[str, Any], status: int) -> Response:
    answer = jsonify(body)
    answer.status_code = status
    return answer
