"""The judge: what compiles on which Python, as real interpreters say it."""

from tools.judge.judges import Judge, RunResult, compile_all, judges
from tools.judge.verdict import CompileWarning, Verdict

__all__ = ["CompileWarning", "Judge", "RunResult", "Verdict", "compile_all", "judges"]
