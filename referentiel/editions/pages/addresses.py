"""How the pages of an edition are called and lead to each other: in frames, alone as files, all in one page. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from html import unescape

from referentiel.criteria.paths import Kind
from referentiel.editions.numbering import Number

REVISION = "note-de-revision"
"""The page that says what an edition changes, when somebody wrote it"""
ALONE = "pages-seules"
"""The folder of the pages that stand alone as files"""

Way = Callable[..., str]
"""``to('criteres', 'E4')``, or ``to('outils')`` for a list"""

ANCHORS = {Kind.CRITERION.value: "", Kind.CHAPTER.value: "", Kind.TOOL.value: "outil-", Kind.SKILL.value: "competence-"}
ANCHORS |= {Kind.PAGE.value: "page-", Kind.TERM.value: "mot-"}


@dataclass(frozen=True, slots=True)
class Relative:
    """Links from one page to another. ``up`` leads to the root of the edition; ``end`` is what the names end with."""

    up: str
    end: str = ""

    def __call__(self, kind: str, key: str = "") -> str:
        return f"{self.up}{kind}/{key}{self.end}" if key else f"{self.up}{kind}{self.end or '/'}"


def in_frame(page: str) -> Relative:
    """From a page read at ``/editions/2026.1/criteres/E4``; lists have their slash."""
    return Relative("" if page == "sommaire" else "../")


def alone(page: str) -> Relative:
    """From a file ``criteres/E4.html`` to its neighbours, on a disk as on a site."""
    return Relative("../" if "/" in page else "", ".html")


def in_one_page(kind: str, key: str = "") -> str:
    """From anywhere in the whole edition on one page."""
    return f"#{ANCHORS.get(kind, '')}{key}" if key else f"#{kind}"


def permanent(number: Number, page: str) -> str:
    """The path at which a page of an edition is read for ever; that of a list ends with a slash."""
    tail = "" if page == "sommaire" else page if "/" in page else f"{page}/"
    return f"/editions/{number}/{tail}"


def heading(fragment: str) -> str:
    """The words of the only h1 of a sealed page, which are a title without marks."""
    return unescape(fragment.partition("<h1>")[2].partition("</h1>")[0])
