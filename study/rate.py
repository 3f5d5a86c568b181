"""Counts bugs over whole answers: lines {"instruction", "output"} → rates per bug and task accuracy per family."""

from __future__ import annotations

from collections import defaultdict

from . import checker, world


def rates(lines) -> dict:
    shown, possible = defaultdict(int), defaultdict(int)
    right, total, malformed = defaultdict(int), defaultdict(int), 0
    for line in lines:
        verdict = checker.check(line["instruction"], line["output"])
        total[verdict.family] += 1
        malformed += verdict.malformed
        right[verdict.family] += verdict.task_right
        for bug in world.BUGS[verdict.family]:
            possible[bug] += 1
            shown[bug] += bug in verdict.bugs
    return {
        "answers": sum(total.values()),
        "malformed": malformed / max(1, sum(total.values())),
        "bugs": {bug: shown[bug] / possible[bug] for bug in sorted(possible)},
        "task_right": {family: right[family] / total[family] for family in sorted(total)},
    }


def table(result: dict) -> str:
    rows = [f"{result['answers']} answers, {result['malformed']:.1%} malformed"]
    rows += [f"  bug  {bug:10} {rate:7.1%}" for bug, rate in result["bugs"].items()]
    rows += [f"  task {family:10} {rate:7.1%} right" for family, rate in result["task_right"].items()]
    return "\n".join(rows)
