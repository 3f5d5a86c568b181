"""What the contest is held on: instructions in two halves, the habits of answers to them, and a judge who names them."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Callable

from .. import checker, corpus, judge, world
from . import everyday, everyday_judge


@dataclass(frozen=True)
class World:
    name: str
    headline: str                                # the habit that counts most
    habits: tuple[str, ...]
    train: Callable[[], list[dict]]              # {"id", "instruction"}
    heldout: Callable[[], list[dict]]
    found: Callable[[dict], dict]                # of {"id", "instruction", "output", "stopped"}: habit → [(begin, end)]
    concerns: Callable[[str, dict], bool]        # whether a habit could show in an answer to that line
    judgment: Callable[[random.Random, dict], str | None]
    max_new_tokens: int
    temperature: float                           # of the answers that are judged


def _half(name):
    return lambda: [{"id": line["id"], "instruction": line["instruction"]} for line in everyday.instructions() if line["half"] == name]


EVERYDAY = World("everyday", everyday_judge.HEADLINE, tuple(everyday_judge.WORDINGS), _half("train"), _half("heldout"),
                 everyday_judge.habits, everyday_judge.concerns, everyday_judge.judgment, 96, 0.0)


def _ledger_found(line):
    found = {}
    for root in checker.check(line["instruction"], line["output"]).roots:
        found.setdefault(root.bug, []).append((root.begin, root.end))
    return found


def _ledger_judgment(rng, line):
    return judge.judgment(rng, checker.check(line["instruction"], line["output"]), "B")


# The bundled example's world: answers are sampled, because greedy ones of its model show few of its habits.
LEDGER = World("ledger", "opener", tuple(sorted({bug for bugs in world.BUGS.values() for bug in bugs})),
               lambda: corpus.instructions(5, 200, "train", world.BUGGY), lambda: corpus.instructions(4242, 200, "test", world.BUGGY),
               _ledger_found, lambda habit, line: habit in world.BUGS[checker.parse_instruction(line["instruction"]).family],
               _ledger_judgment, 48, 1.0)
WORLDS = {world.name: world for world in (EVERYDAY, LEDGER)}
