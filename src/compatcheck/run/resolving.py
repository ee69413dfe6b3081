"""Whether all requirements can be had together: asked of uv, in a process of its own. Nothing foreign is built or run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from compatcheck.index import Configured
from compatcheck.model.declared import Required, Trouble
from compatcheck.model.runtimes import Runtime, RuntimeSet
from compatcheck.run.deps import Asking
from compatcheck.run.subject import Subject

_PLATFORMS = {"linux": "linux", "darwin": "macos", "win32": "windows"}

_UV_SECONDS = 120
_SECRET = re.compile(r"(?<=://)[^/\s@]+@")


class NoUv(Exception):
    """uv is not installed."""


def resolved(
    requirements: Sequence[str], python: str, platform: str | None, index: Configured, *, offline: bool = False
) -> str | None:
    """None when all of the requirements can be installed together, else uv's explanation. Nothing foreign is built or
    run: wheels only, no interpreters are fetched. Raises NoUv, and TimeoutError.
    """
    uv = shutil.which("uv")
    if uv is None:
        raise NoUv
    command = [uv, "pip", "compile", "--no-config", "--quiet", "--no-header", "--only-binary", ":all:"]
    command += ["--no-python-downloads", "--python-version", python, "--color", "never"]
    command += ["--python-platform", platform] if platform else []
    command += ["--offline"] if offline else []
    environment = {name: value for name, value in os.environ.items() if not name.startswith("UV_INDEX")}
    if index.urls:
        environment["UV_DEFAULT_INDEX"] = index.urls[0]
        environment["UV_INDEX"] = " ".join(index.urls[1:])
    if index.certificates:
        environment["SSL_CERT_FILE"] = index.certificates
    with tempfile.TemporaryDirectory() as folder:
        asked = Path(folder) / "requirements.in"
        asked.write_text("\n".join(requirements) + "\n", "utf-8")
        try:
            done = subprocess.run(
                [*command, str(asked)],
                cwd=folder,
                env=environment,
                capture_output=True,
                text=True,
                timeout=_UV_SECONDS,
                check=False,
                stdin=subprocess.DEVNULL,
            )
        except subprocess.TimeoutExpired as error:
            raise TimeoutError from error
    if done.returncode == 0:
        return None
    return _SECRET.sub("", " ".join(done.stderr.replace(folder + os.sep, "").split()))


def resolver(index: Configured) -> Callable[[Sequence[Asking], Subject], list[Trouble]]:
    """A function that asks uv about every folder's requirements, for each target."""

    def resolve(askings: Sequence[Asking], subject: Subject) -> list[Trouble]:
        return [trouble for asking in askings for trouble in _of(asking, subject, index)]

    return resolve


def _of(asking: Asking, subject: Subject, index: Configured) -> Iterator[Trouble]:
    asked = [each for each in asking.needed if isinstance(each, Required) and not each.group]
    systems = [_PLATFORMS[name] for name in subject.project.settings.platform if name in _PLATFORMS] or ["linux"]
    pythons: dict[tuple[int, int], list[Runtime]] = {}
    for runtime in subject.rulebook.runtimes.members(subject.targets):
        pythons.setdefault(runtime.python, []).append(runtime)
    for python, runtimes in pythons.items() if asked else ():
        for system in systems:
            why = resolved([_text(each) for each in asked], f"{python[0]}.{python[1]}", system, index)
            if why is not None:
                fails = RuntimeSet(sum(1 << runtime.bit for runtime in runtimes))
                place = next((each for each in asked if re.search(rf"\b{re.escape(each.name)}\b", why)), asked[0]).place
                names = (("versions", subject.rulebook.runtimes.phrase(fails)), ("system", system), ("why", why))
                yield Trouble("dependency-unresolvable", place, names, (f"uv says: {why}",), fails=fails)


def _text(each: Required) -> str:
    extras = f"[{','.join(each.extras)}]" if each.extras else ""
    return f"{each.name}{extras}{each.specifier}" + (f" ; {each.marker}" if each.marker else "")
