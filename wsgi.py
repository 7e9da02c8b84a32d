"""The application for a WSGI server: ``gunicorn wsgi:app`` or ``flask --app wsgi``."""

from referentiel.app import create_app
from referentiel.config import BadSetting

try:
    app = create_app()
except BadSetting as error:
    raise SystemExit(f"Erreur : {error}") from error
