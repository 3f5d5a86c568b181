"""What the loop does on a model, through stet-trainer's sub-commands alone: detection on fresh answers, bugs before and after a round."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections import defaultdict

from . import checker, corpus, judge, rate
import random

TRAINER = os.environ.get("STET_TRAINER_PROGRAM", "build/release/bin/stet-trainer")


def trainer(*arguments):
    subprocess.run([TRAINER, *map(str, arguments)], check=True, stderr=subprocess.DEVNULL)


def _lines(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def _write(path, lines):
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def answer(model, instructions, adapter=None, temperature=0.0, seed=7):
    """The instructions with the model's outputs."""
    with tempfile.TemporaryDirectory() as folder:
        source, out = os.path.join(folder, "in.jsonl"), os.path.join(folder, "out.jsonl")
        _write(source, [{"id": i["id"], "instruction": i["instruction"]} for i in instructions])
        more = ["--adapter", adapter] if adapter else []
        trainer("generate", "--model", model, "--in", source, "--out", out, "--temperature", temperature, "--seed", seed,
                "--batch", 32, "--max-new-tokens", 48, *more)
        texts = {line["id"]: line["instruction"] for line in instructions}
        return [{**line, "instruction": texts[line["id"]]} for line in _lines(out)]


def detection(model, count=400, lam=1.1, seed=99, words="B"):
    """Root recall and precision per bug: fresh sampled answers with exactly one bug, a judgment that names it."""
    answers = answer(model, corpus.instructions(seed, count, "test"), temperature=1.0, seed=seed)
    rng = random.Random(seed)
    judged = []
    for line in answers:
        verdict = checker.check(line["instruction"], line["output"])
        if len(verdict.bugs) == 1 and not verdict.malformed:
            judged.append({**line, "judgment": judge.criticism(rng, verdict.bugs, words)})
    with tempfile.TemporaryDirectory() as folder:
        source, out = os.path.join(folder, "in.jsonl"), os.path.join(folder, "out.jsonl")
        _write(source, [{key: line[key] for key in ("id", "instruction", "output", "judgment")} for line in judged])
        trainer("score", "--model", model, "--in", source, "--out", out, "--lambda", lam)
        scored = _lines(out)
    found, roots, flagged, right, others, tokens = (defaultdict(int) for _ in range(6))
    for line, score in zip(judged, scored):
        verdict = checker.check(line["instruction"], line["output"])
        span = verdict.roots[0]
        hit = False
        for token, flag in zip(score["tokens"], score["flagged"]):
            # A token's range may hold the space before a word: it overlaps the root or not.
            inside = token["begin"] < span.end and span.begin < token["end"]
            flagged[span.bug] += flag
            right[span.bug] += flag and inside
            others[span.bug] += flag and not inside
            tokens[span.bug] += not inside
            hit |= flag and inside
        roots[span.bug] += 1
        found[span.bug] += hit
    return {bug: {"answers": roots[bug], "recall": found[bug] / roots[bug],
                  "precision": right[bug] / flagged[bug] if flagged[bug] else 0.0,
                  "others_flagged": others[bug] / max(1, tokens[bug])} for bug in sorted(roots)}


def before_after(model, adapter, count=200, seed=4242, temperature=0.0):
    """Bug rates and task accuracy over whole generated answers of held-out instructions."""
    instructions = corpus.instructions(seed, count, "test")
    return {"before": rate.rates(answer(model, instructions, None, temperature)),
            "after": rate.rates(answer(model, instructions, adapter, temperature))}


def table(result) -> str:
    rows = ["bug          before   after"]
    for bug, before in result["before"]["bugs"].items():
        rows.append(f"{bug:10} {before:8.1%} {result['after']['bugs'][bug]:7.1%}")
    rows.append("task right   before   after")
    for family, before in result["before"]["task_right"].items():
        rows.append(f"{family:10} {before:8.1%} {result['after']['task_right'][family]:7.1%}")
    rows.append(f"malformed  {result['before']['malformed']:8.1%} {result['after']['malformed']:7.1%}")
    return "\n".join(rows)
