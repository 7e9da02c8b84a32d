"""The French catalogue holds exactly the sentences of the code and of the templates; ``--update`` makes it so.

French is the source: a sentence stands for itself. Only plurals are written out, because French counts zero as one.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
CATALOGUE = ROOT / "referentiel" / "translations" / "fr" / "LC_MESSAGES" / "messages.po"
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "gettext": None,
    "lazy": None,
    "N_": None,
    "ngettext": (1, 2),
}


def extracted() -> Catalog:
    """Every marked sentence, with its places."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    catalogue = Catalog(locale="fr", project="referentiel-partage", version="1", fuzzy=False, charset="utf-8")
    catalogue.msgid_bugs_address = ""
    catalogue.last_translator = ""
    catalogue.language_team = "fr"
    catalogue.header_comment = "# Les phrases des écrans, en français : la langue source."
    for path, _line, message, _comments, context in extract_from_dir(
        str(ROOT), method_map=methods, options_map=options, keywords=KEYWORDS
    ):
        is_plural = isinstance(message, tuple)
        catalogue.add(message, message if is_plural else "", locations=[(path, 0)], context=context)
    return catalogue


def ids(catalogue: Catalog) -> set[str]:
    return {str(message.id) for message in catalogue if message.id}


def update(catalogue: Catalog) -> None:
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    # A date would change the file each time, and say nothing that Git does not.
    catalogue.creation_date = catalogue.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    with CATALOGUE.open("wb") as file:
        write_po(file, catalogue, sort_output=True, no_location=True, omit_header=False, width=0)
    with CATALOGUE.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalogue)


def main() -> int:
    catalogue = extracted()
    if "--update" in sys.argv:
        update(catalogue)
        return 0
    with CATALOGUE.open("rb") as file:
        kept = read_po(file, locale="fr")
    missing, surplus = ids(catalogue) - ids(kept), ids(kept) - ids(catalogue)
    for title, messages in (("absente du catalogue", missing), ("en trop dans le catalogue", surplus)):
        for message in sorted(messages):
            print(f"phrase {title} : {message!r}")
    if missing or surplus:
        print("Lancez « make translations ».")
        return 1
    print(f"traductions : {len(ids(kept))} phrases, catalogue à jour")
    return 0


if __name__ == "__main__":
    sys.exit(main())
