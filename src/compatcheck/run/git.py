"""What git keeps of a repository, read without hooks, filters, file-system monitors or the network."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

_LARGEST = 16 << 20
_FILES = ("100644", "100755")
# No setting of the checked repository may start a program, and no missing object may be asked for over the network.
_SETTINGS = ("-c", f"core.hooksPath={os.devnull}", "-c", "core.fsmonitor=false", "-c", "core.pager=cat")
_QUIET = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
}


class GitError(Exception):
    """What git refused, in words for the user."""


class Repository:
    """A repository whose work tree has its top in a folder."""

    def __init__(self, top: str) -> None:
        self.top = top

    def commit(self, revision: str) -> str:
        """The commit of a revision: where HEAD parted from it, if it did. Raises GitError."""
        try:
            commit = self._text("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        except GitError as error:
            raise GitError(f"there is no revision {revision!r}") from error
        try:
            return self._text("merge-base", commit, "HEAD")
        except GitError:  # unrelated, or no commit yet
            return commit

    def write(self, commit: str, folder: str) -> None:
        """The files of a commit, below a folder; links, submodules and what is very large are left out."""
        wanted = list(self._wanted(commit))
        for (name, _), data in zip(wanted, self._blobs(digest for _, digest in wanted), strict=True):
            place = Path(folder, name)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)

    def _wanted(self, commit: str) -> Iterator[tuple[str, str]]:
        """(path, digest) of every regular file whose path stays in its folder."""
        for line in self._run("ls-tree", "-r", "-l", "-z", "--full-tree", commit).split(b"\0"):
            facts, _, name = line.partition(b"\t")
            parts = facts.decode("ascii", "replace").split()
            path = os.fsdecode(name)
            if len(parts) == 4 and parts[0] in _FILES and parts[3].isdecimal() and int(parts[3]) <= _LARGEST:
                if _stays(path):
                    yield path, parts[2]

    def _blobs(self, digests: Iterable[str]) -> Iterator[bytes]:
        asked = "".join(f"{digest}\n" for digest in digests).encode()
        data, at = self._run("cat-file", "--batch", given=asked), 0
        while at < len(data):
            head_end = data.index(b"\n", at)
            words = data[at:head_end].split()
            if len(words) != 3:
                raise GitError("the repository lacks some of its files: a shallow or partial clone")
            begin, size = head_end + 1, int(words[2])
            yield data[begin : begin + size]
            at = begin + size + 1

    def _text(self, *argv: str) -> str:
        return self._run(*argv).decode("utf-8", "replace").strip()

    def _run(self, *argv: str, given: bytes = b"") -> bytes:
        environ = {**os.environ, **_QUIET}
        try:
            done = subprocess.run(
                ["git", *_SETTINGS, "-C", self.top, *argv], input=given, capture_output=True, env=environ, check=False
            )
        except OSError as error:
            raise GitError("git is needed, and cannot be started") from error
        if done.returncode:
            raise GitError(done.stderr.decode("utf-8", "replace").strip() or f"git {argv[0]} failed")
        return done.stdout


def _stays(path: str) -> bool:
    parts = path.replace("\\", "/").split("/")
    return not ({"", ".", "..", ".git"} & {part.lower() for part in parts}) and ":" not in parts[0]
