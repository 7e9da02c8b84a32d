"""What every answer says to the browser: what may run, what may be kept, who may frame it."""

from flask import Flask, Response, g

from referentiel.config import Settings
from referentiel.web.sessions import browser

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "require-trusted-types-for 'script'",
        "trusted-types referentiel",
    )
)

CLOSED_FEATURES = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "autoplay",
        "browsing-topics",
        "camera",
        "display-capture",
        "encrypted-media",
        "fullscreen",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "publickey-credentials-get",
        "screen-wake-lock",
        "serial",
        "usb",
        "xr-spatial-tracking",
    )
)

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": CLOSED_FEATURES,
    # A single-file page already carries the digest of its own style.
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
}

HSTS = "max-age=63072000; includeSubDomains"
NO_STORE = "no-store"


def _personal() -> bool:
    """Somebody was recognised, or the page holds something of this browser alone."""
    return g.get("current_session") is not None or browser().modified or browser().token_is_new or "csrf_token" in g


def install(app: Flask, settings: Settings) -> None:
    secure = settings.base_url.startswith("https:")

    @app.after_request
    def _add(response: Response) -> Response:
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        if secure:
            response.headers.setdefault("Strict-Transport-Security", HSTS)
        if _personal():
            response.headers["Cache-Control"] = NO_STORE
        elif "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-cache"
        return response
