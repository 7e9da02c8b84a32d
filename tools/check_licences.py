"""Each package of the lock has a known licence that lets us import it, and a line in THIRD-PARTY.md.

Each file of others that is kept here has its line there too, with its version, its licence and its digest.
"""

import hashlib
import re
import sys
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
KEPT = (
    "referentiel/people/structures/data/*.json",
    "referentiel/editions/downloads/typst/fonts/*.ttf",
    "tests/browser/*.min.js",
)
"""Where files of others are"""
OURS = {"referentiel/people/structures/data/bodies.json"}
FILE_LINE = re.compile(r"^\| `([^`]+)` \| [^|]+ \| ([^|]+) \| ([^|]+) \| `([0-9a-f]{64})` \|$", re.M)
REFUSED = re.compile(r"(?<!L)(?<!Lesser )(A?GPL|GNU (Affero )?General Public)", re.I)


def licence(name: str) -> str:
    """The licence that a package declares: expression, classifier or text, in that order of trust."""
    facts = metadata(name)
    expression = facts.get("License-Expression")
    if expression:
        return expression
    classifiers = [line.split(" :: ")[-1] for line in facts.get_all("Classifier") or () if line.startswith("License")]
    return ", ".join(classifiers) or (facts.get("License") or "").split("\n")[0]


def vendored(root: Path = ROOT) -> list[str]:
    """What is wrong with the files of others: one that nobody wrote down, that has gone, or that was changed."""
    lines = FILE_LINE.findall((root / "THIRD-PARTY.md").read_text(encoding="utf-8"))
    known = {name: (version.strip(), found.strip(), digest) for name, version, found, digest in lines}
    here = {str(path.relative_to(root)) for pattern in KEPT for path in root.glob(pattern)} - OURS
    problems = [f"{name} : absent de THIRD-PARTY.md" for name in sorted(here - set(known))]
    for name, (version, found, digest) in sorted(known.items()):
        print(f"{name} {version}: {found}")
        if not (root / name).is_file():
            problems.append(f"{name} : ce fichier n'est plus là")
        elif hashlib.sha256((root / name).read_bytes()).hexdigest() != digest:
            problems.append(f"{name} : ce n'est pas le fichier de THIRD-PARTY.md")
        if REFUSED.search(found):
            problems.append(f"{name} : {found}, que nous ne pouvons pas garder ici")
    return problems


def main() -> int:
    names = re.findall(r"^([a-z0-9][a-z0-9._-]*)==", (ROOT / "requirements.lock").read_text(), re.M)
    table = (ROOT / "THIRD-PARTY.md").read_text(encoding="utf-8")
    problems = vendored()
    for name in sorted(names):
        try:
            found = licence(name)
        except PackageNotFoundError:
            continue
        print(f"{name}: {found}")
        if not found:
            problems.append(f"{name} : licence inconnue")
        elif REFUSED.search(found) and " OR " not in found:
            problems.append(f"{name} : {found}, que nous ne pouvons pas importer")
        if f"| {name} |" not in table:
            problems.append(f"{name} : absent de THIRD-PARTY.md (licence : {found})")
    print("\n".join(problems) or "licences : rien à redire")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
