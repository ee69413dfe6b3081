"""Random trees with ignore files, and what git says about them."""

from __future__ import annotations

import os
import random
import subprocess
from pathlib import Path

_NAMES = ["a", "b", "ab", "a.py", "b.py", "c d", "#x", "!y", "foo", "foo.py", ".dot", "build", "é", "x[1]", "tail "]
_PIECES = [
    "a",
    "b",
    "ab",
    "*",
    "**",
    "?",
    "a*",
    "*b",
    "*.py",
    "foo",
    "[ab]",
    "[!a]",
    "[a-c]*",
    "c d",
    "\\#x",
    "\\!y",
    "é",
]
_ODD = [
    "",
    "#x",
    "!",
    "/",
    "//",
    "foo\\",
    "a[",
    "!*/",
    "*",
    "!*.py",
    "tail\\ ",
    "foo  ",
    "\\a",
    "x\\[1\\]",
    "**/a",
    "a/**",
]


def make_tree(random: random.Random, top: Path) -> None:
    """Folders and files at random, with .gitignore files in some folders, CRLF in some of those."""
    folders = [top]
    for _ in range(random.randint(1, 8)):
        folder = random.choice(folders) / random.choice(_NAMES)
        if not folder.exists():
            folder.mkdir()
            folders.append(folder)
    for folder in folders:
        for name in random.sample(_NAMES, random.randint(0, 6)):
            if not (folder / name).exists():
                (folder / name).write_text("")
        if folder == top or random.random() < 0.4:
            end = random.choice(["\n", "\n", "\r\n"])
            lines = [_pattern(random) for _ in range(random.randint(1, 5))]
            (folder / ".gitignore").write_bytes(end.join([*lines, ""]).encode())


def _pattern(random: random.Random) -> str:
    if random.random() < 0.15:
        return random.choice(_ODD)
    body = "/".join(random.choice(_PIECES) for _ in range(random.choice([1, 1, 1, 2, 3])))
    start = random.choice(["", "", "", "/", "!", "!/", "**/"])
    return start + body + random.choice(["", "", "/", "/**"])


def git(folder: Path, home: Path, *words: str) -> bytes:
    """The output of git, undisturbed by the settings of whoever runs the tests."""
    env = {"PATH": os.environ["PATH"], "HOME": str(home), "GIT_CONFIG_NOSYSTEM": "1"}
    return subprocess.run(["git", "-C", str(folder), *words], env=env, capture_output=True, check=True).stdout


def listed_by_git(folder: Path, home: Path) -> set[str]:
    """Names (surrogateescape) of what git tracks or would add."""
    names = git(folder, home, "ls-files", "-z", "-co", "--exclude-standard").split(b"\0")
    return {os.fsdecode(name) for name in names if name}
