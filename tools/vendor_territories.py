"""Make the two small files of territories from npm's package ``@etalab/decoupage-administratif``, unpacked.

    npm pack @etalab/decoupage-administratif@6.0.0 && tar xzf etalab-decoupage-administratif-6.0.0.tgz
    python -m tools.vendor_territories package

Codes, names and the region of each département are kept, as they are written there. What the package lists among the
regions without being one (``zone`` com: an overseas collectivity, that it also lists among the départements) is left
out. The digests to write in THIRD-PARTY.md are printed.
"""

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "referentiel" / "people" / "data"
COLLECTIVITY = "com"


def rows(package: Path, name: str) -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = json.loads((package / "data" / name).read_text(encoding="utf-8"))
    return read


def small(kept: list[dict[str, str]]) -> str:
    """One territory a line, so that a difference between two years can be read."""
    lines = ",\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in kept)
    return f"[\n{lines}\n]\n"


def main() -> int:
    if len(sys.argv) != 2:
        print("usage : python -m tools.vendor_territories DOSSIER", file=sys.stderr)
        return 2
    package = Path(sys.argv[1])
    regions = [
        {"code": row["code"], "nom": row["nom"]} for row in rows(package, "regions.json") if row["zone"] != COLLECTIVITY
    ]
    departments = [
        {"code": row["code"], "nom": row["nom"]} | ({} if row["zone"] == COLLECTIVITY else {"region": row["region"]})
        for row in rows(package, "departements.json")
    ]
    DATA.mkdir(exist_ok=True)
    for name, kept in (("regions.json", regions), ("departements.json", departments)):
        (DATA / name).write_text(small(kept), encoding="utf-8")
        print(name, hashlib.sha256((DATA / name).read_bytes()).hexdigest())
    print("version", json.loads((package / "package.json").read_text(encoding="utf-8"))["version"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
