"""Territories in a list that somebody chooses from: by region, each with what it holds."""

from flask_babel import gettext

from referentiel.people.structures.territories import COUNTRY, Territories, TerritoryKind

Groups = dict[str, list[tuple[str, str]]]


def by_region(known: Territories) -> Groups:
    """The country, then each region with its départements and their employment areas, then what is in no region."""
    groups: Groups = {gettext("France"): [(COUNTRY, known.of(COUNTRY).label)]}
    apart = []
    for child in known.children(COUNTRY):
        if child.kind is TerritoryKind.REGION:
            held = known.within(child.key)
            groups[child.name] = [(place.key, place.label) for place in known if place.key in held]
        else:
            apart.append((child.key, child.label))
    return groups | ({gettext("Outre-mer, hors régions"): apart} if apart else {})
