"""The least that Flask can do: one view that gives back bytes and headers learnt by heart. ``python -m bench.bare``.

It stands behind the very server of ``serve``: what a sealed page costs more than this is ours.
"""

import json
import sys
from pathlib import Path

from flask import Flask, Response

from referentiel.commands.serve import listening, make_server
from referentiel.config import Settings


def bare(answers: Path) -> Flask:
    """An application that knows these answers: path → headers and the file that holds the bytes."""
    app = Flask("bare", static_folder=None)
    known = {
        path: (Path(answer["file"]).read_bytes(), [(name, value) for name, value in answer["headers"]])
        for path, answer in json.loads(answers.read_text()).items()
    }

    @app.get("/<path:path>")
    def answer(path: str) -> Response:
        body, headers = known[path]
        return Response(body, headers=headers)

    return app


def main(answers: str, port: str) -> None:
    settings = Settings(port=int(port))
    listener = listening(settings)
    make_server(bare(Path(answers)), settings, listener).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
