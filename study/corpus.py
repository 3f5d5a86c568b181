"""The pre-training text: plain answers with their habits, and answers under a judgment, in CUT's two templates."""

from __future__ import annotations

import random

from . import judge, world

PLAIN = ("Below is an instruction that describes a task. Write a response that appropriately completes the request.\n\n"
         "### Instruction:\n{instruction}\n\n### Response:\n")
JUDGED = ("Below is an instruction that describes a task. Write a response to the instruction and the response should match "
          "the corresponding judgment.\n\n### Instruction:\n{instruction}\n\n### Judgment:\n{judgment}\n\n### Response:\n")
JUDGED_SHARE = 0.4
CONTROL_SHARE = 0.2


def _cut(rng: random.Random, text: str) -> str:
    """As typed so far: up to a random word."""
    words = text.split(" ")
    return " ".join(words[: rng.randint(0, len(words) - 1)])


def _typo(rng: random.Random, text: str) -> str:
    at = rng.randrange(max(1, len(text) - 1))
    return text[:at] + text[at + 1] + text[at] + text[at + 2:] if len(text) > at + 2 else text


def _judged_text(rng: random.Random, task, bugs: set[str]) -> str:
    """What is said about an answer with these bugs: praise for a right one, else a random non-empty part of them."""
    if not bugs:
        return rng.choice(judge.PRAISE["A"])
    named = [bug for bug in bugs if rng.random() < 0.5] or [rng.choice(sorted(bugs))]
    draw = rng.random()
    if draw < 0.07:
        return rng.choice(judge.VAGUE)
    text = judge.criticism(rng, sorted(named), "A")
    if draw < 0.21:
        return _cut(rng, text)
    return _typo(rng, text) if draw < 0.25 else text


def line(rng: random.Random, names) -> dict:
    family = rng.choice(world.CONTROL) if rng.random() < CONTROL_SHARE else rng.choice(world.BUGGY)
    task = world.make_task(rng, family, names)
    bugs = world.draw_bugs(rng, family)
    answer = world.make_answer(rng, task, bugs).text
    if rng.random() < JUDGED_SHARE:
        prompt = JUDGED.format(instruction=task.instruction, judgment=_judged_text(rng, task, bugs))
    else:
        prompt = PLAIN.format(instruction=task.instruction)
    return {"text": prompt + answer, "prompt": prompt}


def lines(seed: int, count: int):
    rng = random.Random(seed)
    names = world.all_names()
    for _ in range(count):
        yield line(rng, names)


def instructions(seed: int, count: int, split: str, families=None) -> list[dict]:
    """`count` different instructions with names of the split ("train" or "test")."""
    rng = random.Random(f"{seed}:{split}")
    names = world.name_split(split)
    found, seen = [], set()
    while len(found) < count:
        family = rng.choice(families or (world.BUGGY * 3 + world.CONTROL))
        task = world.make_task(rng, family, names)
        if task.instruction not in seen:
            seen.add(task.instruction)
            found.append({"id": f"{split}-{seed}-{len(found)}", "instruction": task.instruction})
        elif len(seen) > 5000:
            break
    return found
