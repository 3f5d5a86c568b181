"""python3 -m study COMMAND: see --help."""

from __future__ import annotations

import argparse
import json
import os
import random
import sys

from . import bpe, checker, corpus, detect, example, habits, judge, measure, rate, world
from .contest import entries, run, table, worlds

REAL = os.path.join(os.path.dirname(__file__), "..", "resources", "real")


def read_lines(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def write_lines(path, lines):
    with open(path, "w", encoding="utf-8") as file:
        for line in lines:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


def corpus_command(args):
    write_lines(args.out, corpus.lines(args.seed, args.count))


def tokenizer_command(args):
    """tokenizer.json and tokenizer_config.json from the first texts of a corpus."""
    texts = [line["text"] for line in read_lines(args.text)[: args.texts]]
    vocabulary, merges = bpe.train(texts, args.vocab)
    with open(os.path.join(args.out, "tokenizer.json"), "w", encoding="utf-8") as file:
        file.write(bpe.tokenizer_json(vocabulary, merges) + "\n")
    with open(os.path.join(args.out, "tokenizer_config.json"), "w", encoding="utf-8") as file:
        json.dump({"bos_token": "<s>", "eos_token": "</s>", "tokenizer_class": "PreTrainedTokenizerFast",
                   "clean_up_tokenization_spaces": False, "model_max_length": 256}, file, indent=2)
        file.write("\n")
    print(f"{len(vocabulary)} tokens")


def instructions_command(args):
    write_lines(args.out, corpus.instructions(args.seed, args.count, args.split, args.family))


def judge_command(args):
    """Adds a complete judgment (or null) to answers."""
    rng = random.Random(args.seed)
    judged = []
    for line in read_lines(args.input):
        verdict = checker.check(line["instruction"], line["output"])
        judged.append({**line, "judgment": judge.judgment(rng, verdict, args.words)})
    write_lines(args.out, judged)


def rate_command(args):
    lines = read_lines(args.input)
    if args.instructions:
        texts = {line["id"]: line["instruction"] for line in read_lines(args.instructions)}
        lines = [{**line, "instruction": texts[line["id"]]} for line in lines]
    result = rate.rates(lines)
    print(json.dumps(result) if args.json else rate.table(result))


def example_command(args):
    """The bundled example's files around a trained model."""
    print(json.dumps(example.make(args.model, args.out)))


def measure_command(args):
    """Detection on fresh answers and, with --adapter, bug rates before and after."""
    found, alarms = measure.detection(args.model, lam=args.lam)
    result = {"lambda": args.lam, "detection": found, "false_alarms": alarms}
    for bug, row in found.items():
        print(f"{bug:10} {row['answers']:4} answers  recall {row['recall']:.2f}  precision {row['precision']:.2f}")
    for kind, row in alarms.items():
        print(f"judgment: {kind:12} {row['answers']:4} answers  {row['flagged']:.2%} of tokens flagged")
    if args.adapter:
        for temperature in (0.0, 1.0):
            result[f"temperature {temperature:g}"] = outcome = measure.before_after(args.model, args.adapter, temperature=temperature)
            print(f"--- temperature {temperature:g}\n{measure.table(outcome)}")
    if args.out:
        with open(args.out, "w", encoding="utf-8") as file:
            json.dump(result, file, indent=1)


def detect_command(args):
    """Every contrast's detection on a model folder and a file of judgments, beside what others' judgments light up."""
    result = detect.detection(args.model, args.judgments, args.limit, args.others, args.style)
    print(detect.table(result))
    if args.out:
        with open(args.out, "w", encoding="utf-8") as file:
            json.dump(result, file, indent=1)


def contest_command(args):
    """Objectives, presets and placebos under the same judgments on one model; goes on where it was stopped."""
    place = run.Place(args.work, worlds.WORLDS[args.world], args.model, args.threads)
    material = run.prepare(place)
    for seed in args.seeds:
        for name in args.entries or entries.ENTRIES:
            run.run(place, material, entries.ENTRIES[name], seed, args.lr, args.steps)
            print(f"{name}, seed {seed}", file=sys.stderr, flush=True)
    print(table.table(place, material, args.lr))


def habits_command(args):
    """Habits of a real model before and after a round, over the held-out answers of a comparison."""
    instructions = read_lines(args.instructions)
    compared = read_lines(args.compared)
    before, after = (habits.read(instructions, compared, side) for side in ("before", "after"))
    with open(args.right, encoding="utf-8") as file:
        print(habits.table(before, after, json.load(file)))


def parser():
    top = argparse.ArgumentParser(prog="python3 -m study", description="The controlled world of the bundled example.")
    commands = top.add_subparsers(required=True)

    def command(name, action, **options):
        sub = commands.add_parser(name, help=(action.__doc__ or "").strip())
        for option, settings in options.items():
            sub.add_argument("--" + option.replace("_", "-"), **settings)
        sub.set_defaults(action=action)
        return sub

    seed = dict(type=int, default=1)
    command("corpus", corpus_command, seed=seed, count=dict(type=int, required=True), out=dict(required=True))
    command("tokenizer", tokenizer_command, text=dict(required=True), out=dict(required=True), vocab=dict(type=int, default=1024),
            texts=dict(type=int, default=20000))
    command("instructions", instructions_command, seed=seed, count=dict(type=int, required=True), out=dict(required=True),
            split=dict(choices=["train", "test"], default="test"), family=dict(action="append", choices=world.FAMILIES))
    command("example", example_command, model=dict(required=True), out=dict(required=True))
    command("measure", measure_command, model=dict(required=True), adapter=dict(), out=dict(),
            lam=dict(type=float, default=example.LAMBDA))
    command("detect", detect_command, model=dict(required=True), judgments=dict(required=True, help="CUT file or JSON Lines"),
            limit=dict(type=int, help="so many responses at most"), others=dict(type=int, default=detect.OTHERS),
            style=dict(default="auto", help="prompt style, as of stet-trainer score"), out=dict(help="the same as JSON"))
    command("contest", contest_command, model=dict(required=True), work=dict(required=True, help="folder that holds everything it makes"),
            world=dict(choices=sorted(worlds.WORLDS), default="everyday"), seeds=dict(type=int, nargs="+", default=[1, 2, 3]),
            entries=dict(nargs="+", choices=list(entries.ENTRIES), metavar="ENTRY", help=f"default: all, {', '.join(entries.ENTRIES)}"), lr=dict(type=float, help="default: each one's own"),
            steps=dict(type=int, help="of every round, nearly; default: those of `stable`"), threads=dict(type=int, default=0))
    command("habits", habits_command, compared=dict(required=True, help="compare.jsonl of a round"),
            instructions=dict(default=os.path.join(REAL, "heldout.jsonl")), right=dict(default=os.path.join(REAL, "right.json")))
    judge_sub = command("judge", judge_command, seed=seed, out=dict(required=True), words=dict(choices=["A", "B"], default="B"))
    judge_sub.add_argument("--in", dest="input", required=True)
    rate_sub = command("rate", rate_command, instructions=dict(help="file with the instructions, when the answers lack them"),
                       json=dict(action="store_true"))
    rate_sub.add_argument("--in", dest="input", required=True)
    return top


if __name__ == "__main__":
    arguments = parser().parse_args()
    sys.exit(arguments.action(arguments))
