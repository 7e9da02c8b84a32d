"""Archives whose bytes depend on what is in them and on one date, and on nothing else."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date

REGULAR_FILE = 0o100644 << 16
UNIX = 3
MIMETYPE = "mimetype"
"""In ODF and EPUB: first, and as it is, so that it is read without opening the archive"""


def zipped(files: Mapping[str, bytes], day: date, *, first: Sequence[str] = (), stored: bool = False) -> bytes:
    """A ZIP of these files, sorted by name after those that must come ``first``, each dated that day.

    Compressed by zlib, whose version then shapes the bytes; ``stored`` leaves them as they are, and so is the file that
    says of what kind an archive is.
    """
    order = [*first, *sorted(name for name in files if name not in first)]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in order:
            entry = zipfile.ZipInfo(name, date_time=(max(day.year, 1980), day.month, day.day, 0, 0, 0))
            entry.create_system, entry.external_attr = UNIX, REGULAR_FILE
            entry.compress_type = zipfile.ZIP_STORED if stored or name == MIMETYPE else zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[name])
    return buffer.getvalue()
