"""What a request asks of the API: each parameter known, once, in its form; anything else is refused by its name."""

from collections.abc import Mapping

from werkzeug.datastructures import MultiDict

from referentiel.errors import N_, Invalid, Unknown
from referentiel.web.api.resources import Asked, Parameter, Resource
from referentiel.web.forms import showable

SHOWN = 40
"""Signs of an unknown name that an answer repeats"""


def read(resource: Resource, path: Mapping[str, object], query: MultiDict[str, str]) -> Asked:
    """What is asked, by name, with the usual value of what is not. Raises :class:`Invalid`, :class:`Unknown`."""
    known = {one.name: one for one in resource.query}
    for name, values in query.lists():
        if name not in known:
            raise Invalid(
                N_("Le paramètre «\u00a0%(name)s\u00a0» n’existe pas à cette adresse."),
                field=showable(name[:SHOWN]),
                way_out=N_("Ceux qui existent\u00a0: %(known)s."),
                name=showable(name[:SHOWN]),
                known=", ".join(known) or "aucun",
            )
        if len(values) > 1:
            raise Invalid(N_("Le paramètre «\u00a0%(name)s\u00a0» est donné plusieurs fois."), field=name, name=name)
    return _inside(resource, path) | {one.name: _value(one, query.get(one.name)) for one in resource.query}


def _inside(resource: Resource, path: Mapping[str, object]) -> dict[str, object]:
    """What the path holds; one of another form leads nowhere."""
    try:
        return {one.name: one.read(str(path[one.name])) for one in resource.inside}
    except ValueError:
        raise Unknown(N_("Rien ne se trouve à cette adresse.")) from None


def _value(parameter: Parameter, raw: str | None) -> object:
    if raw is None:
        return parameter.usual
    try:
        return parameter.read(raw)
    except ValueError:
        raise Invalid(
            N_("Le paramètre «\u00a0%(name)s\u00a0» n’a pas la forme attendue."),
            field=parameter.name,
            way_out=N_("Par exemple\u00a0: %(name)s=%(example)s."),
            name=parameter.name,
            example=parameter.example,
        ) from None
