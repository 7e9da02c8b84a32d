"""Where a redirect may lead: inside this site, nowhere else."""

import unicodedata
from urllib.parse import unquote


def safe_url(target: str | None, default: str = "/") -> str:
    """``target`` when it is an address of this site (one leading ``/``, no ``\\``, no control), else ``default``."""
    if not target or len(target) > 2000 or not target.startswith("/") or target.startswith("//"):
        return default
    decoded = unquote(target)
    if "\\" in decoded or decoded.startswith("//") or any(unicodedata.category(char) in _REFUSED for char in decoded):
        return default
    return target


_REFUSED = {"Cc", "Cf", "Cs", "Zl", "Zp"}
