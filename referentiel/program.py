"""The program ``referentiel``: it chooses how Python runs, then gives the word to the command line.

The site and its worker run without docstrings (``python -OO``): nobody reads them there, and they are 6 MB of each
process; without the columns of each instruction either, which only underline a trace: 3 MB. While they load, nothing
looks for what could be thrown away: all of it stays, and looking is a fifth of the start;
:func:`referentiel.commands.memory.settle` begins to look. This must come before anything is loaded, hence the command
line loaded by name.
"""

import gc
import os
import sys
from importlib import import_module

LASTING = {"serve", "work"}
LIGHT = ("-OO", "-X", "no_debug_ranges")


def main() -> None:
    """Entry point. A process that lasts begins again without docstrings, under the same number."""
    if sys.argv[1:2] and sys.argv[1] in LASTING:
        if sys.flags.optimize < 2:
            again = [sys.executable, "-P", *LIGHT, "-m", "referentiel.program", *sys.argv[1:]]
            os.execv(sys.executable, again)  # noqa: S606
        gc.disable()
    import_module("referentiel.cli").main()


if __name__ == "__main__":
    main()
