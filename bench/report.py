"""``docs/performance.md``: what was measured, when, on which commit."""

import os
import platform
import sqlite3
import subprocess
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench.figures import Section

ROOT = Path(__file__).resolve().parents[1]
PLACE = ROOT / "docs" / "performance.md"
MEASURED = ("referentiel", "bench", "requirements.lock")


def broken(sections: Sequence[Section]) -> list[str]:
    """The ratios and counts that do not hold."""
    return [str(one) for section in sections for one in section.judged if not one.holds]


def text(sections: Sequence[Section], load: float) -> str:
    """The whole page, in Markdown."""
    failed = broken(sections)
    verdict = "All ratios and counts hold." if not failed else "**These do not hold:** " + "; ".join(failed) + "."
    parts = [
        "# Performance",
        "Written by `make bench`; each run writes it again. Ratios and counts are promises, and `make bench` fails "
        "when one is broken: both times of a ratio come from the same run, one asked just after the other. "
        "Milliseconds are goals: they depend on the machine. Times are medians; *first* is the first time that an "
        "item is asked of a process, *warm* are the next ones; every answer is checked to be the right one.",
        _facts(load),
        verdict,
        *(_section(section) for section in sections),
    ]
    return "\n\n".join(parts) + "\n"


def _facts(load: float) -> str:
    return _table(
        (
            ("", ""),
            ("commit", _commit()),
            ("date", datetime.now(UTC).date().isoformat()),
            ("Python", platform.python_version()),
            ("Git", _said("git", "--version").removeprefix("git version ")),
            ("SQLite", sqlite3.sqlite_version),
            ("machine", f"{os.cpu_count()} cores, {platform.system()}, load {load:.1f} when the run began"),
        )
    )


def _section(section: Section) -> str:
    parts = [f"## {section.title}", section.how, _table(section.table)]
    if section.judged:
        parts.append(_list(f"{'holds' if one.holds else '**does not hold**'}: {one}" for one in section.judged))
    if section.goals:
        parts.append(_list(f"{'met' if goal.holds else 'not met'}: {goal}" for goal in section.goals))
    return "\n\n".join(parts)


def _table(rows: Sequence[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(cells)} |" for cells in rows]
    lines.insert(1, "|" + " --- |" * len(rows[0]))
    return "\n".join(lines)


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _commit() -> str:
    changed = _said("git", "status", "--porcelain", "--untracked-files=no", "--", *MEASURED)
    return f"`{_said('git', 'rev-parse', 'HEAD')[:12]}`" + (", with changes not committed yet" if changed else "")


def _said(*command: str) -> str:
    return subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True).stdout.strip()
