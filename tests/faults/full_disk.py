"""Run inside a disk of 4 MB: fill it, decide at each amount of room left, read, free it, decide again."""

import sys
from pathlib import Path

from referentiel.library.recovery import recover
from tests.faults.settling import check
from tests.faults.worker import decide
from tests.library_house import House, house_in

TOLD = {"done": "accepted", "busy": "refused", "unsure": "refused", "failed": "refused"}
ROOM = (0, 4, 8, 12, 16, 20, 24, 32, 48, 64, 96, 128)
"""Kilobytes left free, one decision for each: the room goes out at another step each time."""


def fill(disk: Path, room: int) -> Path:
    """Take all the room of the disk but ``room`` kilobytes."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as stream:
        try:
            while stream.write(b"x" * 4096):
                pass
        except OSError:
            pass
    size = ballast.stat().st_size
    with ballast.open("r+b") as stream:
        stream.truncate(max(size - room * 1024, 0))
    return ballast


def main(disk: Path) -> None:
    told: list[str] = []
    with house_in(disk / "house") as house:
        for room in ROOM:
            ballast = fill(disk, room)
            before = house.section("criteres/A2.md", "Énoncé")
            told.append(TOLD[decide(house, "criteres/A2.md", "Énoncé", f"Avec {room} ko.")])
            house.library.snapshots.clear()
            after = house.section("criteres/A2.md", "Énoncé")
            assert after == f"Avec {room} ko." or (told[-1] == "refused" and after == before)
            ballast.unlink()
            recover(house.library, at=house.tick())
            retry(house, room)
        assert "accepted" in told, "with enough room a decision passes"
        check(house, [])
    sys.stdout.write(" ".join(told) + "\n")


def retry(house: House, room: int) -> None:
    """The same act, tried again with room, succeeds."""
    house.adopt("criteres/A2.md", {"Énoncé": f"Après {room} ko."})
    assert house.section("criteres/A2.md", "Énoncé") == f"Après {room} ko."


if __name__ == "__main__":
    main(Path(sys.argv[1]))
