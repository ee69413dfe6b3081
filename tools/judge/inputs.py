"""The fuzzer's inputs: generated programs, real code damaged in small ways, plain noise. A seed gives the same ones."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from tools.judge.corpus import Entry
from tools.judge.mutate import NEW_TOKENS, damaged_bytes, excerpt, mutated, truncated, wrapped

LONGEST_NOISE = 400
GENERATED_NODES = 60


@dataclass(frozen=True, slots=True)
class Material:
    """What gets damaged: whole files of real code, and the rules' own examples, which stand at the boundaries."""

    files: Sequence[bytes]
    examples: Sequence[bytes]


def rule_examples() -> list[bytes]:
    """Every example of every syntax rule."""
    from compatcheck.rulebook import rules_folder
    from compatcheck.rulebook.compiling import read_yaml

    paths = sorted((rules_folder() / "syntax").glob("*.yaml"))
    examples = [code for path in paths for codes in read_yaml(path)["examples"].values() for code in codes]
    return [code.encode("utf-8", "surrogateescape") for code in examples]


def inputs(count: int, seed: int, material: Material, generated: bool = True) -> Iterator[Entry]:
    """So many inputs; `generated` ones are left out where their libraries are absent or too slow."""
    random = Random(seed)
    kinds = [*MUTATORS, *EXAMPLES, *NOISE, *(["hypothesmith", "pysource-codegen"] if generated else [])]
    shares = Counter(random.choices(kinds, weights=[WEIGHTS[kind] for kind in kinds], k=count))
    for kind in kinds:
        for number, data in enumerate(_of_kind(kind, shares[kind], random, material)):
            yield Entry(f"{kind}-{seed}-{number}", data)


def _of_kind(kind: str, count: int, random: Random, material: Material) -> Iterator[bytes]:
    if kind == "hypothesmith":
        yield from _hypothesmith(count, random.randrange(2**32))
    elif kind == "pysource-codegen":
        yield from _pysource_codegen(count, random)
    elif kind in NOISE:
        yield from (NOISE[kind](random) for _ in range(count))
    elif kind in EXAMPLES:
        yield from (EXAMPLES[kind](random.choice(material.examples), random) for _ in range(count))
    else:
        yield from (MUTATORS[kind](random.choice(material.files), random) for _ in range(count))


def _hypothesmith(count: int, seed: int) -> list[bytes]:
    """Programs from Python's grammar. The module must be imported late: it costs a second."""
    import hypothesis
    import hypothesmith

    found: list[bytes] = []

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=max(count, 1),
        database=None,
        deadline=None,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(hypothesmith.from_grammar())
    def collect(source: str) -> None:
        found.append(source.encode("utf-8", "surrogatepass"))

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        collect()
    return found[:count]


def _pysource_codegen(count: int, random: Random) -> Iterator[bytes]:
    """Programs from the syntax tree of the Python that runs this; every other one damaged."""
    import pysource_codegen

    made = 0
    while made < count:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                source = pysource_codegen.generate(random.randrange(2**32), node_limit=GENERATED_NODES)
            except ValueError:  # before 3.12 some f-strings cannot be written from their tree
                continue
        data = source.encode("utf-8", "surrogatepass")
        yield mutated(data, random) if made % 2 else data
        made += 1


def _bytes(random: Random) -> bytes:
    return random.randbytes(random.randint(0, LONGEST_NOISE))


def _characters(random: Random) -> bytes:
    alphabet = "abcdef'\"\\(){}[]:=,.*#@!\n\t 0123456789_éßñ中😀\u2028\x0c\x00"
    return "".join(random.choices(alphabet, k=random.randint(0, LONGEST_NOISE))).encode()


def _tokens(random: Random) -> bytes:
    tokens = random.choices(NEW_TOKENS, k=random.randint(1, 12))
    return random.choice([b" ", b"", b" "]).join(tokens)


NOISE: dict[str, Callable[[Random], bytes]] = {"bytes": _bytes, "characters": _characters, "tokens": _tokens}
MUTATORS: dict[str, Callable[[bytes, Random], bytes]] = {
    "mutated": lambda source, random: mutated(excerpt(source, random), random),
    "truncated": lambda source, random: truncated(excerpt(source, random), random),
    "damaged": lambda source, random: damaged_bytes(excerpt(source, random), random),
    "truncated-file": truncated,
    "mutated-file": mutated,
}
EXAMPLES: dict[str, Callable[[bytes, Random], bytes]] = {
    "example-mutated": mutated,
    "example-wrapped": wrapped,
    "example-wrapped-mutated": lambda source, random: mutated(wrapped(source, random), random),
}
WEIGHTS = {
    "mutated": 35, "truncated": 6, "damaged": 6, "truncated-file": 2, "mutated-file": 4,
    "example-mutated": 15, "example-wrapped": 7, "example-wrapped-mutated": 8,
    "bytes": 3, "characters": 3, "tokens": 10, "hypothesmith": 2, "pysource-codegen": 3,
}  # fmt: skip
