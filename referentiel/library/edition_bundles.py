"""An edition in one file of Git: who has it needs neither this site nor a network to read the history up to there."""

import tempfile
from pathlib import Path

from referentiel.durable import aside, synchronise
from referentiel.library.library import Library
from referentiel.library.references import EDITIONS, MAIN
from referentiel.library.seeding import make_empty
from referentiel.library.streams import LONG


def bundle_edition(library: Library, number: str, file: Path) -> None:
    """Write ``main`` as this edition seals it, its tag and those before it. Whole or not at all.

    Raises ``Unknown`` when nobody sealed this number, ``GitCommandError``, ``OSError``. About 30 ms. The bytes depend
    on the version of Git: what they hold does not.
    """
    sealed = library.edition(number)
    known = [tag.number for tag in library.editions()]
    tags = {f"{EDITIONS}{tag.number}": tag.tag_id for tag in library.editions()[: known.index(number) + 1]}
    with tempfile.TemporaryDirectory(prefix="edition-") as scratch, aside(file) as draft:
        # It holds references and borrows every object: the library gains no reference, even for a moment.
        repositories = make_empty(Path(scratch))
        try:
            lent = str((library.path / "objects").absolute())
            Path(scratch, "objects", "info", "alternates").write_text(f"{lent}\n", encoding="utf-8")
            orders = [f"create {name} {value}\n" for name, value in {MAIN: sealed.commit, **tags}.items()]
            repositories.run("update-ref", "--stdin", given="".join(orders).encode())
            repositories.run("bundle", "create", "--quiet", str(draft.absolute()), "HEAD", MAIN, *tags, timeout=LONG)
        finally:
            repositories.drop()
        draft.chmod(0o444)
        synchronise(draft)
