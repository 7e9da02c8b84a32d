"""The last guards before a commit enters ``main``. Replaying history does not pass here."""

import logging

from referentiel.criteria.items import check
from referentiel.criteria.links import unsettled
from referentiel.criteria.paths import Kind, kind_and_key, tree
from referentiel.errors import N_, FileError, Invalid, TextMoved
from referentiel.journal.changes import Order
from referentiel.library.failures import Failpoints
from referentiel.library.objects import blob_id
from referentiel.library.planning import Plan, plan
from referentiel.library.snapshots import Snapshots
from referentiel.library.texts import Texts

log = logging.getLogger(__name__)


def checked_plan(snapshots: Snapshots, order: Order, head: str, *, step: Failpoints) -> Plan:
    """The commit that this order gives on this head, checked. Nothing is written.

    Raises what :func:`plan` and the guards raise. What moved is told in the log, by ids alone.
    """
    try:
        ready = plan(snapshots, order, head)
        step("planned")
        _check(snapshots, ready)
    except TextMoved:
        files = snapshots.files(head)
        log.warning(
            "operation %s: the text moved between %s, where it began, and %s: %s",
            order.id,
            order.base,
            head,
            "; ".join(
                f"{change.path} base {change.before} draft {files.get(change.path)} proposed {blob_id(change.text)}"
                for change in order.changes
            ),
        )
        raise
    return ready


def _check(snapshots: Snapshots, ready: Plan) -> None:
    """Refuse what would leave the text malformed, or a link to nothing. Nothing is written.

    Raises :class:`Invalid` on a malformed file, :class:`TextMoved` when an item withdrawn is cited since, or when one
    cited is withdrawn since.
    """
    documents = {}
    for file in ready.files:
        try:
            document = check(file.path, ready.objects[file.blob].content.decode())
        except FileError as error:
            raise Invalid(N_("Un fichier de l’opération est mal formé : %(error)s"), error=error) from error
        if _cites(file.path):
            documents[file.path] = document
    left = unsettled(Texts(snapshots, snapshots.files(ready.parent)), documents)
    if left:
        raise TextMoved(
            N_("Le texte a changé entre-temps : %(source)s renvoie à %(target)s, qui est retiré. Rien n’a été écrit."),
            source=_name(left[0].source),
            target=_name(left[0].target),
        )


def _cites(path: str) -> bool:
    return kind_and_key(tree(path)[1])[0] not in (Kind.DECISION, Kind.ERRATUM)


def _name(path: str) -> str:
    return kind_and_key(tree(path)[1])[1]
