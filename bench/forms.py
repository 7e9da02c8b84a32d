"""The fields of a form as a page gives it: what a browser sends back when nobody typed anything."""

from html.parser import HTMLParser

from bench.figures import Wrong

Fields = dict[str, list[str]]


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, Fields]] = []
        self._fields: Fields | None = None
        self._area = self._list = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._fields = {}
            self.forms.append((given.get("action", ""), self._fields))
        fields, name = self._fields, given.get("name", "")
        if fields is None:
            return
        if tag == "option" and self._list and "selected" in given:
            fields.setdefault(self._list, []).append(given.get("value", ""))
        elif tag == "input" and name and _is_sent(given):
            fields.setdefault(name, []).append(given.get("value", "on"))
        elif tag == "textarea" and name:
            fields.setdefault(name, []).append("")
            self._area = name
        elif tag == "select":
            self._list = name

    def handle_data(self, data: str) -> None:
        if self._area and self._fields is not None:
            self._fields[self._area][-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._fields = None
        elif tag == "textarea" and self._area and self._fields is not None:
            values = self._fields[self._area]
            values[-1] = values[-1].removeprefix("\n")
            self._area = ""
        elif tag == "select":
            self._list = ""


def _is_sent(given: dict[str, str]) -> bool:
    kind = given.get("type", "text")
    if kind in {"radio", "checkbox"}:
        return "checked" in given
    return kind not in {"submit", "image", "file", "button"}


def fields_of(page: str, *, holding: str) -> Fields:
    """The fields of the form that has a field of this name. Raises :class:`Wrong` when the page has none."""
    parser = _Forms()
    parser.feed(page)
    for _action, fields in parser.forms:
        if holding in fields:
            return fields
    raise Wrong(f"no form holds « {holding} »")
