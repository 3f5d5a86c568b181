"""What the runs of a contest came to, with standard errors over the held-out instructions."""

from __future__ import annotations

import json
import math
import os
import statistics
from dataclasses import dataclass

from ..measure import _lines
from .entries import ENTRIES, Material
from .run import Place, folder_of


@dataclass(frozen=True)
class Estimate:
    """A mean over instructions, each the mean over its seeds, and the standard error of that mean."""
    mean: float
    error: float

    @staticmethod
    def of(values):
        values = list(values)
        if not values:
            return Estimate(math.nan, math.nan)
        return Estimate(statistics.fmean(values), statistics.stdev(values) / math.sqrt(len(values)) if len(values) > 1 else math.nan)


def shown(world, habit, answers) -> dict[str, float]:
    """id → 1 where the habit shows, 0 where it could and does not."""
    return {line["id"]: float(habit in world.found(line)) for line in answers if world.concerns(habit, line)}


def _over_seeds(tables):
    """id → mean over the tables that have it."""
    gathered = {}
    for table in tables:
        for key, value in table.items():
            gathered.setdefault(key, []).append(value)
    return {key: statistics.fmean(values) for key, values in gathered.items()}


def moved(material: Material, lines) -> dict[str, dict[str, float]]:
    """By measure, id → change: log-probability of the words meant and of accepted answers, divergence of what should stay."""
    found = {"meant": {}, "accepted": {}, "own": {}, "control": {}}
    for line in lines:
        if "kl" in line:
            found[line["id"].split(":")[0]][line["id"]] = line["kl"]
        elif line.get("before", {}).get("logprob"):
            changes = [after - before for before, after in zip(line["before"]["logprob"], line["after"]["logprob"])]
            if line["id"] in material.truth:
                changes = [change for change, means in zip(changes, material.meant(line["id"])) if means]
            if changes:
                found["meant" if line["id"] in material.truth else "accepted"][line["id"]] = statistics.fmean(changes)
    return found


def measures(place: Place, material: Material, folders) -> dict:
    """All measures of one entry over the folders of its seeds."""
    world, result = place.world, {"seeds": len(folders)}
    for kind in ("greedy", "sampled"):
        answers = [_lines(place.path(folder, f"{kind}.jsonl")) for folder in folders]
        for habit in world.habits:
            result[kind, habit] = Estimate.of(_over_seeds([shown(world, habit, lines) for lines in answers]).values())
    old = {line["id"]: line["output"] for line in _lines(place.path("base", "greedy.jsonl"))}
    greedy = [line for folder in folders for line in _lines(place.path(folder, "greedy.jsonl"))]
    result["unchanged"] = sum(line["output"] == old[line["id"]] for line in greedy) / len(greedy)
    result["words"] = statistics.fmean(len(line["output"].split()) for line in greedy)
    tables = [moved(material, _lines(place.path(folder, "moved.jsonl"))) for folder in folders]
    for measure in tables[0]:
        result[measure] = Estimate.of(_over_seeds([table[measure] for table in tables]).values())
    costs = [_json(place.path(folder, "cost.json")) for folder in folders]
    reports = [_json(place.path(folder, "round", "report.json")) for folder in folders]
    result["minutes"] = statistics.fmean(cost["cpu_seconds"] for cost in costs) / 60
    result["steps"] = statistics.fmean(report["steps_done"] for report in reports)
    return result


def _json(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def before(place: Place) -> dict:
    world = place.world
    lines = {kind: _lines(place.path("base", f"{kind}.jsonl")) for kind in ("greedy", "sampled")}
    result = {(kind, habit): Estimate.of(shown(world, habit, answers).values()) for kind, answers in lines.items() for habit in world.habits}
    return {**result, "words": statistics.fmean(len(line["output"].split()) for line in lines["greedy"])}


def finished(place: Place, lr) -> dict[str, list[str]]:
    """Entry → folders of its runs that are whole."""
    found = {}
    for name, entry in ENTRIES.items():
        parent = os.path.dirname(folder_of(entry, 0, lr))
        seeds = sorted(os.listdir(place.path(parent))) if os.path.isdir(place.path(parent)) else []
        whole = [os.path.join(parent, seed) for seed in seeds if os.path.exists(place.path(parent, seed, "moved.jsonl"))]
        if whole:
            found[name] = whole
    return found


def _percent(value):
    return f"{100 * value.mean:.0f}±{100 * value.error:.0f}"


def table(place: Place, material: Material, lr=None) -> str:
    """Markdown; rates in percent, changes of log-probability and divergences in nats a token, ± one standard error."""
    world, start = place.world, before(place)
    columns = ["", "seeds, steps, min", f"**{world.headline}**, greedy", "sampled", *(habit for habit in world.habits if habit != world.headline),
               "meant words, Δ log p", "accepted, Δ log p", "KL own", "KL control", "unchanged", "words"]
    rows = [columns, ["---"] * len(columns)]
    others = [habit for habit in world.habits if habit != world.headline]
    rows.append(["before", "", _percent(start["greedy", world.headline]), _percent(start["sampled", world.headline]),
                 *(_percent(start["greedy", habit]) for habit in others), "", "", "", "", "", f"{start['words']:.0f}"])
    for name, folders in finished(place, lr).items():
        found = measures(place, material, folders)
        rows.append([f"*{name}*" if ENTRIES[name].placebo else name, f"{found['seeds']}, {found['steps']:.0f}, {found['minutes']:.1f}",
                     _percent(found["greedy", world.headline]), _percent(found["sampled", world.headline]),
                     *(_percent(found["greedy", habit]) for habit in others),
                     *(f"{found[key].mean:+.2f}±{found[key].error:.2f}" for key in ("meant", "accepted")),
                     *(f"{found[key].mean:.3f}" for key in ("own", "control")), f"{100 * found['unchanged']:.0f} %", f"{found['words']:.0f}"])
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)
