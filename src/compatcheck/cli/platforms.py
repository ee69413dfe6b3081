"""`compatcheck platforms`: the profiles that targets can name, one of them in full, and that of this machine."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from compatcheck.cli.exits import INCOMPLETE, PASSED, UsageMistakes
from compatcheck.cli.nearest import hint
from compatcheck.cli.parser import add_command
from compatcheck.cli.streams import out, tell

if TYPE_CHECKING:
    from compatcheck.cli.parser import Commands
    from compatcheck.rulebook.profiles import Release

_ACTIONS = ("list", "show", "collect")
_WIDTH = 100


def add_parser(commands: Commands) -> None:
    parser = add_command(commands, "platforms", "List the platforms that targets can name, show one, measure this one.")
    parser.epilog = (
        "examples:\n  compatcheck platforms\n  compatcheck platforms show debian-11\n"
        "  compatcheck platforms collect > mine.yaml && compatcheck --target ./mine.yaml .\n"
    )
    parser.add_argument("action", choices=_ACTIONS, nargs="?", default="list", help="list (default), show or collect")
    parser.add_argument("names", metavar="NAME", nargs="*", help="for show: a platform, or one of its releases")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="of list and show (default: text)")
    parser.add_argument("--python", metavar="PATH", default=sys.executable, help="for collect: the Python to measure")
    parser.add_argument("--name", default="mine", help="for collect: what to call the profile (default: mine)")


def run(args: argparse.Namespace) -> int:
    if args.action != "show" and args.names:
        raise UsageMistakes([f"{args.action} takes no names, {args.names[0]!r} is one; `show` takes them"])
    return {"list": _list, "show": _show, "collect": _collect}[args.action](args)


def _list(args: argparse.Namespace) -> int:
    profiles = _profiles()
    if args.format == "json":
        out(json.dumps([*profiles.values()], indent=2, default=str) + "\n")
        return PASSED
    for name, profile in profiles.items():
        out(f"{name}: {profile['title']}\n")
        out("".join(f"  {line}\n" for line in _wrapped(", ".join(_versions(profile)))))
    out(f"\n{len(profiles)} platforms. A target is a name, or NAME-RELEASE; a name alone means the release with a *.\n")
    return PASSED


def _versions(profile: Mapping[str, Any]) -> Iterator[str]:
    from compatcheck.rulebook.profiles import release_named

    chosen = release_named(profile["id"], {profile["id"]: profile})
    for version in profile["releases"]:
        release = release_named(f"{profile['id']}-{version}", {profile["id"]: profile})
        if release is not None and chosen is not None:
            star = "*" if version == chosen.version else ""
            yield f"{version}{star} ({'.'.join(map(str, release.python))})"


def _show(args: argparse.Namespace) -> int:
    from compatcheck.rulebook.profiles import names_of, release_named

    profiles = _profiles()
    known = [name for profile in profiles.values() for name in names_of(profile)]
    wrong = [name for name in args.names if name not in known]
    if wrong or not args.names:
        text = [
            f"there is no platform {name!r}{hint(name, known, '`compatcheck platforms` lists them')}" for name in wrong
        ]
        raise UsageMistakes(text or ["show what? `compatcheck platforms` lists the platforms"])
    releases = [release for name in args.names if (release := release_named(name, profiles))]
    if args.format == "json":
        out(json.dumps([_data(release) for release in releases], indent=2, default=str) + "\n")
    else:
        out("\n".join("".join(f"{line}\n" for line in _page(release)) for release in releases))
    return PASSED


def _data(release: Release) -> dict[str, Any]:
    """One release, with the lists that hold for it."""
    kept = {
        key: value for key, value in release.profile.items() if key in ("id", "title", "checked", "sources", "notes")
    }
    lists = {key: [*release.entries(key)] for key in ("lacks", "differs", "has", "syntax")}
    python = ".".join(map(str, release.python))
    return {**kept, "name": release.name, "release": release.version, "python": python, "system": release.system,
            "tells": release.tells, "packages": _packages(release), **lists}  # fmt: skip


def _packages(release: Release) -> dict[str, str | None]:
    return {**release.profile.get("packages", {}), **release.own.get("packages", {})}


def _page(release: Release) -> Iterator[str]:
    data = _data(release)
    yield f"{release.name}: {data['title']}"
    yield f"release {release.version}, speaks Python {data['python']}, checked {data['checked']}"
    yield from (f"source: {source}" for source in data["sources"] or ())
    for note in data.get("notes", ()):
        yield from ("", *_wrapped(note))
    for key, heading in (("lacks", "Does not have"), ("differs", "Does otherwise"), ("has", "Has beyond its Python")):
        for entry in data[key]:
            reason = f" ({entry['how']})" if "how" in entry else ""
            yield from ("", f"{heading}{reason}:", *_listed([*entry.get("modules", ()), *entry.get("names", ())]))
            yield from (f"  instead: {line}" for line in _wrapped(entry.get("instead", "")))
    for entry in data["syntax"]:
        heading = "Takes syntax that its Python refuses" if "works" in entry else "Refuses syntax of its Python"
        yield from ("", f"{heading}:", *_listed(entry.get("works") or entry["fails"]))
    if data["packages"]:
        named = [f"{name} {version}" if version else name for name, version in data["packages"].items()]
        yield from ("", "Installed:", *_listed(named))


def _listed(names: list[str]) -> list[str]:
    return [f"  {line}" for line in _wrapped(", ".join(names))]


def _wrapped(text: str) -> list[str]:
    from textwrap import wrap

    return wrap(text, _WIDTH, break_long_words=False, break_on_hyphens=False)


def _collect(args: argparse.Namespace) -> int:
    import re

    import yaml

    from compatcheck.rulebook import load_rulebook
    from compatcheck.run.measuring import CannotMeasure, profile_of

    if not re.fullmatch("[a-z][a-z0-9-]*", args.name):
        raise UsageMistakes([f"--name: {args.name!r} must be small letters, digits and -, a letter first"])
    try:
        profile = profile_of(args.python, args.name, load_rulebook())
    except CannotMeasure as error:
        tell([str(error)])
        return INCOMPLETE
    out(yaml.safe_dump(profile, sort_keys=False, allow_unicode=True, width=_WIDTH))
    return PASSED


def _profiles() -> Mapping[str, Any]:
    from compatcheck.rulebook import rules_folder
    from compatcheck.rulebook.profiles import all_profiles

    return all_profiles(rules_folder())
