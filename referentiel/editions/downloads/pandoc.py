"""Pandoc, run as a program: CommonMark on its standard input, one file out, and nothing of the machine in between.

It reads no configuration, no data of a user and no address; raw HTML and every mark that :mod:`commonmark` does not
write are off. Its dates come from ``SOURCE_DATE_EPOCH``, which it does not look at in a sandbox.
"""

import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory

import pypandoc

OFF = (
    *("raw_html", "raw_attribute", "emoji", "smart", "footnotes", "subscript", "superscript", "tex_math_dollars"),
    *("task_lists", "alerts", "definition_lists", "strikeout", "fancy_lists", "yaml_metadata_block"),
    *("implicit_header_references", "gfm_auto_identifiers"),
)
READER = "commonmark_x" + "".join(f"-{name}" for name in OFF)
ENVIRONMENT = {"LC_ALL": "C.UTF-8", "TZ": "UTC"}
PATIENCE = 120
"""Seconds: a book of 400 criteria takes about three"""


class PandocFailed(Exception):
    """Pandoc gave no document; the message is what it said."""


def converted(
    text: str, to: str, day: date, *, options: Sequence[str] = (), files: Mapping[str, bytes] | None = None
) -> bytes:
    """The document of this form. ``files`` stand beside it while it is made, by the names that ``options`` give.

    Raises PandocFailed. Costs about 80 ms and what the form costs.
    """
    moment = int(datetime.combine(day, time(), UTC).timestamp())
    with TemporaryDirectory(prefix="referentiel-") as name:
        folder = Path(name)
        for file, content in (files or {}).items():
            (folder / file).write_bytes(content)
        command = [pypandoc.get_pandoc_path(), f"--from={READER}", f"--to={to}", f"--data-dir={folder}"]
        environment = ENVIRONMENT | {"SOURCE_DATE_EPOCH": str(moment), "HOME": name, "TMPDIR": name}
        try:
            done = subprocess.run(  # noqa: S603 - our own program, no word of the text among its arguments
                [*command, "--output=made", *options],
                input=text.encode(),
                cwd=folder,
                env=environment,
                capture_output=True,
                timeout=PATIENCE,
                check=False,
            )
        except subprocess.TimeoutExpired as late:
            raise PandocFailed(f"pandoc, {to}: rien après {PATIENCE} secondes") from late
        if done.returncode:
            raise PandocFailed(f"pandoc, {to} : {done.stderr.decode(errors='replace').strip()}")
        return (folder / "made").read_bytes()


def default_file(name: str) -> bytes:
    """A file that pandoc brings, as this version brings it: ``reference.docx``, ``reference.odt``."""
    command = [pypandoc.get_pandoc_path(), f"--print-default-data-file={name}"]
    done = subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False, env=ENVIRONMENT)  # noqa: S603
    if done.returncode:
        raise PandocFailed(f"pandoc, {name} : {done.stderr.decode(errors='replace').strip()}")
    return done.stdout
