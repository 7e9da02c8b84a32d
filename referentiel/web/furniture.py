"""The top and the foot of every page: rendered once for a language and a kind of reader, then kept."""

from functools import cache

from flask import Flask, get_template_attribute
from markupsafe import Markup

from referentiel.web.language import LANGUAGE


def install(app: Flask) -> None:
    """``furniture('foot', signed_in, desk)`` in the templates. Some twenty pieces at most, 60 KB in all."""

    @cache
    def piece(_language: str, name: str, *given: str | bool) -> Markup:
        rendered: Markup = get_template_attribute("macros/furniture.html", name)(*given)
        return rendered

    def furniture(name: str, *given: object) -> Markup:
        return piece(LANGUAGE, name, *(one if isinstance(one, str) else bool(one) for one in given))

    app.add_template_global(furniture)
