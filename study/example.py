"""Makes the bundled example's files around a trained model: judged answers of that very model, waiting ones, held-out instructions."""

from __future__ import annotations

import json
import os
import random
import shutil

from . import checker, corpus, judge, measure, world

JUDGED, WAITING, PRAISED, MUTE, HELDOUT, CONTROL = 206, 12, 12, 3, 100, 20
LAMBDA = 1.1
# Enough steps to see, a rate that suits a hidden size of 128; see docs/evidence.md.
ROUND = {"epochs": 4, "batch_size": 8, "seed": 42}
MUTE_WORDS = ["Please think about it again.", "Hm, I am not sure about this one.", "Noted, thanks."]

GUIDELINES = """Read the instruction first, then the response.
Accept a response that is right, polite and complete.
Criticise what is wrong, and name it: which word, which number, which unit.
Name every mistake: what you don't name is taught as it stands.
One sentence for each mistake is enough.
Say what should stand there instead, if you know it.
A response should not open with a filler such as "Sure!".
A response should not end rudely.
Numbers, cities, units and lists must follow the instruction.
Skip what you can't judge.
"""


def _judged(answers, rng):
    out, accepted = [], 0
    for line in answers:
        verdict = checker.check(line["instruction"], line["output"])
        if verdict.malformed or (verdict.right and accepted == PRAISED):
            continue
        accepted += verdict.right
        out.append({"id": line["id"], "instruction": line["instruction"], "output": line["output"],
                    "judgment": judge.judgment(rng, verdict, "B")})
        if len(out) == JUDGED:
            break
    criticised = [line for line in out if line["judgment"]]
    for line, words in zip(criticised[20::60], MUTE_WORDS[:MUTE]):
        line["judgment"] = words
    return out


def _waiting(answers, rng):
    """Answers with one plain mistake, the headline's first; each with a suggestion of what to say."""
    single = []
    for line in answers:
        verdict = checker.check(line["instruction"], line["output"])
        if len(verdict.bugs) == 1 and not verdict.malformed:
            single.append((verdict.bugs[0] != "opener", len(single), line, verdict))
    order = ["opener", "omission", "opener", "unit", "closing", "offbyone", "opener", "city", "omission", "opener", "closing", "unit"]
    chosen = []
    for bug in order:
        found = next((entry for entry in single if entry[3].bugs[0] == bug and entry not in chosen), None)
        if found:
            chosen.append(found)
    return [{"id": line["id"], "instruction": line["instruction"], "output": line["output"],
             "hint": judge.judgment(rng, verdict, "A")} for _, _, line, verdict in chosen[:WAITING]]


def make(model_folder, out, seed=5):
    os.makedirs(out, exist_ok=True)
    if os.path.abspath(model_folder) != os.path.abspath(os.path.join(out, "model")):
        shutil.rmtree(os.path.join(out, "model"), ignore_errors=True)
        shutil.copytree(model_folder, os.path.join(out, "model"))
    model, rng = os.path.join(out, "model"), random.Random(seed)
    train = corpus.instructions(seed, 420, "train", world.BUGGY)
    answers = measure.answer(model, train, temperature=1.0, seed=seed)
    judged = _judged(answers[:300], rng)
    taken = {line["id"] for line in judged}
    waiting = _waiting([line for line in answers if line["id"] not in taken], rng)
    control = [line for line in measure.answer(model, corpus.instructions(seed, 3 * CONTROL, "test", world.CONTROL))
               if checker.check(line["instruction"], line["output"]).right][:CONTROL]
    files = {
        "examples.jsonl": judged, "waiting.jsonl": waiting,
        "heldout.jsonl": corpus.instructions(seed + 1, HELDOUT, "test", world.BUGGY),
        "control.jsonl": [{"id": line["id"], "instruction": line["instruction"], "output": line["output"]} for line in control],
    }
    for name, lines in files.items():
        with open(os.path.join(out, name), "w", encoding="utf-8") as file:
            file.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    with open(os.path.join(out, "guidelines.md"), "w", encoding="utf-8") as file:
        file.write(GUIDELINES)
    with open(os.path.join(out, "example.json"), "w", encoding="utf-8") as file:
        json.dump({"title": "Ledger", "prompt_style": "alpaca", "lambda": str(LAMBDA), "preset": "stable",
                   "round": ROUND, "headline": "opener", "watch_opening": "Sure!", "judged_by": "programmatic judge"}, file, indent=2)
        file.write("\n")
    return {name: len(lines) for name, lines in files.items()}
