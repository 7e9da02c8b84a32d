"""The program ``referentiel``: it chooses how Python runs, then gives the word to the command line.

The site and its worker run without docstrings (``python -OO``): nobody reads them there, and they are 6 MB of each
process. This must come before anything is loaded, hence the command line loaded by name.
"""

import os
import sys
from importlib import import_module

LASTING = {"serve", "work"}
WITHOUT_DOCSTRINGS = "-OO"


def main() -> None:
    """Entry point. A process that lasts begins again without docstrings, under the same number."""
    if sys.argv[1:2] and sys.argv[1] in LASTING and sys.flags.optimize < 2:
        os.execv(sys.executable, [sys.executable, "-P", WITHOUT_DOCSTRINGS, "-m", "referentiel.program", *sys.argv[1:]])  # noqa: S606
    import_module("referentiel.cli").main()


if __name__ == "__main__":
    main()
