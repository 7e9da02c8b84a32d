"""Where each item of the text lives, and which paths may exist in the library at all."""

import re
from enum import StrEnum


class Kind(StrEnum):
    """A kind of item; the value is its folder, or the whole name for the one file at the root."""

    REFERENTIAL = "referentiel"
    CHAPTER = "chapitres"
    CRITERION = "criteres"
    PAGE = "pages"
    TERM = "glossaire"
    TOOL = "outils"
    SKILL = "competences"
    DECISION = "decisions"
    ERRATUM = "errata"


ROOT = "referentiel.md"
"""The one file at the root of the text: its title, its presentation, the order of its chapters"""
PRESENTATION = "presentation"
"""The key of that file, so that it has an address and a name like every other: ``referentiel/presentation``"""
NEW = r"nouveau-[1-9][0-9]{0,8}(?:-[1-9][0-9]?)?"
"""The key of an item that waits for its code: the number of its proposal, and its place when there are several"""

# An item not yet adopted has no code yet: its path exists in proposals, never in the library.
_KEYS: dict[Kind, re.Pattern[str]] = {
    Kind.CHAPTER: re.compile(rf"[A-Z][0-9]{{0,3}}|{NEW}"),
    Kind.CRITERION: re.compile(rf"[A-Z][0-9]{{0,3}}|{NEW}"),
    Kind.PAGE: re.compile(r"[a-z0-9-]+"),
    Kind.TERM: re.compile(r"[a-z0-9-]+"),
    Kind.TOOL: re.compile(r"[a-z0-9-]+"),
    Kind.SKILL: re.compile(r"[a-z0-9-]+"),
    Kind.DECISION: re.compile(r"[1-9][0-9]*"),
    Kind.ERRATUM: re.compile(rf"[0-9]{{4}}(\.[0-9]{{1,3}}){{1,2}}/[A-Z][0-9]{{0,3}}-(?:[0-9]+|{NEW})"),
}

_ALLOWED = re.compile(
    r"(traductions/[a-z]{2,3}(-[A-Za-z]{2,4})?/|annexes/(dep|bassin)-[0-9A-Za-z]+/)?"
    r"(referentiel|(chapitres|criteres)/[A-Z][0-9]{0,3}|(pages|glossaire|outils|competences)/[a-z0-9-]+"
    r"|decisions/[1-9][0-9]*|errata/[0-9]{4}(\.[0-9]{1,3}){1,2}/[A-Z][0-9]{0,3}-[0-9]+)\.md"
)


_NEW = re.compile(
    rf"(?:annexes/(?:dep|bassin)-[0-9A-Za-z]+/)?\w+/{NEW}\.md"
    rf"|errata/[0-9]{{4}}(?:\.[0-9]{{1,3}}){{1,2}}/[A-Z][0-9]{{0,3}}-{NEW}\.md"
)


def is_new(path: str) -> bool:
    """Whether this path is that of an item which waits for its code: ``criteres/nouveau-42.md``, or of an erratum
    which waits for its number: ``errata/2026.1/E4-nouveau-42.md``."""
    return _NEW.fullmatch(path) is not None


def numbered(path: str, number: int) -> str:
    """The path of a new item under the number of its proposal: ``…/nouveau-1-2.md`` → ``…/nouveau-42-2.md``."""
    return re.sub(r"nouveau-[0-9]+(?=[-.])", f"nouveau-{number}", path) if is_new(path) else path


def in_order(path: str) -> tuple[tuple[int, str], ...]:
    """How paths are sorted for people: ``E2`` before ``E10``, ``nouveau-42`` before ``nouveau-42-2``."""
    words = re.split(r"([0-9]+)", path.removesuffix(".md"))
    return tuple((int(word), "") if word.isdecimal() else (-1, word) for word in words)


def is_allowed(path: str) -> bool:
    """Whether the library may hold this path: a closed form, so that no name from outside reaches Git."""
    return len(path) <= 200 and _ALLOWED.fullmatch(path) is not None


def errata_folder(edition: str) -> str:
    """Where the errata of an edition are, without a slash at the end."""
    return f"{Kind.ERRATUM.value}/{edition}"


def erratum_path(edition: str, code: str, name: str) -> str:
    """``("2026.1", "E4", "nouveau-42")`` → ``errata/2026.1/E4-nouveau-42.md``. Raises ValueError for another form."""
    return path_of(Kind.ERRATUM, f"{edition}/{code}-{name}")


def is_erratum(path: str) -> bool:
    """Whether this is the path of an erratum, adopted or not."""
    return path.startswith(f"{Kind.ERRATUM.value}/")


def corrected_by(path: str) -> tuple[str, str]:
    """What an erratum corrects: ``errata/2026.1/E4-1.md`` → ``("2026.1", "E4")``. Raises ValueError."""
    kind, key = kind_and_key(path)
    if kind is not Kind.ERRATUM:
        raise ValueError(f"{path!r} is no path of an erratum")
    edition, _, name = key.partition("/")
    return edition, name.partition("-")[0]


def code_of(path: str) -> str:
    """How an item is called among its like: ``E4`` for ``criteres/E4.md``, ``2026.1/E4-1`` for an erratum.

    In whatever tree: the key that :func:`kind_and_key` gives in the main one. Raises ValueError.
    """
    return kind_and_key(tree(path)[1])[1]


def path_of(kind: Kind, key: str = "") -> str:
    """``(CRITERION, "E4")`` → ``criteres/E4.md``. Raises ValueError for a key of another form."""
    if kind is Kind.REFERENTIAL and key in ("", PRESENTATION):
        return ROOT
    if kind is Kind.REFERENTIAL or not _KEYS[kind].fullmatch(key):
        raise ValueError(f"{key!r} is no key of {kind.value}")
    return f"{kind.value}/{key}.md"


def kind_and_key(path: str) -> tuple[Kind, str]:
    """``criteres/E4.md`` → ``(CRITERION, "E4")``, ``referentiel.md`` → ``(REFERENTIAL, "presentation")``.

    A criterion not yet adopted (``criteres/nouveau-42.md``) has a kind and a key too. Raises ValueError for any other
    path, those of translations and annexes included: they are other trees, see :func:`tree`.
    """
    if path == ROOT:
        return Kind.REFERENTIAL, PRESENTATION
    folder, _, name = path.partition("/")
    key, dot, end = name.rpartition(".md")
    if dot and not end:
        for kind, form in _KEYS.items():
            if kind.value == folder and form.fullmatch(key):
                return kind, key
    raise ValueError(f"{path!r} is no path of the text")


def tree(path: str) -> tuple[str, str]:
    """``annexes/dep-38/criteres/A9.md`` → ``("annexes/dep-38/", "criteres/A9.md")``; the main tree is ``""``."""
    parts = path.split("/")
    if len(parts) > 2 and parts[0] in ("traductions", "annexes"):
        return f"{parts[0]}/{parts[1]}/", "/".join(parts[2:])
    return "", path
