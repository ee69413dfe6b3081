"""`python -m tools.skulpt FOLDER…`: what the Skulpts in folders (one a release, oldest first; the folder's name is the
release's) do with every example of rules/syntax, and with the standard library, as the lists of a platform profile.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import yaml

from tools.skulpt.measure import Measured, groups, measure

_KEYS = (("syntax", "works"), ("syntax", "fails"), ("lacks", "modules"), ("lacks", "names"), ("has", "names"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--language", type=int, choices=(2, 3), default=3)
    parser.add_argument("--python", default="3.7", help="the CPython that the profile is compared with")
    args = parser.parse_args()
    measured: dict[str, Measured] = {}
    for folder in args.folders:
        print(f"{folder.name} …", file=sys.stderr)
        measured[folder.name] = measure(folder, args.language, args.python)
    lists: dict[str, list[object]] = {}
    for section, key in _KEYS:
        lists.setdefault(section, []).extend(groups(measured, section, key))
    print(yaml.safe_dump(lists, sort_keys=False, width=120, default_flow_style=None, allow_unicode=True), end="")


if __name__ == "__main__":
    main()
