"""The facets of version 1, a file each: importing this package registers every one that stands in it."""

from importlib import import_module
from pkgutil import iter_modules

for _module in iter_modules(__path__, f"{__name__}."):
    import_module(_module.name)
