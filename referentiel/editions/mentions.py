"""What each form of an edition says of itself, wherever it is taken."""

NOTICE = "Ce référentiel n’est ni une règle de droit, ni un contrôle."
LICENCE = "Licence Ouverte 2.0 (etalab-2.0)"
