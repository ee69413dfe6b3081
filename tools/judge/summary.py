"""What a comparison found, for people and for other tools."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from tools.judge import versions
from tools.judge.compare import Disagreement, Outcome

EXAMPLES = 3
SHORT = 2_000  # sources no longer than this are worth writing down


def lines(outcome: Outcome, judged: Sequence[str]) -> Iterator[str]:
    """Counts, then the disagreements by cause, the commonest first, then what hit a limit."""
    agreed = outcome.pairs - len(outcome.disagreements) - len(outcome.undecided)
    yield f"versions: {versions.shown(judged, judged)}"
    yield f"files: {outcome.files}   pairs: {outcome.pairs}   agreements: {agreed}"
    groups: dict[tuple[str, str], list[Disagreement]] = defaultdict(list)
    for found in outcome.disagreements:
        groups[found.direction, normalised(found.cause)].append(found)
    for (direction, cause), members in sorted(groups.items(), key=lambda item: -len(item[1])):
        yield from _group(direction, cause, members)
    yield from _limits(outcome)
    yield f"disagreements: {len(outcome.disagreements)} in {len(groups)} groups"


def write(path: Path, outcome: Outcome) -> None:
    disagreements = [asdict(found) for found in outcome.disagreements]
    undecided = [{"label": label, "version": version, "reason": why} for label, version, why in outcome.undecided]
    sources = {label: data.decode("utf-8", "replace") for label, data in outcome.sources.items() if len(data) <= SHORT}
    content = {
        "files": outcome.files,
        "pairs": outcome.pairs,
        "disagreements": disagreements,
        "undecided": undecided,
        "sources": sources,
    }
    path.write_text(json.dumps(content, indent=1), "utf-8")


def normalised(cause: str) -> str:
    """Messages without the names and numbers of one program."""
    return re.sub(r"\d+", "N", re.sub(r"'[^']*'|\"[^\"]*\"", "'…'", cause))


def _group(direction: str, cause: str, members: Sequence[Disagreement]) -> Iterator[str]:
    by_file: dict[str, list[Disagreement]] = defaultdict(list)
    for member in members:
        by_file[member.label].append(member)
    yield f"\n{direction}: {cause}   ({len(members)} pairs, {len(by_file)} files)"
    for label, found in list(by_file.items())[:EXAMPLES]:
        where = " ".join(dict.fromkeys(member.version for member in found))
        yield f"    {label}:{found[0].line}  on {where}  {found[0].detail.splitlines()[-1] if found[0].detail else ''}"


def _limits(outcome: Outcome) -> Iterator[str]:
    counts = Counter(normalised(why) for _, _, why in outcome.undecided)
    if counts:
        yield "\nlimits, not judged:"
    for why, count in counts.most_common():
        examples = [
            f"{label} on {version}" for label, version, reason in outcome.undecided if normalised(reason) == why
        ]
        yield f"    {count} × {why}   ({examples[0]})"
