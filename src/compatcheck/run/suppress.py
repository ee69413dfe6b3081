"""What comments and settings silence. Nothing vanishes: what a comment silences is kept, with the comment."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from compatcheck.model.problems import Comment
from compatcheck.model.report import Finding, Suppressed

_CODE_KINDS = {"syntax", "module", "name", "method", "parameter", "annotation", "literal", "guard"}
_PROJECT_KINDS = {"config", "secret", "dependency", "metadata", "platform", "suppression"}
KINDS = frozenset(_CODE_KINDS | _PROJECT_KINDS)
_SILENCING = frozenset({"ignore", "ignore-file", "novm"})
_OURS = frozenset({"unused-suppression", "unknown-suppression", "malformed-suppression", "suppression"})


@dataclass(frozen=True, slots=True)
class Selection:
    """Rule ids and kinds to report (none: all) and not to report; what is ignored is ignored even if selected."""

    select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()

    def wants(self, rule: str, kind: str) -> bool:
        names = {rule, kind}
        return not names & self.ignore and (not self.select or bool(names & self.select))


@dataclass(frozen=True, slots=True)
class Names:
    """What comments may name: `known` rule ids and kinds. `idle` ones cannot fire in this run, so are never unused.

    `is_target` knows the SPECs that `reachable(…)` may hold.
    """

    known: frozenset[str]
    idle: frozenset[str] = frozenset()
    is_target: Callable[[str], bool] = bool


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something wrong with a comment: the rule, and the names in question."""

    rule: str
    comment: Comment
    names: tuple[str, ...] = ()


@dataclass(slots=True)
class Silenced:
    """One file's findings after its comments."""

    findings: list[Finding] = field(default_factory=list)
    suppressed: list[Suppressed] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)


def silence(findings: Sequence[Finding], comments: Sequence[Comment], names: Names) -> Silenced:
    """The findings of one file that its comments leave, those that they silence, and the comments' own mistakes."""
    if not comments:
        return Silenced(list(findings))
    used, by = _matched(findings, comments)
    troubles = [trouble for comment in comments for trouble in _troubles(comment, used.get(comment, ()), names)]
    return Silenced(
        [finding for index, finding in enumerate(findings) if index not in by],
        [
            Suppressed(findings[index], _told(comment))
            for index, comment in sorted(by.items(), key=lambda pair: pair[0])
        ],
        troubles,
    )


def silence_troubles(troubles: Sequence[Finding], comments: Sequence[Comment]) -> Silenced:
    """The findings about comments, of which comments that name them silence some."""
    explicit = [comment for comment in comments if _OURS.intersection(comment.names)]
    return Silenced(list(troubles)) if not explicit else _again(troubles, explicit)


def _again(troubles: Sequence[Finding], comments: Sequence[Comment]) -> Silenced:
    done = silence(troubles, comments, Names(frozenset()))
    return Silenced(done.findings, done.suppressed)


def _matched(
    findings: Sequence[Finding], comments: Sequence[Comment]
) -> tuple[dict[Comment, set[str]], dict[int, Comment]]:
    """The names that each comment needed, and for the index of each silenced finding the comment that did it."""
    used: dict[Comment, set[str]] = {}
    by: dict[int, Comment] = {}
    for comment in comments:
        if comment.action in _SILENCING:
            for index in _meant(comment, findings):
                used.setdefault(comment, set()).update(_naming(comment, findings[index]))
                by.setdefault(index, comment)
    return used, by


def _naming(comment: Comment, finding: Finding) -> list[str]:
    """The names by which a comment means a finding: "" when it means all, nothing when it does not mean it."""
    return [name for name in comment.names if name in (finding.rule, finding.kind)] if comment.names else [""]


def _meant(comment: Comment, findings: Sequence[Finding]) -> list[int]:
    """The indexes of the findings that the comment silences.

    A comment in the middle of a long construct means the innermost one around it, if none begins or ends there.
    """
    meant = [index for index, finding in enumerate(findings) if _naming(comment, finding)]
    if comment.action == "ignore-file":
        return meant
    first, last = comment.lines
    here, around = [], []
    for index in meant:
        begin, end = _extent(findings[index])
        if begin is None or findings[index].cell != comment.span.cell:
            continue
        if first <= begin <= last or first <= end <= last:
            here.append(index)
        elif begin < first and last < end:
            around.append((end - begin, index))
    return here or [index for _, index in sorted(around)[:1]]


def _extent(finding: Finding) -> tuple[int, int] | tuple[None, int]:
    if finding.line is None:
        return None, 0
    return finding.line, finding.end_line or finding.line


def _troubles(comment: Comment, used: Collection[str], names: Names) -> list[Trouble]:
    """vermin's comments are not ours to judge."""
    if comment.action == "unknown" or (comment.action == "reachable" and not all(map(names.is_target, comment.names))):
        return [Trouble("malformed-suppression", comment)]
    if comment.action not in ("ignore", "ignore-file"):
        return []
    unknown = tuple(name for name in comment.names if name not in names.known)
    found = [Trouble("unknown-suppression", comment, unknown)] if unknown else []
    passed_over = {*used, *unknown, *names.idle, *_OURS}
    unused = tuple(name for name in comment.names if name not in passed_over)
    if unused or not (comment.names or used):
        found.append(Trouble("unused-suppression", comment, unused))
    return found


def _told(comment: Comment) -> str:
    return f"{comment.text} (line {comment.span.line})"


@dataclass(frozen=True, slots=True)
class TroubleTexts:
    """What the rule files say about comments: messages and advice by rule id."""

    messages: Mapping[str, str]
    instead: Mapping[str, str | None]


def trouble_findings(
    path: str, troubles: Iterable[Trouble], targets: tuple[str, ...], texts: TroubleTexts
) -> list[Finding]:
    """Findings about comments, without fingerprints. They concern every target: no version decides them."""
    return [_finding(path, trouble, targets, texts) for trouble in troubles]


def _finding(path: str, trouble: Trouble, targets: tuple[str, ...], texts: TroubleTexts) -> Finding:
    span = trouble.comment.span
    names = ", ".join(f"`{name}`" for name in trouble.names) or f"`{trouble.comment.action}`"
    return Finding(
        rule=trouble.rule,
        kind="suppression",
        severity="warning",
        confidence="certain",
        message=texts.messages[trouble.rule].format(names=names),
        path=path,
        line=span.line,
        column=span.column,
        end_line=span.end_line,
        end_column=span.end_column,
        cell=span.cell,
        symbol=", ".join(trouble.names) or None,
        fails_on=targets,
        instead=texts.instead[trouble.rule],
    )
