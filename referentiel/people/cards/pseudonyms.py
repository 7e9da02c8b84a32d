"""Pseudonyms: a thing and its colour, "Lampe bleue", for the eyes of the person alone. Pure."""

import secrets

FEMININE = (
    "Barque",
    "Boussole",
    "Clé",
    "Comète",
    "Fontaine",
    "Fougère",
    "Guitare",
    "Horloge",
    "Lampe",
    "Lanterne",
    "Montagne",
    "Noisette",
    "Plume",
    "Porte",
    "Rivière",
    "Tasse",
    "Toupie",
    "Valise",
    "Voile",
    "Étoile",
)
MASCULINE = (
    "Bateau",
    "Bouton",
    "Cahier",
    "Carnet",
    "Chapeau",
    "Citron",
    "Crayon",
    "Jardin",
    "Moulin",
    "Nuage",
    "Panier",
    "Papillon",
    "Phare",
    "Piano",
    "Pont",
    "Sapin",
    "Tambour",
    "Train",
    "Vélo",
    "Voilier",
)
COLOURS = (
    ("bleue", "bleu"),
    ("blanche", "blanc"),
    ("brune", "brun"),
    ("dorée", "doré"),
    ("grise", "gris"),
    ("jaune", "jaune"),
    ("mauve", "mauve"),
    ("orange", "orange"),
    ("rose", "rose"),
    ("rouge", "rouge"),
    ("turquoise", "turquoise"),
    ("verte", "vert"),
)


def new_pseudonym() -> str:
    """One of 480; two people may have the same, since nobody else sees it."""
    feminine, masculine = secrets.choice(COLOURS)
    if secrets.randbelow(2):
        return f"{secrets.choice(FEMININE)} {feminine}"
    return f"{secrets.choice(MASCULINE)} {masculine}"
