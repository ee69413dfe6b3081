"""Statements of Python versions made to agree: the texts that change, nothing is written here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from compatcheck.depends.fixing import fixed
from compatcheck.depends.text import Text
from compatcheck.depends.versions import Versions
from compatcheck.model.source import Unreadable
from compatcheck.project import File, Project
from compatcheck.rulebook import load_rulebook
from compatcheck.run import metadata
from compatcheck.run.analyses import analyse
from compatcheck.run.subject import Subject


@dataclass(frozen=True, slots=True)
class Changed:
    """A file's text before and after; `mark` is its byte order mark, if it has one."""

    path: str
    before: str
    after: str
    mark: bytes = b""

    @property
    def data(self) -> bytes:
        return self.mark + self.after.encode("utf-8", "surrogatepass")


def fixed_files(project: Project, minimum: str | None = None) -> list[Changed]:
    """What changes in the files that the run covers; `minimum` is the oldest version to support from now on.

    Raises BadSettings for a minimum that is no known Python 3.
    """
    files = [each for each in project.discover() if isinstance(each, File)]
    rulebook = load_rulebook()
    if minimum is not None:
        rulebook.runtimes.parse(minimum)
    scope = metadata.scope(project, rulebook)
    code = [
        each for each in analyse(files, rulebook, scope, project, None, facts=False) if not isinstance(each, Unreadable)
    ]
    subject, versions = Subject(project, rulebook, scope, scope, code), Versions(rulebook.runtimes)
    changed: list[Changed] = []
    for stating in metadata.statements(project, rulebook):
        view = metadata.view(subject, stating, versions)
        texts = {path: (stating.patterns[path], text.text) for path, text in stating.texts.items()}
        new = fixed(texts, lambda stated, view=view: replace(view, stated=stated), minimum)  # type: ignore[misc]
        changed += _changed(stating.texts, new)
    return changed


def _changed(texts: Mapping[str, Text], new: Mapping[str, str]) -> list[Changed]:
    return [
        Changed(path, texts[path].text, after, b"\xef\xbb\xbf" if texts[path].marked else b"")
        for path, after in sorted(new.items())
    ]
