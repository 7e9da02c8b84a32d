"""Which pages search engines are told of, and which they are asked to leave alone. Addresses alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape

MOST = 50_000
"""Addresses of one file, as the protocol has it"""
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"

ALWAYS = (
    *("/", "/referentiel/", "/glossaire/", "/outils/", "/competences/", "/territoires/", "/editions/", "/comparer"),
    *("/propositions/", "/decisions/", "/souhaits/", "/moderation/registre", "/suivre", "/api/", "/git/"),
    *("/aide", "/accessibilite", "/mentions-legales", "/donnees-personnelles", "/plan-du-site"),
)
"""Pages that are there whatever the text holds"""
READ_ALL_THE_SAME = ("/moderation/registre",)
LEFT_ALONE = (
    *("/travail/", "/bureau", "/mon-compte", "/mes-contributions", "/administration/", "/moderation/", "/operations/"),
    *("/connexion", "/deconnexion", "/invitation/", "/rejoindre", "/seances/", "/desabonnement/", "/suivre/arreter"),
    *("/propositions/nouvelle", "/propositions/brouillons", "/propositions/apercu", "/souhaits/nouveau"),
    *("/contributions/", "/editions/preparation"),
)
"""The draft, which is nobody's reference, and what is one person's own"""


@dataclass(frozen=True, slots=True)
class Place:
    """A page; ``on`` is the day since which it says what it says, when that is known."""

    path: str
    on: date | None = None


def whole(site: str, places: Sequence[Place], *, most: int = MOST) -> str:
    """``/sitemap.xml``: every page, or the files that list them when they are too many for one."""
    if len(places) <= most:
        return part(site, places)
    count = -(-len(places) // most)
    files = (f"<sitemap><loc>{escape(site)}/sitemap-{number}.xml</loc></sitemap>" for number in range(1, count + 1))
    return _file("sitemapindex", files)


def parts(places: Sequence[Place], *, most: int = MOST) -> list[Sequence[Place]]:
    """The pages of each file, in order; none when one file is enough."""
    return [places[start : start + most] for start in range(0, len(places), most)] if len(places) > most else []


def part(site: str, places: Sequence[Place]) -> str:
    """One file of addresses."""
    return _file("urlset", (f"<url><loc>{escape(site + one.path)}</loc>{_since(one)}</url>" for one in places))


def robots(site: str) -> str:
    """``/robots.txt``. What is let in stands before what is left alone: the first rule that fits is obeyed by all."""
    lines = ["User-agent: *", *(f"Allow: {path}" for path in READ_ALL_THE_SAME)]
    lines += [*(f"Disallow: {path}" for path in LEFT_ALONE), f"Sitemap: {site}/sitemap.xml"]
    return "\n".join(lines) + "\n"


def _since(place: Place) -> str:
    return f"<lastmod>{place.on.isoformat()}</lastmod>" if place.on else ""


def _file(root: str, lines: Iterator[str]) -> str:
    inside = "\n".join(lines)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{NAMESPACE}">\n{inside}\n</{root}>\n'
