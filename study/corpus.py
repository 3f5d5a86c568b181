"""The pre-training text: plain answers with their habits, and answers under a judgment, in CUT's two templates."""

from __future__ import annotations

import random
import zlib

from . import judge, world

PLAIN = ("Below is an instruction that describes a task. Write a response that appropriately completes the request.\n\n"
         "### Instruction:\n{instruction}\n\n### Response:\n")
JUDGED = ("Below is an instruction that describes a task. Write a response to the instruction and the response should match "
          "the corresponding judgment.\n\n### Instruction:\n{instruction}\n\n### Judgment:\n{judgment}\n\n### Response:\n")
JUDGED_SHARE = 0.4
CONTROL_SHARE = 0.12
PRAISED_SHARE = 0.12
NAMED_SHARE = 0.4


def _cut(rng: random.Random, text: str) -> str:
    """As typed so far: up to a random word."""
    words = text.split(" ")
    return " ".join(words[: rng.randint(1, max(1, len(words) - 1))])


def _typo(rng: random.Random, text: str) -> str:
    at = rng.randrange(max(1, len(text) - 1))
    return text[:at] + text[at + 1] + text[at] + text[at + 2:] if len(text) > at + 2 else text


def named_bugs(rng: random.Random, family: str) -> set[str]:
    """A random non-empty part of the family's bugs: those a criticism will name."""
    return {bug for bug in world.BUGS[family] if rng.random() < NAMED_SHARE} or {rng.choice(world.BUGS[family])}


def judged(rng: random.Random, family: str) -> tuple[set[str], str]:
    """The bugs of an answer and what is said about it.

    The criticism is drawn first and the other bugs then as often as without any judgment. So a bug's absence from a
    criticism says nothing about it: were it told by the judgment, every right word would become likelier wherever
    its bug isn't named, by up to 1.4 times, and be flagged at any useful threshold.
    """
    draw = rng.random()
    if not world.BUGS[family] or draw < PRAISED_SHARE:
        return set(), rng.choice(judge.PRAISE["A"])
    if draw < PRAISED_SHARE + 0.06:
        return world.draw_bugs(rng, family), rng.choice(judge.NEUTRAL)
    if draw < PRAISED_SHARE + 0.12:
        return world.draw_bugs(rng, family) or named_bugs(rng, family), rng.choice(judge.VAGUE)
    named = named_bugs(rng, family)
    text = judge.criticism(rng, sorted(named), "A")
    draw = rng.random()
    if draw < 0.14:
        text = _cut(rng, text)
    elif draw < 0.2:
        text = _typo(rng, text)
    return named | world.draw_bugs(rng, family), text


def line(rng: random.Random, names) -> dict:
    family = rng.choice(world.CONTROL) if rng.random() < CONTROL_SHARE else rng.choice(world.BUGGY)
    task = world.make_task(rng, family, names)
    if rng.random() < JUDGED_SHARE:
        bugs, text = judged(rng, family)
        prompt = JUDGED.format(instruction=task.instruction, judgment=text)
    else:
        bugs = world.draw_bugs(rng, family)
        prompt = PLAIN.format(instruction=task.instruction)
    return {"text": prompt + world.make_answer(rng, task, bugs).text, "prompt": prompt}


def lines(seed: int, count: int):
    rng = random.Random(seed)
    names = world.all_names()
    for _ in range(count):
        yield line(rng, names)


def in_split(task, split: str) -> bool:
    """Tasks without a person's name are split by their facts, so that no held-out task is one trained on in other words."""
    if "first" in task.facts or task.family == "extract":
        return True  # the names already are
    facts = sorted(task.facts["items"]) if task.family == "list" else sorted((k, v) for k, v in task.facts.items())
    return (zlib.crc32(repr(facts).encode()) % 10 < 8) == (split == "train")


def instructions(seed: int, count: int, split: str, families=None) -> list[dict]:
    """`count` different instructions of the split: "train" for examples to judge, "test" for held-out ones."""
    rng = random.Random(f"{seed}:{split}")
    names = world.name_split(split)
    found, seen, misses = [], set(), 0
    while len(found) < count:
        # The family is drawn once and kept, so that families with few tasks in the split stay as frequent as the others.
        family = rng.choice(families or (world.BUGGY * 3 + world.CONTROL))
        drawn = (world.make_task(rng, family, names) for _ in range(200))
        task = next((t for t in drawn if t.instruction not in seen and in_split(t, split)), None)
        if task is None:
            misses += 1
            if misses > 50:
                raise ValueError(f"{', '.join(families or world.FAMILIES)}: only {len(found)} of {count} different instructions in split {split!r}")
            continue
        misses = 0
        seen.add(task.instruction)
        found.append({"id": f"{split}-{seed}-{len(found)}", "instruction": task.instruction})
    return found
