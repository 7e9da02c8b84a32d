"""Which host names are ours, and how many proxies stand before us. Other ``Host`` headers are answered by 400."""

from urllib.parse import urlsplit

from flask import Flask, request
from werkzeug.exceptions import SecurityError
from werkzeug.middleware.proxy_fix import ProxyFix

from referentiel.config import LOOPBACK, Settings


def refuse_other_names() -> None:
    """Say so before anything else is looked at: a forged name is the whole answer."""
    if isinstance(request.routing_exception, SecurityError):
        raise request.routing_exception


def install(app: Flask, settings: Settings) -> None:
    public = urlsplit(settings.base_url).hostname or settings.host
    names = {public} if settings.production else {public, *LOOPBACK}
    app.config["TRUSTED_HOSTS"] = sorted(f"[{name}]" if ":" in name else name for name in names)
    app.before_request(refuse_other_names)
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=0, x_port=0, x_prefix=0
        )
