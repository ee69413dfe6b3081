"""`python -m tools.skulpt.compare SKULPT FOLDER…`: client code before a Skulpt and before compatcheck. A file that does
not compile there must have a syntax error for anvil-client, and no other file may.

FOLDER holds Anvil apps, whose anvil.yaml chooses the language; or any Python, with --all.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from compatcheck.analyze import Analyzer
from compatcheck.model.source import Source
from compatcheck.project.anvil import anvil_app
from compatcheck.rulebook import load_rulebook
from tools.skulpt.worker import Skulpt

_LANGUAGES = {"anvil-client": 3, "anvil-client-python2": 2}
_LARGEST = 400_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """What both say of one file: an error each, or None."""

    path: Path
    skulpt: str | None
    ours: str | None
    warned: bool

    @property
    def agree(self) -> bool:
        return (self.skulpt is None) == (self.ours is None)


def compare(skulpt: Path, target: str, paths: list[Path]) -> Iterator[Verdict]:
    """The verdicts on files as a target's client code."""
    rulebook = load_rulebook(specs=[target])
    scope = rulebook.runtimes.parse(target).runtimes
    analyzer = Analyzer(rulebook, scope)
    with Skulpt(skulpt, _LANGUAGES[target]) as oracle:
        for path in paths:
            data = path.read_bytes()
            [answer] = oracle.compile([data.decode("utf-8", "replace")])
            problems = analyzer(Source(path.name, data)).problems
            syntax = [p for p in problems if p.kind == "syntax" and p.fails & scope]
            errors = [f"{p.span.line if p.span else '?'}: {p.message}" for p in syntax if p.severity == "error"]
            yield Verdict(path, answer.error, errors[0] if errors else None, len(syntax) > len(errors))


def client_files(folder: Path) -> Iterator[tuple[str, Path]]:
    """The client code of the apps below a folder, each with its target."""
    for config in sorted(folder.rglob("anvil.yaml")):
        app = anvil_app(str(config.parent))
        if app is not None:
            for path in sorted(config.parent.rglob("*.py")):
                if app.side(str(path)) == "client":
                    yield app.client, path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("skulpt", type=Path)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--all", metavar="TARGET", choices=_LANGUAGES, help="every Python file, as this target's")
    args = parser.parse_args()
    if args.all:
        found = [(args.all, path) for folder in args.folders for path in sorted(folder.rglob("*.py"))]
    else:
        found = [each for folder in args.folders for each in client_files(folder)]
    wrong = 0
    for target in _LANGUAGES:
        paths = [path for client, path in found if client == target and path.stat().st_size < _LARGEST]
        refused = apart = 0
        for each in compare(args.skulpt, target, paths):
            refused += each.skulpt is not None
            if not each.agree:
                apart += 1
                print(f"  {each.path}\n    skulpt: {each.skulpt}\n    ours:   {each.ours}", flush=True)
        print(f"{target}: {len(paths)} files, {refused} refused by Skulpt, {apart} verdicts apart", flush=True)
        wrong += apart
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
