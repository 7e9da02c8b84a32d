"""Say in one line what is missing before the virtual environment is made. Standard library only, any Python 3."""

import importlib.util
import shutil
import sys


def missing():
    if sys.version_info < (3, 11):
        return (
            "Il faut Python 3.11 ou plus récent (ici : %d.%d). Sur Debian ou Ubuntu : apt install python3"
            % (sys.version_info[:2])
        )
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        return "Il manque le module venv. Sur Debian ou Ubuntu : apt install python3-venv"
    if shutil.which("git") is None:
        return "Il manque git. Sur Debian ou Ubuntu : apt install git"
    return None


if __name__ == "__main__":
    message = missing()
    if message:
        sys.exit(message)
