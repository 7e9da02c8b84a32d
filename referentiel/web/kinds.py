"""The type of a file by its name: the table of Python and our own, the same on every machine.

What a machine adds to that table (``/etc/mime.types``) is neither read nor kept.
"""

import mimetypes
import os.path

ANY = "application/octet-stream"
_OPEN_XML = "application/vnd.openxmlformats-officedocument"
_KINDS = {
    **mimetypes.types_map,
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".docx": f"{_OPEN_XML}.wordprocessingml.document",
    ".xlsx": f"{_OPEN_XML}.spreadsheetml.sheet",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".epub": "application/epub+zip",
}


def kind_of(path: str) -> str:
    return _KINDS.get(os.path.splitext(path)[1].lower(), ANY)
