"""Every page is checked as a page, whatever test opened it: valid HTML, names for ears, nothing inline, no third party.

``check_page(response)`` raises AssertionError with the list of what is wrong. It is called by each browser of the cast.
"""

import base64
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib
from html5lib.html5parser import ParseError
from werkzeug.test import TestResponse

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
FIELDS = {"input", "select", "textarea"}
NAMELESS_INPUTS = {"hidden", "submit", "button", "reset", "image"}
LOADED = {
    "link": "href",
    "script": "src",
    "img": "src",
    "source": "src",
    "iframe": "src",
    "use": "href",
    "image": "href",
}
ID_LISTS = ("aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "headers")
OUR_HOSTS = {"", "127.0.0.1:8000", "localhost"}
DATA = "application/ld+json"
LOOPBACK = {"127.0.0.1", "localhost"}
NEVER = ("javascript:", "data:", "vbscript:")
SVG = "{http://www.w3.org/2000/svg}"


def check_page(response: TestResponse) -> None:
    """Check one HTML answer. Costs about 30 ms a page."""
    wrong = list(problems(response.get_data(as_text=True), response.headers.get("Content-Security-Policy", "")))
    where = f"{response.request.method} {response.request.path} ({response.status_code})"
    assert not wrong, f"{where} is not a good page:\n  " + "\n  ".join(wrong)


def problems(text: str, policy: str) -> Iterator[str]:
    """Everything wrong with a page and the policy that came with it, one sentence each."""
    yield from policy_problems(policy)
    if not text.lstrip().lower().startswith("<!doctype html>"):
        yield "no doctype"
    try:
        root = parse(text)
    except ParseError as error:
        yield f"not valid HTML: {error}"
        return
    for check in (frame, identifiers, headings, names, labels, inline, third_parties, forms):
        yield from check(root, policy)


@lru_cache(maxsize=64)
def parse(text: str) -> Element:
    """The tree of a page. Raises ParseError at the first thing that a browser would have to repair."""
    parser = html5lib.HTMLParser(html5lib.getTreeBuilder("etree"), strict=True, namespaceHTMLElements=False)
    try:
        root: Element = parser.parse(text)
    except ParseError as error:
        line, column = parser.tokenizer.stream.position() if parser.tokenizer else (0, 0)
        source = text.splitlines()[max(0, line - 1) : line]
        raise ParseError(f"{error} near line {line}, column {column}: {' '.join(source).strip()[:200]}") from error
    return root


def tags(root: Element, *names: str) -> Iterator[Element]:
    for element in root.iter():
        if isinstance(element.tag, str) and (not names or element.tag.removeprefix(SVG) in names):
            yield element


def words(element: Element) -> str:
    """The name that ears hear: aria-label first, then the text that is not hidden from them, and the alt of images."""
    if element.get("aria-label"):
        return str(element.get("aria-label"))
    parts = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str) and child.get("aria-hidden") != "true":
            parts.append(child.get("alt", "") if child.tag == "img" else words(child))
        parts.append(child.tail or "")
    return " ".join("".join(parts).split())


def show(element: Element) -> str:
    tag = str(element.tag).removeprefix(SVG)
    given = "".join(f' {name}="{element.get(name)}"' for name in ("id", "name", "class", "href") if element.get(name))
    return f"<{tag}{given}> {words(element)[:50]}".strip()


def policy_problems(policy: str) -> Iterator[str]:
    directives = dict(part.strip().partition(" ")[::2] for part in policy.split(";") if part.strip())
    if directives.get("default-src") != "'none'":
        yield "no Content-Security-Policy that begins by default-src 'none'"
    for name in ("script-src", "style-src"):
        if "unsafe" in directives.get(name, ""):
            yield f"the policy lets {name} be unsafe"


def frame(root: Element, policy: str) -> Iterator[str]:
    page = root if root.tag == "html" else next(tags(root, "html"))
    if not page.get("lang"):
        yield "<html> has no lang"
    if page.get("dir") not in {"ltr", "rtl"}:
        yield "<html> has no dir"
    titles = [element for element in tags(root, "title") if element.tag == "title"]
    if len(titles) != 1 or not words(titles[0]):
        yield "the page needs one <title> with words"
    elif not words(titles[0])[0].isalnum():
        yield f"the title begins oddly: {words(titles[0])!r}"
    if sum(1 for _ in tags(root, "main")) != 1:
        yield "the page needs one <main>"
    if sum(1 for _ in tags(root, "h1")) != 1:
        yield f"the page needs one <h1>, it has {sum(1 for _ in tags(root, 'h1'))}"
    if not any(meta.get("name") == "viewport" for meta in tags(root, "meta")):
        yield "no viewport"


def identifiers(root: Element, policy: str) -> Iterator[str]:
    ids = Counter(str(element.get("id")) for element in tags(root) if element.get("id") is not None)
    for one, times in ids.items():
        if times > 1:
            yield f"id {one!r} is used {times} times"
        if not one or re.search(r"\s", one):
            yield f"id {one!r} cannot be used"
    for element in tags(root):
        for attribute in ID_LISTS:
            for one in str(element.get(attribute) or "").split():
                if one not in ids:
                    yield f"{attribute} of {show(element)} points at {one!r}, which is not there"
        if element.get(attribute := "for") and element.get(attribute) not in ids:
            yield f"label for {element.get('for')!r}, which is not there"
        href = element.get("href") or ""
        if element.tag == "a" and href.startswith("#") and href[1:] not in ids:
            yield f"the link {show(element)} leads nowhere in the page"


def headings(root: Element, policy: str) -> Iterator[str]:
    last = 0
    for element in tags(root, *HEADINGS):
        level = int(str(element.tag)[1])
        if not words(element):
            yield f"an empty <h{level}>"
        if last and level > last + 1:
            yield f"<h{level}> after <h{last}>: {words(element)[:60]!r}"
        last = level


def names(root: Element, policy: str) -> Iterator[str]:
    for element in tags(root, "a", "button", "summary"):
        if element.tag == "a" and element.get("href") is None:
            continue
        if not words(element):
            yield f"nothing to hear in {show(element)}"
    for element in tags(root, "img"):
        if element.get("alt") is None:
            yield f"no alt on {element.get('src')}"
    for element in tags(root, "svg"):
        if element.get("aria-hidden") != "true" and not (element.get("role") == "img" and element.get("aria-label")):
            yield f"an <svg> that ears can neither skip nor name: {show(element)}"
    for element in tags(root, "nav", "form"):
        if element.tag == "nav" and not (element.get("aria-label") or element.get("aria-labelledby")):
            yield "a <nav> without a name"
    for element in tags(root):
        if (element.get("tabindex") or "0").lstrip("-").isdigit() and int(element.get("tabindex") or 0) > 0:
            yield f"tabindex above 0 on {show(element)}"
        if element.tag == "table" and not list(tags(element, "th")):
            yield "a table without headings"


def labels(root: Element, policy: str) -> Iterator[str]:
    named = {str(label.get("for")) for label in tags(root, "label") if label.get("for") and words(label)}
    wrapped = {id(field) for label in tags(root, "label") if words(label) for field in tags(label, *FIELDS)}
    for field in tags(root, *FIELDS):
        if field.tag == "input" and (field.get("type") or "text") in NAMELESS_INPUTS:
            continue
        named_here = field.get("aria-label") or field.get("aria-labelledby")
        if not (named_here or id(field) in wrapped or field.get("id") in named):
            yield f"no label for {show(field)}"
    for group in tags(root, "fieldset"):
        legends = [child for child in group if child.tag == "legend"]
        if len(legends) != 1 or not words(legends[0]):
            yield f"a <fieldset> without its <legend>: {words(group)[:60]!r}"


def inline(root: Element, policy: str) -> Iterator[str]:
    for element in tags(root):
        for attribute, value in element.attrib.items():
            if attribute == "style" or (isinstance(attribute, str) and attribute.startswith("on")):
                yield f"inline {attribute} on {show(element)}"
            if attribute in {"href", "src", "action", "formaction"} and value.lower().startswith(NEVER):
                yield f"{attribute}={value[:40]!r}"
    for script in tags(root, "script"):
        if script.get("type") == DATA:
            yield from data_problems(script.text or "")
        elif (script.text or "").strip():
            yield "an inline <script>"
        elif script.get("type") != "module":
            yield f"a script that is not a module: {script.get('src')}"
    for style in tags(root, "style"):
        digest = base64.b64encode(hashlib.sha256((style.text or "").encode()).digest()).decode()
        if f"'sha256-{digest}'" not in policy:
            yield "an inline <style> whose hash is not in the policy"


def data_problems(text: str) -> Iterator[str]:
    """A block of data is run by no browser; it must be data, and say nothing that ends it."""
    try:
        told = json.loads(text)
    except ValueError as error:
        yield f"a block of data that is no JSON: {error}"
        return
    if told.get("@context") != "https://schema.org" or not told.get("@type"):
        yield "a block of data that does not say in which words"
    if "<" in text:
        yield "a block of data with a mark that HTML reads"


def third_parties(root: Element, policy: str) -> Iterator[str]:
    for element in tags(root):
        tag = str(element.tag).removeprefix(SVG)
        address = element.get(LOADED.get(tag, ""))
        if address and tag == "link" and element.get("rel") in {"canonical", "alternate"}:
            continue
        if address and urlsplit(address).netloc not in OUR_HOSTS:
            yield f"a third party is asked for {address}"
        href = element.get("href") or ""
        if tag == "a" and urlsplit(href).scheme == "http" and urlsplit(href).hostname not in LOOPBACK:
            yield f"a link in the clear: {href}"


KEYED = "/desabonnement/"
"""Forms whose address is a key by itself: mail programs send them too"""


def forms(root: Element, policy: str) -> Iterator[str]:
    for form in tags(root, "form"):
        if (form.get("action") or "").startswith(KEYED):
            continue
        inputs = {field.get("name") for field in tags(form, "input")}
        if (form.get("method") or "get").lower() == "post" and "csrf_token" not in inputs:
            yield f"a form that posts to {form.get('action')!r} without its token"
        if any(True for inner in tags(form, "form") if inner is not form):
            yield "a form inside a form"
    for button in tags(root, "button"):
        if button.get("type") not in {"submit", "button"}:
            yield f"a button without its type: {words(button)!r}"
