"""Texts built to be slow: a few signs, to be repeated. The benchmarks time the same ones."""

import json
from pathlib import Path

SLOW_TEXTS: dict[str, list[str]] = json.loads((Path(__file__).parent / "data" / "slow_texts.json").read_text("utf-8"))
