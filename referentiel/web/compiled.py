"""Templates are compiled once an instance, not once a process: half a second and four megabytes of each start."""

import logging

from flask import Flask
from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket

from referentiel.config import Settings

FOLDER = "templates"
log = logging.getLogger(__name__)


def install(app: Flask, settings: Settings) -> None:
    """Keep compiled templates in the instance; each knows the text it was made from, so none is ever stale.

    Without that folder (a disk that refuses), templates are compiled as they are asked for.
    """
    folder = settings.instance / FOLDER
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError:
        return
    app.jinja_env.bytecode_cache = _Kept(str(folder.resolve()))


class _Kept(FileSystemBytecodeCache):
    """A full disk slows a page down; it does not take it away."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        try:
            super().dump_bytecode(bucket)
        except OSError:
            log.warning("a compiled template could not be kept")
