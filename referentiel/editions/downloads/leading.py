"""Where a link of the text leads once everything is in one book: to a place of the book, or to the site. Pure."""

import re
from collections.abc import Callable, Collection

from referentiel.criteria.paths import Kind
from referentiel.editions.pages.addresses import in_one_page

_ITEMS = (Kind.CHAPTER, Kind.CRITERION, Kind.PAGE, Kind.TERM, Kind.TOOL, Kind.SKILL)
_ITEM = re.compile(rf"(?:/travail)?/({'|'.join(_ITEMS)})/?#?([A-Za-z0-9-]*)/?")


def leading(anchors: Collection[str], site: str) -> Callable[[str, str], str]:
    """From the anchor of the item where an address of the text stands, and that address, to the one to write.

    ``""`` when it leads nowhere that a reader of the file could go: its words stay.
    """

    def lead(here: str, address: str) -> str:
        if address.startswith("#"):
            return next((f"#{name}" for name in (f"{here}-{address[1:]}", address[1:]) if name in anchors), "")
        if not address.startswith("/"):
            return address
        found = _ITEM.match(address)
        if found:
            place = in_one_page(*found.groups())[1:]
            section = f"{place}-{address.partition('#')[2]}"
            known = next((name for name in (section, place) if name in anchors), "")
            if known:
                return f"#{known}"
        return site + address if site else ""

    return lead
