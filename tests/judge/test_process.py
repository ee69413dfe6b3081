"""Workers that die or hang lose one request, not the others."""

from __future__ import annotations

import sys

import pytest

from tools.judge.process import ROOT, Worker

PROGRAM = """
import os, sys, time
sys.path.insert(0, sys.argv[1])
from tools.judge.worker import serve

def answer(request):
    if request == b"die":
        os._exit(3)
    if request == b"sleep":
        time.sleep(60)
    return request.decode()

serve(answer)
"""


@pytest.fixture
def command() -> list[str]:
    return [sys.executable, "-c", PROGRAM, str(ROOT)]


def test_answers_come_in_order_and_in_bulk(command: list[str]) -> None:
    worker = Worker(command)
    requests = [b"%d" % number for number in range(5_000)]
    assert worker.ask(requests) == [request.decode() for request in requests]
    assert worker.ask([]) == []
    worker.close()


def test_a_death_costs_one_request(command: list[str]) -> None:
    worker = Worker(command)
    assert worker.ask([b"a", b"die", b"b", b"die", b"c"]) == ["a", None, "b", None, "c"]
    assert worker.ask([b"d"]) == ["d"]
    worker.close()


def test_a_hang_costs_one_request(command: list[str]) -> None:
    worker = Worker(command, answer_seconds=0.3)
    assert worker.ask([b"a", b"sleep", b"b"]) == ["a", None, "b"]
    worker.close()


def test_a_command_that_is_no_worker() -> None:
    with pytest.raises(RuntimeError, match="does not start"):
        Worker([sys.executable, "-c", "pass"]).ask([b"a"])
