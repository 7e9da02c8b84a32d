"""The files of the mirror, given as they stand: the "dumb" protocol of Git, which any web server speaks.

A closed form of addresses: neither the configuration of the repository, nor its logs, nor any other name reaches the
disk. What is listed is read whole at once, so that the switch to a next version never cuts an answer in two.
"""

import re
from pathlib import Path

from flask import Response, request, send_file
from werkzeug.wrappers import Response as Answer

from referentiel.errors import N_, Unknown
from referentiel.library.mirror import FOLDER, NAME

FOR_EVER = "public, max-age=31536000, immutable"
_LISTS = re.compile(r"HEAD|info/refs|objects/info/packs")
_PACKS = re.compile(r"objects/pack/pack-[0-9a-f]{40}\.(pack|idx)")
_KINDS = {"pack": "application/x-git-packed-objects", "idx": "application/x-git-packed-objects-toc"}


def mirrored_file(instance: Path, path: str) -> Answer:
    """One file of the repository. Raises Unknown for any other name."""
    pack = _PACKS.fullmatch(path)
    try:
        if pack is not None:
            return _pack(instance / FOLDER / NAME / path, pack[1], path)
        if _LISTS.fullmatch(path):
            return _list((instance / FOLDER / NAME / path).read_bytes())
    except FileNotFoundError:
        pass
    raise Unknown(N_("Ce fichier n’est pas dans le dépôt public."))


def _pack(place: Path, kind: str, path: str) -> Answer:
    """Its name says its content: it may be kept for ever, and taken in several times."""
    answer = send_file(place.absolute(), mimetype=_KINDS[kind], conditional=True, etag=path)
    answer.headers["Cache-Control"] = FOR_EVER
    return answer


def _list(content: bytes) -> Answer:
    answer = Response(content, content_type="text/plain; charset=utf-8")
    answer.headers["Cache-Control"] = "no-cache"
    answer.add_etag()
    return answer.make_conditional(request)
