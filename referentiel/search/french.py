"""The French stemmer of snowballstemmer, without the thirty other languages that its package loads with itself.

They are 3 MB of each web process and a tenth of its start. The package is entered in the table of modules and not run:
its French module, and the base that it stands on, then load as they are.
"""

import sys
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from typing import Any


def _load() -> Any:
    name = "snowballstemmer"
    if name not in sys.modules:
        spec = find_spec(name)
        if spec is None:
            raise ModuleNotFoundError(name=name)
        sys.modules[name] = module_from_spec(spec)
    return import_module(f"{name}.french_stemmer").FrenchStemmer


FrenchStemmer = _load()
