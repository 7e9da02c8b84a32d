"""A process that decides, as a web worker does; run by the fault tests, which kill it, starve it or race it.

Each line that it writes is something that a person was told: ``done <operation>``, ``moved <operation>``…
"""

import sys
from pathlib import Path
from uuid import uuid4

from sqlalchemy.exc import OperationalError

from referentiel.errors import Busy, TextMoved, Unsure
from referentiel.journal.queries import operation as operation_of
from referentiel.library.actions import carry_out
from tests.library_house import House, house_in


def say(word: str, operation: str) -> None:
    sys.stdout.write(f"{word} {operation}\n")
    sys.stdout.flush()


def decide(house: House, path: str, title: str, words: str, *, commit: str | None = None) -> str:
    """One decision; gives the word that the person was told."""
    identity = str(uuid4())
    try:
        operation = house.begin([house.edit(path, {title: words}, commit=commit)], id=identity, base=commit)
        carry_out(house.library, operation, at=house.tick())
        word = "done"
    except TextMoved:
        word = "moved"
    except (Busy, Unsure) as answer:
        word = type(answer).__name__.lower()
    except OperationalError:
        # The row itself could not be written: the person sees an error page, and nothing was promised.
        word = "failed"
    say(word, identity)
    return word


def main(folder: Path, act: str, *arguments: str) -> None:
    """``loop <path>`` until killed; ``times <path> <n>``; ``once <path> <section> <words> [<base>]``."""
    with house_in(folder) as house:
        if act == "loop":
            number = 0
            while True:
                number += 1
                decide(house, arguments[0], "Énoncé", f"Tour {number} de {uuid4()}.")
        elif act == "times":
            say("ready", "-")
            sys.stdin.readline()
            for number in range(int(arguments[1])):
                decide(house, arguments[0], "Énoncé", f"Fois {number} de {arguments[0]}.")
        elif act == "once":
            path, title, words, *base = arguments
            say("ready", "-")
            sys.stdin.readline()
            decide(house, path, title, words, commit=base[0] if base else None)
        elif act == "show":
            operation = operation_of(arguments[0])
            say(operation.state if operation else "unknown", arguments[0])


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
