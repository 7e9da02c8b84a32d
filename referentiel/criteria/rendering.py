"""From the text's Markdown to safe HTML. The only module of the project that says that a string is HTML.

Python-Markdown with tables and sane lists; raw HTML, images and reference links do not exist for it. What it makes goes
through a short allowlist, whatever it made. A text built to be slow is shown as it was typed.
"""

import re
import threading
import zlib
from functools import lru_cache
from html import escape, unescape
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import markdown
import nh3
from markdown.extensions.sane_lists import SaneListExtension
from markdown.extensions.tables import TableExtension
from markdown.inlinepatterns import DelimiterProcessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AMP_SUBSTITUTE
from markupsafe import Markup
from markupsafe import escape as escape_but_markup

# Part of the key of every cache of rendered text: to be raised with any change of what this module makes.
VERSION = f"2-{markdown.__version__}-{nh3.__version__}"  # type: ignore[attr-defined]

FIRST_LEVEL = 3

_TAGS = {
    *("p", "br", "hr", "strong", "em", "code", "pre", "blockquote", "ul", "ol", "li", "a"),
    *("h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES = {"*": set[str](), "a": {"href"}, "ol": {"start"}, "th": {"scope"}}
_SCHEMES = {"http", "https", "mailto", "tel"}
_HEADINGS = {f"h{level}": level for level in range(1, 7)}

_HYPHENATED = re.compile(r"[^\s<>]*\w-\w[^\s<>]*")
_SHORT_WORD = 16
"""Signs of a word that a title of a small telephone can hold in one line"""

_NOT_OURS = (
    *("html", "automail", "image_link", "image_reference", "short_image_ref"),
    *("reference", "short_reference"),
)
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_HEADING_LINE = re.compile(r"^(?:#|[=-]+[ \t]*$)", re.MULTILINE)
_DEEP = re.compile(r"^(?:[ \t]*(?:[-*+>]|\d{1,9}[.)])){10}", re.MULTILINE)
_SLOW_SCAN = 800_000
# Python-Markdown (3.11) takes the comma of "*a**b*," for a star, and worse: what is not clear is rendered twice, and
# without emphasis when that would lose a sign.
_CLEAR_STARS = re.compile(r"^[ \t]*\*[ \t]|(?<![\w*])(\*\*?)(?=[^\s*])[^*\n]*(?<=[^\s*])\1(?![\w*])", re.MULTILINE)
_TAG = re.compile(r"<[^<>]*>")
_SPACES_AND_STARS = re.compile(r"[\s*]")
_MANY_HEADINGS = 400
_UNSAFE_IN_ADDRESS = re.compile(r"[\x00-\x20\x7f-\xa0\\<>\"'`\u2000-\u200f\u2028-\u202f\u2066-\u2069]")
_MAIL = re.compile(r"mailto:[^@/?:]+@[^@/?:]+(\?[^@]*)?", re.IGNORECASE)
_PHONE = re.compile(r"tel:\+?[0-9().-]{2,30}", re.IGNORECASE)
_BULLET = re.compile(r"^\s*(?:[-*+]|\d{1,3}[.)])\s+")

_CACHED_LENGTH = 3_000


def render(text: str) -> Markup:
    """The HTML of a section's body. Headings start at h3 and never skip a level; a forbidden link keeps its words.

    Costs about 0.3 ms for a section, a few µs when it was rendered before; never more than about 200 ms.
    """
    return _remembered(text) if len(text) <= _CACHED_LENGTH else _rendered(text)


def packed(html: str) -> bytes:
    """HTML as a cache keeps it: a tenth of its place in memory."""
    return zlib.compress(html.encode(), 1)


def unpacked(kept: bytes) -> Markup:
    """The HTML again, as it was packed by this process. About 4 µs a kilobyte."""
    return Markup(zlib.decompress(kept).decode())  # noqa: S704 - it was HTML when it was packed


def plain_lines(text: str) -> list[str]:
    """The lines of an easy text, one idea each, without list marks or blank lines."""
    return [_BULLET.sub("", line).strip() for line in text.split("\n") if line.strip()]


def whole(text: str) -> Markup:
    """The same text for a title: no line break cuts its short words at their hyphen, ``A-t-on`` or ``2026-11``.

    A style holds them together and no sign is changed: what is copied, searched or read aloud is what was written.
    """
    escaped = escape_but_markup(text)
    return escaped if "<" in escaped else Markup(_HYPHENATED.sub(_held, escaped))  # noqa: S704 - escaped first


def safe_address(address: str) -> str | None:
    """An address that a link of the text may have, or None.

    Pages of the site (``/…``), anchors (``#…``), http and https without user name, mailto and tel. Never another
    scheme, whatever spells it, nor ``//host``.
    """
    address = unescape(address).strip()
    if not address or len(address) > 2_000 or _UNSAFE_IN_ADDRESS.search(address):
        return None
    if address.startswith(("/", "#")):
        return None if address.startswith("//") else address
    if _MAIL.fullmatch(address) or _PHONE.fullmatch(address):
        return address
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return None
    return address if parts.scheme in ("http", "https") and host and "@" not in parts.netloc else None


class _Shape(Treeprocessor):
    """Puts headings at their level, scopes the heads of tables, and takes forbidden links away, keeping their words."""

    def run(self, root: Element) -> None:
        above: list[int] = []
        for element in root.iter():
            if element.tag in _HEADINGS:
                level = _HEADINGS[element.tag]
                while above and above[-1] >= level:
                    above.pop()
                above.append(level)
                element.tag = f"h{min(FIRST_LEVEL - 1 + len(above), 6)}"
            elif element.tag == "th":
                element.set("scope", "col")
            elif element.tag == "a":
                address = safe_address((element.get("href") or "").replace(AMP_SUBSTITUTE, "&"))
                element.attrib.clear()
                if address is None:
                    element.tag = "span"
                else:
                    element.set("href", address)


def _converter(*, stars: bool) -> markdown.Markdown:
    converter = markdown.Markdown(extensions=[TableExtension(), SaneListExtension()], output_format="html")
    converter.preprocessors.deregister("html_block")
    converter.parser.blockprocessors.deregister("reference")
    for pattern in _NOT_OURS:
        converter.inlinePatterns.deregister(pattern)
    # Emphasis is written with stars: underscores belong to addresses and names of files.
    converter.inlinePatterns.deregister("em_strong")
    if stars:
        converter.inlinePatterns.register(DelimiterProcessor("*", "strong,em", converter), "em_strong", 60)
    # After every other one, so that what it reads is what will be written.
    converter.treeprocessors.register(_Shape(converter), "shape", -10)
    return converter


class _Converters(threading.local):
    """One converter a thread: it keeps its state in itself."""

    def __init__(self) -> None:
        self.renew()

    def renew(self) -> None:
        self.converter = _converter(stars=True)
        self.without_stars = _converter(stars=False)


_converters = _Converters()


def _keep_attribute(tag: str, name: str, value: str) -> str | None:
    return safe_address(value) if (tag, name) == ("a", "href") else value


def _is_slow(text: str) -> bool:
    """Whether Python-Markdown would take more than a moment: its cost grows with the square of these."""
    if _DEEP.search(text) or len(_HEADING_LINE.findall(text)) > _MANY_HEADINGS:
        return True
    if text.count("[") + text.count("`") <= 20:
        return False
    return sum(max(block.count("["), block.count("`")) * len(block) for block in _BLANK_LINE.split(text)) > _SLOW_SCAN


def _held(word: re.Match[str]) -> str:
    return f'<span class="held">{word[0]}</span>' if len(unescape(word[0])) <= _SHORT_WORD else word[0]


def _words(html: str) -> str:
    """The signs that are shown, but spaces and stars."""
    return _SPACES_AND_STARS.sub("", unescape(_TAG.sub("", html)))


def _as_typed(text: str) -> str:
    blocks = (escape(block.strip("\n")).replace("\n", "<br>") for block in _BLANK_LINE.split(text) if block.strip())
    return "".join(f"<p>{block}</p>" for block in blocks)


def _rendered(text: str) -> Markup:
    if _is_slow(text):
        html = _as_typed(text)
    else:
        try:
            html = _converters.converter.reset().convert(text)
            if "*" in _CLEAR_STARS.sub("", text):
                bare = _converters.without_stars.reset().convert(text)
                html = html if _words(html) == _words(bare) else bare
        except RecursionError:
            # Their state is lost with it.
            _converters.renew()
            html = _as_typed(text)
    return Markup(  # noqa: S704 - the allowlist is what makes it safe
        nh3.clean(
            html,
            tags=_TAGS,
            attributes=_ATTRIBUTES,
            attribute_filter=_keep_attribute,
            url_schemes=_SCHEMES,
            link_rel=None,
            strip_comments=True,
        )
    )


_remembered = lru_cache(maxsize=64)(_rendered)
