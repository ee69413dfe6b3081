"""Where imports and definitions go, and that none is added twice."""

from __future__ import annotations

import pytest

from compatcheck.fix import Fixes

CASES = {
    "into the statement that is there": (
        "from typing import Any, cast\n\nx = cast(Any, list[int])\n",
        "from typing import Any, List, cast\n\nx = cast(Any, List[int])\n",
    ),
    "sorted among its section": (
        '"""Doc."""\n\nimport abc\nimport zlib\n\nimport requests\n\nX = dict[str, int]\n',
        '"""Doc."""\n\nimport abc\nimport zlib\nfrom typing import Dict\n\nimport requests\n\nX = Dict[str, int]\n',
    ),
    "first of all, where there is none": (
        "# licence\n\nX = dict[str, int]\n",
        "# licence\n\nfrom typing import Dict\n\nX = Dict[str, int]\n",
    ),
    "before its first use": (
        "X = dict[str, int]\n\nimport zlib\n",
        "from typing import Dict\n\nX = Dict[str, int]\n\nimport zlib\n",
    ),
    "the future at the beginning": (
        '"""Doc."""\nimport abc\n\n\ndef f(x: int | None): ...\n',
        '"""Doc."""\n\nfrom __future__ import annotations\n\nimport abc\n\n\ndef f(x: int | None): ...\n',
    ),
    "by the name that the module has": (
        "import typing as t\n\nX = dict[str, int]\n",
        "import typing as t\n\nX = t.Dict[str, int]\n",
    ),
    "under another name, where the name is taken": (
        "Dict = 1\nX = dict[str, int]\n",
        "from typing import Dict as _Dict\n\nDict = 1\nX = _Dict[str, int]\n",
    ),
    "several lines in parentheses": (
        "def f(a, b):\n    if (\n        a.x  # one\n        and b\n        and (n := a) and n.y\n    ):\n        return n\n",
        "def f(a, b):\n    _test = (a.x  # one\n        and b)\n    if _test:\n        n = a\n        _test = n\n"
        "    if _test and n.y:\n        return n\n",
    ),
    "a subject that assigns": (
        "def f(a):\n    match n := a.b:\n        case 1:\n            return n\n",
        "def f(a):\n    n = a.b\n    _subject = n\n    if _subject == 1:\n        return n\n",
    ),
    "comments and formatting stay": (
        "import math  # yes\n\nx = [ 1,2 ]  # odd\nif x and ( n:=math.floor( 2.5 ) ) :  # why\n    pass # end\n",
        "import math  # yes\n\nx = [ 1,2 ]  # odd\nif x:\n    n = math.floor( 2.5 )\n    if n :  # why\n        pass # end\n",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_it_is_placed(name: str) -> None:
    before, after = CASES[name]
    fixes = Fixes(["3.7+"])
    outcome = fixes(before)
    assert outcome.after is not None, outcome
    assert outcome.after.decode() == after
    assert fixes(outcome.after).after is None
