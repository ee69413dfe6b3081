"""Where settings come from: the command line, the environment, files. Each gives a layer; later layers win."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields

from compatcheck.model.settings import Settings
from compatcheck.project.errors import SettingsError
from compatcheck.project.files import inside, shown
from compatcheck.project.keys import Path, Value, accept, from_text, schema
from compatcheck.project.patterns import rebased
from compatcheck.project.requires import Declared
from compatcheck.project.toml import Toml, read_toml
from compatcheck.rulebook.overlay import is_file

CONFIGS = ("compatcheck.toml", "pyproject.toml")
_PREFIX = "COMPATCHECK_"
_PATTERNS = frozenset({"exclude", "extend-exclude", "include", "extend-include"})
_PATTERN_TABLES = frozenset({"per-file-ignores", "per-file-targets", "per-file-severity"})
_ADDING = frozenset({"extend-exclude", "extend-include", "guard-decorators", "env", "severity"}) | _PATTERN_TABLES


@dataclass(frozen=True)
class Layer:
    """The settings of one source and where each of them stands."""

    values: Mapping[str, Value] = field(default_factory=dict)
    origins: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Reader:
    """Reads layers for one root and collects what is wrong with them."""

    root: str
    cwd: str
    errors: list[SettingsError] = field(default_factory=list)

    def overrides(self, given: Mapping[str, object]) -> Layer:
        """Options of the command line by key or field name; None is what was not given."""
        raw = {_key(name): _listed(value) for name, value in given.items() if value is not None}
        return self._layer(raw, {key: f"--{key}" for key in raw})

    def environment(self, environ: Mapping[str, str]) -> Layer:
        """`COMPATCHECK_FAIL_ON=never`, lists separated by commas. Variables that are no setting are not looked at."""
        raw, origins = {}, {}
        names = {_PREFIX + key.upper().replace("-", "_"): key for key in _from_environment()} if _any(environ) else {}
        for name, key in names.items():
            if environ.get(name):
                raw[key], origins[key] = from_text(key, environ[name]), name
        return self._layer(raw, origins)

    def _layer(self, raw: Mapping[str, object], origins: Mapping[str, str]) -> Layer:
        if not raw:
            return Layer()

        def tell(message: str, path: Path) -> None:
            self.errors.append(SettingsError(message, origins[path[0]]))

        values = accept(raw, tell, from_file=False)
        return Layer({key: self._rebased(key, value, self.cwd) for key, value in values.items()}, origins)

    def folder(self, folder: str, names: Collection[str]) -> tuple[Layer, ...]:
        """The layers of the settings file in a folder that holds files of these names; none when there is none."""
        for name in CONFIGS:
            if name in names:
                layers = self.file(os.path.join(folder, name))
                if layers is not None:
                    return layers
        return ()

    def file(self, location: str, base: str | None = None) -> tuple[Layer, ...] | None:
        """A file's layers, those that it extends first; None when it is a pyproject.toml without our table.

        `base` anchors its patterns, by default its folder.
        """
        layers: list[Layer] = []
        seen: list[str] = []
        following: str | None = location
        while following is not None:
            seen.append(os.path.realpath(following))
            known = len(self.errors)
            layer, extended = self._read(following, base or os.path.dirname(following))
            if layer is None:
                if layers and len(self.errors) == known:
                    self.errors.append(SettingsError("no [tool.compatcheck] to extend", shown(following, self.root)))
                return tuple(reversed(layers)) if layers else None
            layers.append(layer)
            following = self._extended(following, extended, seen) if extended else None
        return tuple(reversed(layers))

    def _read(self, location: str, base: str) -> tuple[Layer | None, str | None]:
        name = shown(location, self.root)
        try:
            toml = read_toml(location, name)
        except OSError:
            self.errors.append(SettingsError("there is no such file", name))
            return None, None
        if isinstance(toml, SettingsError):
            self.errors.append(toml)
            return None, None
        prefix = ("tool", "compatcheck") if os.path.basename(location) == "pyproject.toml" else ()
        table = toml.table(*prefix)
        if table is None:
            return None, None
        if not isinstance(table, dict):
            self.errors.append(SettingsError("tool.compatcheck must be a table", name, toml.line(*prefix)))
            return None, None
        return self._table(table, toml, prefix, base)

    def _table(self, table: dict[str, object], toml: Toml, prefix: Path, base: str) -> tuple[Layer, str | None]:
        def tell(message: str, path: Path) -> None:
            self.errors.append(SettingsError(message, toml.name, toml.line(*prefix, *path)))

        values = accept(table, tell, from_file=True)
        self._stays_inside(values, base, tell)
        extended = values.pop("extend", None)
        origins = {key: _at(toml, (*prefix, key)) for key in values}
        self._confine(values, base, origins)
        layer = Layer({key: self._rebased(key, value, base) for key, value in values.items()}, origins)
        return layer, extended if isinstance(extended, str) else None

    def _stays_inside(self, values: dict[str, Value], base: str, tell: Callable[[str, Path], None]) -> None:
        """Files that a settings file names lie in the project."""
        name = values.get("baseline")
        if isinstance(name, str) and not inside(
            os.path.realpath(os.path.join(base, name)), os.path.realpath(self.root)
        ):
            tell(f"baseline = {name!r} leads out of the project", ("baseline",))
            del values["baseline"]

    def _confine(self, values: Mapping[str, Value], base: str, origins: Mapping[str, str]) -> None:
        """What a project's own settings name as a profile lies in the project."""
        root = os.path.realpath(self.root)
        for key in ("target", "per-file-targets"):
            found = values.get(key)
            assert found is None or isinstance(found, tuple)
            specs = [spec for entry in found or () for spec in (entry[1] if isinstance(entry, tuple) else (entry,))]
            for spec in filter(is_file, specs):
                if not inside(os.path.realpath(os.path.join(base, spec)), root):
                    self.errors.append(SettingsError(f"{key}: {spec!r} leads out of the project", origins[key]))

    def _extended(self, location: str, extended: str, seen: Collection[str]) -> str | None:
        """The file that another extends, if it may."""
        target = os.path.join(os.path.dirname(location), extended)
        real = os.path.realpath(target)
        wrong = None
        if not inside(real, os.path.realpath(self.root)):
            wrong = f"extend = {extended!r} leads out of the project"
        elif real in seen:
            wrong = f"extend = {extended!r} extends itself"
        elif not os.path.isfile(real):
            wrong = f"extend = {extended!r}: there is no such file"
        if wrong is None:
            return target
        self.errors.append(SettingsError(wrong, shown(location, self.root)))
        return None

    def _rebased(self, key: str, value: Value, base: str) -> Value:
        if key in _PATTERNS and isinstance(value, tuple):
            return tuple(rebased(pattern, base, self.root) for pattern in value)
        if key == "baseline" and isinstance(value, str):
            return os.path.join(base, value)
        if key == "per-file-targets" and isinstance(value, tuple):
            return tuple((rebased(pattern, base, self.root), located(inner, base)) for pattern, inner in value)
        if key in _PATTERN_TABLES and isinstance(value, tuple):
            return tuple((rebased(pattern, base, self.root), inner) for pattern, inner in value)
        return located(value, base) if key == "target" and isinstance(value, tuple) else value


def located(specs: Iterable[str], base: str) -> tuple[str, ...]:
    """Targets, of which profile files are relative to a folder."""
    return tuple(os.path.normpath(os.path.join(base, spec.strip())) if is_file(spec) else spec for spec in specs)


def _key(name: str) -> str:
    return "target" if name == "targets" else name.replace("_", "-")


def _listed(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _any(environ: Mapping[str, str]) -> bool:
    return any(name.startswith(_PREFIX) for name in environ)


def _from_environment() -> Iterable[str]:
    """Tables have no spelling in a variable."""
    return (key for key, spec in schema()["properties"].items() if spec.get("type") != "object" and key != "extend")


def _at(toml: Toml, path: Path) -> str:
    line = toml.line(*path)
    return f"{toml.name}:{line}" if line else toml.name


def merged(files: Iterable[Layer], over: Iterable[Layer], declared: Declared | None) -> tuple[Settings, dict[str, str]]:
    """The settings of the layers, lowest first, and the origin of each key that is not a default."""
    values: dict[str, Value] = {}
    origins: dict[str, str] = {}
    for layer in files:
        _add(layer, values, origins)
    if any("target" in layer.values for layer in over):
        values.pop("per-file-targets", None)
        origins.pop("per-file-targets", None)
    for layer in over:
        _add(layer, values, origins)
    if not values.get("target") and declared:
        values["target"], origins["target"] = (declared.specifier,), declared.origin
    given = {_field(key): value for key, value in values.items()}
    return Settings(**given), origins  # type: ignore[arg-type]  # accept() checked every type by the schema


def _add(layer: Layer, values: dict[str, Value], origins: dict[str, str]) -> None:
    for key, value in layer.values.items():
        if key in _ADDING and key in values:
            values[key] = _joined(values[key], value)
            origins[key] += f", {layer.origins[key]}"
        else:
            values[key], origins[key] = value, layer.origins[key]


def _joined(low: Value, high: Value) -> Value:
    """What is added stands behind; a table's key that comes again has the later value."""
    assert isinstance(low, tuple) and isinstance(high, tuple)
    if any(isinstance(item, tuple) for item in (*low, *high)):
        again = {key for key, _ in high}
        return (*(pair for pair in low if pair[0] not in again), *high)
    return (*low, *high)


def _field(key: str) -> str:
    return "targets" if key == "target" else key.replace("-", "_")


KEYS = {field.name: "target" if field.name == "targets" else field.name.replace("_", "-") for field in fields(Settings)}
