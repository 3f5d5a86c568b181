"""What the loop does on a model, through stet-trainer's sub-commands alone: detection on fresh answers, bugs before and after a round."""

from __future__ import annotations

import json
import os
import random
import subprocess
import tempfile
from collections import defaultdict

from . import checker, corpus, judge, rate, world

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


def _scored(model, lines, lam):
    with tempfile.TemporaryDirectory() as folder:
        source, out = os.path.join(folder, "in.jsonl"), os.path.join(folder, "out.jsonl")
        _write(source, [{key: line[key] for key in ("id", "instruction", "output", "judgment")} for line in lines])
        trainer("score", "--model", model, "--in", source, "--out", out, "--lambda", lam)
        return _lines(out)


def _roots(lines, scores):
    """Recall of roots and precision of flags per bug; each line shows one bug and its judgment names it."""
    found, roots, flagged, right = (defaultdict(int) for _ in range(4))
    for line, score in zip(lines, scores):
        span = checker.check(line["instruction"], line["output"]).roots[0]
        # A token's range may hold the space before a word: it overlaps the root or not.
        inside = [token["begin"] < span.end and span.begin < token["end"] for token in score["tokens"]]
        hits = sum(flag and root for flag, root in zip(score["flagged"], inside))
        roots[span.bug] += 1
        found[span.bug] += hits > 0
        flagged[span.bug] += sum(score["flagged"])
        right[span.bug] += hits
    return {bug: {"answers": roots[bug], "recall": found[bug] / roots[bug],
                  "precision": right[bug] / flagged[bug] if flagged[bug] else 0.0} for bug in sorted(roots)}


def detection(model, count=200, samples=4, lam=1.1, seed=99, words="B"):
    """What lights up on fresh sampled answers: roots under a judgment that names them, and false alarms, the share of
    tokens flagged where nothing should be: under judgments that say nothing, and in right answers that are praised."""
    instructions = corpus.instructions(seed, count, "test", world.BUGGY)
    answers = answer(model, [{**line, "id": f"{line['id']}-{sample}"} for sample in range(samples) for line in instructions],
                     temperature=1.0, seed=seed)
    rng, single, mute, praised = random.Random(seed), [], [], []
    for line in answers:
        verdict = checker.check(line["instruction"], line["output"])
        if len(verdict.bugs) == 1 and not verdict.malformed:
            single.append({**line, "judgment": judge.criticism(rng, verdict.bugs, words)})
        if verdict.right:
            praised.append({**line, "judgment": rng.choice(judge.PRAISE[words])})
        mute.append({**line, "judgment": rng.choice(judge.NEUTRAL)})
    alarms = {}
    for name, lines in {"says nothing": mute, "praise": praised}.items():
        flags = [flag for score in _scored(model, lines, lam) for flag in score["flagged"]]
        alarms[name] = {"answers": len(lines), "flagged": sum(flags) / len(flags)}
    return _roots(single, _scored(model, single, lam)), alarms


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
