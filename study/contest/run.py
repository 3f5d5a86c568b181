"""Prepares a world once for a model, and runs entries: a round each, then answers to the held-out half and what else moved.

Everything is a file in one folder and nothing is made twice, so that a run that was stopped goes on where it was. Only
stet-trainer's own sub-commands are used.
"""

from __future__ import annotations

import json
import math
import os
import random
import resource
import shutil
import subprocess
import time
from dataclasses import dataclass

from ..measure import TRAINER, _lines, _write
from .entries import CALIBRATED, Entry, Material
from .worlds import World

RESOURCES = os.path.join(os.path.dirname(__file__), "..", "..", "resources")
CONTROL = {"everyday": ("real/control.jsonl", "real/waiting.jsonl"), "ledger": ("example/control.jsonl",)}
BETTER_TRIES = 4
SAMPLED = 0.7  # temperature of the sampled answers


@dataclass(frozen=True)
class Place:
    """Where the contest's files are, and by what they are made."""
    folder: str
    world: World
    model: str
    threads: int = 0

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def trainer(self, command, *arguments):
        threads = [] if command == "round" else ["--threads", str(self.threads)]
        done = subprocess.run([TRAINER, command, *map(str, arguments), *threads], capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"stet-trainer {command} ended with {done.returncode}:\n{done.stderr[-2000:]}")
        return done.stdout

    def once(self, name, make):
        """The lines of a file that is made where it isn't there yet; it appears whole."""
        path = self.path(name)
        if not os.path.exists(path):
            os.makedirs(os.path.dirname(path), exist_ok=True)
            _write(path + ".part", make(path + ".out"))
            os.replace(path + ".part", path)
            if os.path.exists(path + ".out"):
                os.remove(path + ".out")
        return _lines(path)

    def answers(self, name, instructions, adapter=None, temperature=0.0, seed=7):
        """[{"id", "instruction", "output", "stopped"}] in the file `name`."""
        def make(out):
            _write(out, instructions)
            self.trainer("generate", "--model", self.model, "--in", out, "--out", out + "put", "--temperature", temperature, "--seed", seed,
                         "--batch", 32, "--max-new-tokens", self.world.max_new_tokens, *(["--adapter", adapter] if adapter else []))
            texts = {line["id"]: line["instruction"] for line in instructions}
            answered = [{**line, "instruction": texts[line["id"]]} for line in _lines(out + "put")]
            os.remove(out + "put")
            return answered
        return self.once(name, make)


def prepare(place: Place) -> Material:
    world = place.world
    rng = random.Random(1)

    def judged(_):
        answered = place.answers("answers.jsonl", world.train(), temperature=world.temperature, seed=5)
        return [{**line, "judgment": world.judgment(rng, line)} for line in answered]

    examples = place.once("examples.jsonl", judged)
    criticised = [line for line in examples if line["judgment"] is not None]
    material = Material(examples, {line["id"]: [span for spans in world.found(line).values() for span in spans] for line in criticised})
    material.scores = {line["id"]: line for line in place.once("scores.jsonl", lambda out: _scores(place, criticised, out))}
    material.better = {line["id"]: line["output"] for line in place.once("better.jsonl", lambda _: _better(place, criticised))}
    place.answers("base/greedy.jsonl", world.heldout())
    place.answers("base/sampled.jsonl", world.heldout(), temperature=SAMPLED)
    return material


def _scores(place, criticised, out):
    """By the contrast and the λ with which a project trains on these answers."""
    source, trial = out + ".in", out + ".trial"
    _write(source, criticised)
    os.makedirs(trial, exist_ok=True)
    _write(os.path.join(trial, "examples.jsonl"), criticised)
    _settings(place, trial, CALIBRATED)
    lam = json.loads(place.trainer("round", trial, "--dry-run"))["flags"]["lambda"]
    place.trainer("score", "--model", place.model, "--in", source, "--out", out, "--contrast", CALIBRATED["contrast"], "--lambda", lam)
    shutil.rmtree(trial)
    os.remove(source)
    return _lines(out)


def _settings(place, folder, settings):
    with open(os.path.join(folder, "round.json"), "w", encoding="utf-8") as file:
        json.dump({"model": os.path.abspath(place.model), "threads": place.threads, **settings}, file)


def _better(place, criticised):
    """The first of a few sampled answers in which no habit shows."""
    found, waiting = [], [{"id": line["id"], "instruction": line["instruction"]} for line in criticised]
    for attempt in range(BETTER_TRIES):
        name = f"better-{attempt}.jsonl"
        answered = place.answers(name, waiting, temperature=1.0, seed=100 + attempt)
        good = [line for line in answered if line["stopped"] != "length" and line["output"].strip() and place.world.judgment(random.Random(0), line) is None]
        found += [{"id": line["id"], "output": line["output"]} for line in good]
        taken = {line["id"] for line in good}
        waiting = [line for line in waiting if line["id"] not in taken]
        if not waiting:
            break
    return found


def _used(entry: Entry, lines) -> int:
    """How many lines a round of the entry trains on."""
    criticised = sum(line["judgment"] is not None for line in lines)
    accepted = len(lines) - criticised
    objective = entry.settings.get("objective")
    if objective == "sft":
        return len(lines)
    return criticised if objective == "dpo" else criticised + min(accepted, math.ceil(.25 * criticised))


def steps_of(entry: Entry, material: Material, lines, wanted=None) -> dict:
    """Epochs that come nearest to the number of steps of `stable`, or to `wanted`."""
    per_epoch = math.ceil(_used(entry, lines) / 8)
    if wanted is None:
        own = math.ceil(_used(Entry("", {}), material.examples) / 8)
        wanted = own * min(8, max(1, math.ceil(32 / own)))
    return {"epochs": max(1, round(wanted / per_epoch))}


def folder_of(entry: Entry, seed: int, lr=None) -> str:
    return os.path.join("runs", entry.name, f"lr-{lr:g}" if lr else "lr-own", f"seed-{seed}")


def run(place: Place, material: Material, entry: Entry, seed: int, lr=None, wanted=None) -> str:
    """One round of an entry and all its measures, as files in the folder whose name is returned."""
    name = folder_of(entry, seed, lr)
    adapter = place.path(name, "round", "adapter")
    if not os.path.exists(place.path(name, "cost.json")):
        _train(place, name, entry.examples(material, seed), {**entry.settings, **steps_of(entry, material, entry.examples(material, seed), wanted),
                                                             "seed": seed, **({"optimizer": {"lr": lr}} if lr else {})})
    place.answers(os.path.join(name, "greedy.jsonl"), place.world.heldout(), adapter)
    place.answers(os.path.join(name, "sampled.jsonl"), place.world.heldout(), adapter, SAMPLED)
    place.once(os.path.join(name, "moved.jsonl"), lambda out: _moved(place, material, adapter, out))
    return name


def _train(place, name, lines, settings):
    folder = place.path(name, "round")
    os.makedirs(folder, exist_ok=True)
    _write(os.path.join(folder, "examples.jsonl"), lines)
    _settings(place, folder, settings)
    begun, spent = time.time(), resource.getrusage(resource.RUSAGE_CHILDREN)
    place.trainer("round", folder)
    now = resource.getrusage(resource.RUSAGE_CHILDREN)
    with open(place.path(name, "cost.json"), "w", encoding="utf-8") as file:
        json.dump({"seconds": time.time() - begun, "cpu_seconds": now.ru_utime + now.ru_stime - spent.ru_utime - spent.ru_stime}, file)


def control_lines(place: Place) -> list[dict]:
    """What should stay as it is: the model's own answers in which no habit shows, and answers to other instructions."""
    own = [line for line in _lines(place.path("base/greedy.jsonl")) if not place.world.found(line) and line["output"].strip() and line["stopped"] == "eos"]
    texts = [line for name in CONTROL[place.world.name] for line in _lines(os.path.join(RESOURCES, name)) if line["output"].strip()]
    return [{"id": f"{kind}:{line['id']}", "instruction": line["instruction"], "output": line["output"], "set": "control",
             **({"stopped": line["stopped"]} if "stopped" in line else {})} for kind, lines in (("own", own), ("control", texts)) for line in lines]


def _moved(place, material, adapter, out):
    source = out + ".in"
    _write(source, material.examples + control_lines(place))
    place.trainer("compare", "--model", place.model, "--before", "base", "--after", adapter, "--in", source, "--out", out,
                  "--contrast", "D1")  # the plain context is what is compared; this reads the least beside it
    os.remove(source)
    return _lines(out)
