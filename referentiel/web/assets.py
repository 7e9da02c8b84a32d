"""Our static files: addresses that carry the hash of their bytes, kept by browsers for a year, compressed once."""

import gzip
import hashlib
import os
import stat
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, abort, current_app, request
from werkzeug.security import safe_join

from referentiel.web.kinds import kind_of

SMALL = 1000
"""Under this number of bytes compression is not worth its header."""

FOR_EVER = "public, max-age=31536000, immutable"
A_WHILE = "public, max-age=300"


@dataclass(frozen=True)
class Asset:
    content: bytes
    packed: bytes | None
    tag: str
    type: str


@lru_cache(maxsize=256)
def _asset(path: str, _stamp: int) -> Asset:
    content = Path(path).read_bytes()
    packed = gzip.compress(content, 9, mtime=0) if len(content) > SMALL else None
    return Asset(content, packed, hashlib.sha256(content).hexdigest()[:12], kind_of(path))


def _find(name: str) -> Asset | None:
    """The file of this name, read again when it changes. Costs one ``stat``."""
    path = safe_join(str(current_app.static_folder), name)
    if not path:
        return None
    try:
        about = os.stat(path)
    except (OSError, ValueError):
        return None
    return _asset(path, about.st_mtime_ns) if stat.S_ISREG(about.st_mode) else None


def address(name: str) -> str:
    """``/static/ui.css?v=…``. Raises LookupError when there is no such file: a page must not ask for it."""
    found = _find(name)
    if found is None:
        raise LookupError(name)
    return f"/static/{name}?v={found.tag}"


def file(filename: str) -> Response:
    """Answer one static file: for ever under its own hash, for a while under another or none."""
    found = _find(filename)
    if found is None:
        abort(404)
    packed = found.packed if request.accept_encodings.quality("gzip") else None
    answer = Response(packed or found.content, mimetype=found.type)
    answer.headers["Cache-Control"] = FOR_EVER if request.args.get("v") == found.tag else A_WHILE
    if found.packed:
        answer.vary.add("Accept-Encoding")
    if packed:
        answer.headers["Content-Encoding"] = "gzip"
    answer.set_etag(f"{found.tag}-gz" if packed else found.tag)
    answer.make_conditional(request)
    return answer


def prepare(app: Flask) -> None:
    """Take the place of Flask's own static view, and give templates ``asset('ui.css')``."""
    app.view_functions["static"] = file
    app.add_template_global(address, "asset")
