"""Fetch the programs that the tests run: Chromium, PostgreSQL, strace, and the real readers of what is published.

As root on Debian they come from its packages; elsewhere the browser is the one that Playwright installs, and a clear
line says what could not be had.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

APT = ["apt-get", "install", "-y", "-qq", "--no-install-recommends"]


def debian_packages() -> list[str]:
    """What the tests want from Debian and is not there; each package with a sign of its presence."""
    wanted = {
        "chromium": "chromium",
        "strace": "strace",
        "postgresql": "/usr/lib/postgresql",
        "fonts-liberation": "/usr/share/fonts/truetype/liberation",
        "epubcheck": "/usr/share/java/epubcheck.jar",
        "qpdf": "qpdf",
        "poppler-utils": "pdftotext",
        "libreoffice-writer-nogui": "/usr/lib/libreoffice/share/.registry/writer.xcd",
        "libreoffice-calc-nogui": "/usr/lib/libreoffice/share/.registry/calc.xcd",
        "nginx-light": "nginx",
        "faketime": "faketime",
    }
    return [name for name, sign in wanted.items() if not (shutil.which(sign) or Path(sign).exists())]


def has_postgresql() -> bool:
    return bool(shutil.which("initdb")) or Path("/usr/lib/postgresql").exists()


def main() -> None:
    if sys.argv[1:] == ["--has", "postgresql"]:
        sys.exit(not has_postgresql())
    if Path("/etc/debian_version").exists() and os.geteuid() == 0 and shutil.which("apt-get"):
        packages = debian_packages()
        if packages:
            print("Installation de", ", ".join(packages), "…")
            quiet = {"stdout": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
            subprocess.run(["apt-get", "update", "-qq"], check=False, **quiet)
            subprocess.run([*APT, *packages], check=False, **quiet)
    if not has_postgresql():
        print("PostgreSQL manque : ses tests seront passés. Sur Debian ou Ubuntu : apt install postgresql")
    if shutil.which("chromium"):
        return
    done = subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    if done.returncode:
        sys.exit(
            "Aucun navigateur pour les tests : installez le paquet « chromium » (Debian, Ubuntu : apt install "
            "chromium), ou laissez Playwright télécharger le sien (python -m playwright install chromium)."
        )


if __name__ == "__main__":
    main()
