"""The application for a WSGI server: ``gunicorn wsgi:app`` or ``flask --app wsgi``."""

from referentiel.app import create_app

app = create_app()
