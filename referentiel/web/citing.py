"""A sentence that quotes a page of an edition, ready to copy: what, which edition, since when, where, on what terms."""

from flask_babel import gettext as _

from referentiel.criteria.paths import Kind
from referentiel.dates import long_date
from referentiel.editions.edition import Edition
from referentiel.editions.pages.addresses import permanent
from referentiel.web.texts import State


def citation(edition: Edition, *, referential: str, page: str, title: str, site: str) -> str:
    """The sentence for a page, ``criteres/E4`` or ``glossaire``; ``sommaire`` quotes the edition itself."""
    kind, _slash, key = page.partition("/")
    facts = [] if page == "sommaire" else [_("«\u00a0%(title)s\u00a0»", title=title)]
    if kind == "criteres":
        facts.append(_("critère\u00a0%(code)s", code=key))
    elif kind == "chapitres":
        facts.append(_("chapitre\u00a0%(code)s", code=key))
    facts += [
        referential,
        _("édition\u00a0%(number)s (%(status)s)", number=edition.number, status=edition.status),
        _("publiée le %(day)s", day=long_date(edition.published)),
        _("applicable le %(day)s", day=long_date(edition.applies)),
    ]
    sentence: str = _(
        "%(facts)s. Adresse permanente\u00a0: %(address)s. Texte\u00a0: %(commit)s. Licence Ouverte\u00a02.0.",
        facts=", ".join(facts),
        address=site + permanent(edition.number, page),
        commit=edition.commit,
    )
    return sentence


def quoting(state: State, kind: Kind, key: str, title: str, site: str) -> str:
    """The same for the text that a page shows; empty for the draft, which moves."""
    if state.edition is None:
        return ""
    name, title = state.summary.title, title.replace("'", "’")
    return citation(state.edition, referential=name, page=f"{kind}/{key}", title=title, site=site)
