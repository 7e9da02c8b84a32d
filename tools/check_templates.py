"""Every template compiles, and none carries what the security policy or the house forbids."""

import re
import sys
from pathlib import Path

from jinja2 import TemplateError

from referentiel.app import create_app
from tools.scratch import scratch_settings

TEMPLATES = Path(__file__).resolve().parents[1] / "referentiel" / "templates"
FORBIDDEN = {
    r"\|\s*safe\b": "« |safe » : seul le module de rendu déclare un texte sûr",
    r"\bstyle=": "un style dans la page : la politique de sécurité le refuse",
    r"\son[a-z]+=\"": "un gestionnaire dans la page : la politique de sécurité le refuse",
    r"<script(?![^>]*\bsrc=)": "un script dans la page",
    r"<style\b": "une feuille de style dans la page",
    r"autoescape\s+false": "l’échappement coupé",
    r"(?:src|href)=\"(?:https?:)?//": "une adresse d’un autre site",
}


def faults() -> list[str]:
    found = []
    with scratch_settings() as settings:
        app = create_app(settings)
        for path in sorted(TEMPLATES.rglob("*.*")):
            name = str(path.relative_to(TEMPLATES))
            text = path.read_text(encoding="utf-8")
            try:
                app.jinja_env.parse(text, name)
            except TemplateError as error:
                found.append(f"{name}: {error}")
            for number, line in enumerate(text.splitlines(), 1):
                found += [f"{name}:{number}: {why}" for rule, why in FORBIDDEN.items() if re.search(rule, line)]
    return found


if __name__ == "__main__":
    problems = faults()
    print("\n".join(problems) or "gabarits : rien à redire")
    sys.exit(bool(problems))
