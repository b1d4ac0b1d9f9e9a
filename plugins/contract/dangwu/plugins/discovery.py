"""Where plugins come from: entry points `dangwu.plugins`, and single `.yaml` or `.py` files in a folder.

This module and the command line are the only ones of the package that read files.
"""

from __future__ import annotations

import importlib.util
import inspect
import sys
from collections.abc import Callable, Mapping
from functools import partial
from importlib.metadata import EntryPoint, entry_points
from importlib.resources import files
from pathlib import Path
from types import ModuleType
from typing import Protocol, TypeVar

import pluggy

from dangwu.errors import MISDEEDS, CodeError, PolicyError, at, nearest
from dangwu.plugins import hooks
from dangwu.plugins.origin import Folder, Origin, Shipped, of_files, of_package, shipped
from dangwu.plugins.paper import FOLDER, Paper, given, shipped_papers
from dangwu.plugins.place import Place, runs
from dangwu.text.written import decoded, refused

GROUP = "dangwu.plugins"
HOOKS = tuple(name for name in vars(hooks) if name.startswith("dangwu_"))
T = TypeVar("T")


class Says(Protocol):
    """What is said of a plugin whose code runs elsewhere (see apart/code.py)."""

    @property
    def text(self) -> str:
        """Its policy."""

    @property
    def where(self) -> str:
        """Where that stands."""

    @property
    def rehearsals(self) -> tuple[Shipped, ...]:
        """The rehearsals that it brings."""

    @property
    def papers(self) -> tuple[Paper, ...]:
        """The papers that it brings."""


Outside = Callable[[Place], tuple[ModuleType, Says]]
"""Has the code at a place run in another process: what stands for it here, and what it says. Raises PolicyError."""


class Found:
    """What was found: a manager with the plugins' hooks, each policy's text with where it comes from, and of each plugin that
    cannot be used the sentences that say why.

    With `outside` no plugin's code is run here: `places` are those whose code runs there.
    """

    def __init__(self, outside: Outside | None = None) -> None:
        self.outside = outside
        self.places: dict[str, Place] = {}
        self.manager = pluggy.PluginManager(hooks.NAME)
        self.manager.add_hookspecs(hooks)
        self.texts: dict[str, tuple[str, str]] = {}
        self.broken: dict[str, tuple[str, ...]] = {}
        self.causes: dict[str, BaseException | None] = {}
        self.origins: dict[str, Origin] = {}
        self.rehearsals: dict[str, tuple[Shipped, ...]] = {}
        self.papers: dict[str, tuple[Paper, ...]] = {}

    def installed(self, also: Mapping[str, str] | None = None) -> None:
        """Add every installed package that has an entry point; `also`: packages that have none yet, by plugin."""
        points = {name: [EntryPoint(name, module, GROUP)] for name, module in (also or {}).items()}
        there: dict[str, list[EntryPoint]] = {}
        for point in entry_points(group=GROUP):
            there.setdefault(point.name, []).append(point)
        for name, listed in sorted({**points, **there}.items()):
            if len(listed) == 1:
                self._add(name, partial(self._package, listed[0]))
            else:
                packages = "、".join(sorted(one.dist.name if one.dist else one.value for one in listed))
                sentence = (
                    f"有 {len(listed)} 个包带来同名的插件“{name}”（{packages}），哪个也没有用。请只留一个。"
                )
                self.broken[name] = (sentence,)

    def folder(self, folder: Path) -> None:
        """Add the files of a folder: `x.yaml` is a policy, `x.py` hooks, and both together one plugin."""
        taken = frozenset(self.texts)
        stems = {path.stem for path in folder.iterdir() if path.suffix in (".yaml", ".yml", ".py")}
        for stem in sorted(stems):
            if stem in taken:
                sentence = f"文件夹中的插件“{stem}”与已安装的插件同名，不能代替它。请换一个标识。"
                self.broken[f"{stem}（{folder.name}）"] = (sentence,)
            else:
                self._add(stem, partial(self._files, stem, folder))

    def _add(self, name: str, add: Callable[[], None]) -> None:
        try:
            add()
        except PolicyError as error:
            self.broken[name] = error.problems
            if isinstance(error, CodeError):
                self.causes[name] = error.__cause__

    def one(self, place: Place) -> None:
        """Add the plugin at a place, and run its code here."""
        if place.module:
            point = EntryPoint(place.name, place.module, GROUP)
            self._add(place.name, partial(self._package, point))
        else:
            self._add(place.name, partial(self._files, place.name, Path(place.folder)))

    def _apart(self, bare: Place) -> ModuleType | None:
        """What stands here for a plugin whose code runs outside; None where it has none, or runs here."""
        if self.outside is None or not runs(bare):
            return None
        place = bare.now
        module, code = self.outside(place)
        self.places[place.name] = place
        self.manager.register(module, place.name)
        self.texts[place.name] = (code.text, code.where)
        self.rehearsals[place.name], self.papers[place.name] = code.rehearsals, code.papers
        return module

    def _package(self, point: EntryPoint) -> None:
        if apart := self._apart(Place(point.name, point.value)):
            self.origins[point.name] = of_package(point, apart)
            return
        module = _try(point.name, point.load)
        self._register(point.name, module)
        self.origins[point.name] = of_package(point, module)
        self.texts[point.name] = (
            _policy_text(point.name, module),
            f"{point.module.replace('.', '/')}/policy.yaml",
        )
        if hasattr(module, "__path__"):
            self.rehearsals[point.name] = _try(point.name, lambda: shipped(files(module) / "rehearsals"))
            self._papers(point.name, module, files(module) / FOLDER)

    def beside(self, stem: str, folder: Path) -> Path:
        """Load and register `stem.py` of a folder, if it is there."""
        code = folder / f"{stem}.py"
        if code.is_file():
            module = _try(stem, lambda: _module(code))
            self._register(stem, module)
            if hasattr(module, "dangwu_policy"):
                self.texts[stem] = (_try(stem, lambda: str(module.dangwu_policy())), code.name)
        return code

    def _files(self, stem: str, folder: Path) -> None:
        if apart := self._apart(Place(stem, "", str(folder))):
            self.origins[stem] = of_files(stem, folder, apart)
            return
        code = self.beside(stem, folder)
        self.origins[stem] = of_files(stem, folder, self.manager.get_plugin(stem))
        self.rehearsals[stem] = _try(stem, lambda: shipped(folder / "rehearsals" / stem))
        self._papers(stem, self.manager.get_plugin(stem), folder / FOLDER / stem)
        both = [path for path in (folder / f"{stem}.yaml", folder / f"{stem}.yml") if path.is_file()]
        if len(both) > 1:
            raise PolicyError(
                [f"插件 {stem} 有两份政策（{'、'.join(path.name for path in both)}）。请只留一份。"]
            )
        for path in both:
            self.texts[stem] = (_read(path), path.name)
        if stem not in self.texts:
            raise PolicyError(
                [f"插件 {stem} 没有政策。请写 {stem}.yaml，或在 {code.name} 里写 dangwu_policy。"]
            )

    def _papers(self, name: str, module: object, folder: Folder) -> None:
        written = getattr(module, "dangwu_documents", None)
        self.papers[name] = _try(name, lambda: given(written)) if written else shipped_papers(folder)

    def _register(self, name: str, module: object) -> None:
        problems = list(_strays(name, module))
        if problems:
            raise PolicyError(problems)
        try:
            self.manager.register(module, name)
        except (pluggy.PluginValidationError, ValueError) as error:
            raise PolicyError([f"插件 {name} 不能登记（{error}）。请检查插件，或先移除它。"]) from error


def _read(file: Path) -> str:
    try:
        return decoded(file.read_bytes(), file.name)
    except OSError as error:
        raise PolicyError([refused(error)]) from error


def code_beside(policy: Path) -> object:
    """The `x.py` beside a policy `x.yaml`, loaded as a folder's plugin would be: its facets are known from then on.

    None where there is no such file. Raises PolicyError.
    """
    found = Found()
    found.beside(policy.stem, policy.parent)
    return found.manager.get_plugin(policy.stem)


def _strays(name: str, module: object) -> list[str]:
    """What is wrong with functions that look like hooks: misspelt, without `@hookimpl`, or asking for what is not given."""
    found = []
    for word, value in vars(module).items() if isinstance(module, ModuleType) else ():
        if not word.startswith("dangwu_") or not inspect.isfunction(value):
            continue
        if word not in HOOKS:
            known = f"{nearest(word, HOOKS)}。可用的钩子有：{'、'.join(HOOKS)}。"
            found.append(f"插件 {name} 有不认识的钩子“{word}”{known}")
        elif word != "dangwu_policy" and not hasattr(value, f"{hooks.NAME}_impl"):
            found.append(f"插件 {name} 的钩子“{word}”没有标记，不会被调用。请在它前面写 @dangwu.hookimpl。")
        else:
            offered = tuple(inspect.signature(getattr(hooks, word)).parameters)
            found += [
                f"插件 {name} 的钩子“{word}”没有参数“{given}”{nearest(given, offered)}。"
                f"可用的参数有：{'、'.join(offered) or '（没有）'}，要几个写几个。"
                for given in inspect.signature(value).parameters
                if given not in offered
            ]
    return found


def _try(name: str, load: Callable[[], T]) -> T:
    try:
        return load()
    except MISDEEDS as error:
        raise CodeError(
            [f"插件 {name} 无法载入（{type(error).__name__}：{error}{at(error)}）。请检查插件，或先移除它。"]
        ) from error


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"dangwu_file_{path.stem.replace('-', '_')}", path)
    if spec is None or spec.loader is None:
        raise ImportError(path.name)
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)  # annotations are looked up there
    spec.loader.exec_module(module)
    return module


def _policy_text(name: str, module: ModuleType) -> str:
    if hasattr(module, "dangwu_policy"):
        return _try(name, lambda: str(module.dangwu_policy()))
    resource = files(module) / "policy.yaml"
    if not resource.is_file():
        raise PolicyError([f"插件 {name} 的包里没有 policy.yaml，也没有 dangwu_policy。请补上其中之一。"])
    return decoded(resource.read_bytes(), f"{name}/policy.yaml")
