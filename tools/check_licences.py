"""Each package of the lock has a known licence that lets us import it, and a line in THIRD-PARTY.md."""

import re
import sys
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REFUSED = re.compile(r"(?<!L)(?<!Lesser )(A?GPL|GNU (Affero )?General Public)", re.I)


def licence(name: str) -> str:
    """The licence that a package declares: expression, classifier or text, in that order of trust."""
    facts = metadata(name)
    expression = facts.get("License-Expression")
    if expression:
        return expression
    classifiers = [line.split(" :: ")[-1] for line in facts.get_all("Classifier") or () if line.startswith("License")]
    return ", ".join(classifiers) or (facts.get("License") or "").split("\n")[0]


def main() -> int:
    names = re.findall(r"^([a-z0-9][a-z0-9._-]*)==", (ROOT / "requirements.lock").read_text(), re.M)
    table = (ROOT / "THIRD-PARTY.md").read_text(encoding="utf-8")
    problems = []
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
