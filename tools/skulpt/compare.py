"""`python -m tools.skulpt.compare SKULPT FOLDER…`: client code before a Skulpt and before compatcheck. A file that does
not compile there must have a syntax error for anvil-client, and no other file may.

FOLDER holds Anvil apps, or any Python with --all. Files in Python 2's language are read as their anvil.yaml says.
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
    parser.add_argument("--all", action="store_true", help="every Python file, as anvil-client")
    args = parser.parse_args()
    if args.all:
        found = [("anvil-client", path) for folder in args.folders for path in sorted(folder.rglob("*.py"))]
    else:
        found = [each for folder in args.folders for each in client_files(folder)]
    wrong = 0
    for target in _LANGUAGES:
        paths = [path for client, path in found if client == target and path.stat().st_size < _LARGEST]
        verdicts = list(compare(args.skulpt, target, paths))
        apart = [each for each in verdicts if not each.agree]
        refused = sum(each.skulpt is not None for each in verdicts)
        print(f"{target}: {len(verdicts)} files, {refused} refused by Skulpt, {len(apart)} verdicts apart")
        for each in apart:
            print(f"  {each.path}\n    skulpt: {each.skulpt}\n    ours:   {each.ours}")
        wrong += len(apart)
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
