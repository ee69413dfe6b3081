"""`python -m tools.judge`: install the judges, see which there are, and ask them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from tools.judge import pyodide, snippet, summary, unscreened, versions
from tools.judge.compare import Comparison, Outcome
from tools.judge.corpus import Choice, Entry
from tools.judge.corpus import entries as corpus_entries
from tools.judge.fuzz import fuzz, through_command_line
from tools.judge.judges import judges
from tools.judge.literals import programs
from tools.judge.packages import CorpusError
from tools.judge.shrink import smallest


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        code: int = options.run(options)
    except (pyodide.InstallError, CorpusError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return code


def install(_: argparse.Namespace) -> int:
    print(f"Python 3.14 and 3.15: {pyodide.install()}")
    return 0


def which(options: argparse.Namespace) -> int:
    for judge in judges():
        print(f"{judge.version:5} {judge.exact:28} {judge.interpreter.path}")
    absent = sorted(set(options.require) - {judge.version for judge in judges()})
    if absent:
        print(f"error: no interpreter judges Python {', '.join(absent)}", file=sys.stderr)
        print("install them with pyenv, and 3.14 and 3.15 with: python -m tools.judge install", file=sys.stderr)
    return 1 if absent else 0


def one_snippet(options: argparse.Namespace) -> int:
    source = sys.stdin.buffer.read() if options.file == "-" else Path(options.file).read_bytes()
    print(snippet.table(source))
    return 0


def many_snippets(options: argparse.Namespace) -> int:
    text = sys.stdin.read() if options.file == "-" else Path(options.file).read_text("utf-8", "surrogateescape")
    for row in snippet.rows(text.splitlines()):
        print(row)
    return 0


def corpus(options: argparse.Namespace) -> int:
    judged = _present(options.versions)
    return _report(options, judged, Comparison(judged).over(_chosen(options)))


def without_screen(options: argparse.Namespace) -> int:
    lost = 0
    for done, lines in unscreened.complaints(_chosen(options)):
        lost += len(lines)
        print("\n".join([*lines, f"{done} files, {lost} complaints"]), flush=True)
    return 1 if lost else 0


def _chosen(options: argparse.Namespace) -> list[Entry]:
    entries = corpus_entries(Choice(options.packages, options.lib_tests, options.paths), options.sample, options.seed)
    return programs(entries) if options.literals else entries


def fuzz_inputs(options: argparse.Namespace) -> int:
    if options.command_line:
        wrong = list(through_command_line(options.inputs, options.seed))
        print("\n".join([*wrong, f"{options.inputs} inputs, {len(wrong)} complaints"]))
        return 1 if wrong else 0
    judged = _present(options.versions) if options.judge else []
    return _report(options, judged, fuzz(options.inputs, options.seed, judged))


def _present(wanted: Sequence[str]) -> list[str]:
    present = {judge.version for judge in judges()}
    return [version for version in wanted if version in present]


def _report(options: argparse.Namespace, judged: Sequence[str], outcomes: Iterable[Outcome]) -> int:
    outcome = Outcome()
    for outcome in outcomes:
        print(f"{outcome.files} files, {len(outcome.disagreements)} disagreements", file=sys.stderr, flush=True)
    for line in summary.lines(outcome, judged):
        print(line)
    if options.out:
        summary.write(options.out, outcome)
    if options.shrink:
        for found, source in smallest(outcome):
            print(f"\n{found.direction}: {found.cause} on {found.version}\n    {source!r}", flush=True)
    return 1 if outcome.disagreements else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.judge", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    command = commands.add_parser("install", help="install Python 3.14 and 3.15 (npm's pyodide) into the cache folder")
    command.set_defaults(run=install)

    command = commands.add_parser("which", help="list the interpreters that judge")
    command.add_argument(
        "--require", type=versions.parse, default=[], metavar="3.7-3.13", help="exit 1 if one is absent"
    )
    command.set_defaults(run=which)

    command = commands.add_parser("snippet", help="what each interpreter says of one source")
    command.add_argument("file", metavar="FILE", help="a file, or - for standard input")
    command.set_defaults(run=one_snippet)

    command = commands.add_parser("snippets", help="which versions compile each line of a file")
    command.add_argument("file", metavar="FILE", help=r"one case a line, \n for a line's end; - for standard input")
    command.set_defaults(run=many_snippets)

    command = commands.add_parser("corpus", help="compare compatcheck with the interpreters on real code")
    _choosing(command)
    _comparing(command)
    command.set_defaults(run=corpus)

    command = commands.add_parser("unscreened", help="compare the rules' checks at all tokens with those at anchors")
    _choosing(command)
    command.add_argument("--seed", type=int, default=0, metavar="S")
    command.set_defaults(run=without_screen)

    command = commands.add_parser("fuzz", help="look for inputs on which compatcheck crashes, hangs or is wrong")
    command.add_argument("--inputs", type=int, default=20_000, metavar="N")
    command.add_argument("--judge", action="store_true", help="compare with the interpreters too")
    command.add_argument("--command-line", action="store_true", help="run `compatcheck check` over them instead")
    _comparing(command)
    command.set_defaults(run=fuzz_inputs)
    return parser


def _choosing(command: argparse.ArgumentParser) -> None:
    command.add_argument("--packages", nargs="+", default=[], metavar="NAME", help="only these of corpus.toml")
    command.add_argument("--lib-tests", action="store_true", help="the interpreters' own Lib and Lib/test")
    command.add_argument("--paths", nargs="+", type=Path, default=[], metavar="DIR", help="these folders or files")
    command.add_argument("--literals", action="store_true", help="not the files: the strings and doctests in them")
    command.add_argument("--sample", type=int, metavar="N", help="only so many files, chosen by --seed")


def _comparing(command: argparse.ArgumentParser) -> None:
    command.add_argument("--versions", type=versions.parse, default=versions.parse("3.6-3.15"), metavar="3.6-3.15")
    command.add_argument("--seed", type=int, default=0, metavar="S")
    command.add_argument("--out", type=Path, metavar="FILE", help="write every disagreement as JSON")
    command.add_argument("--shrink", action="store_true", help="show the smallest input for each cause")


if __name__ == "__main__":
    sys.exit(main())
