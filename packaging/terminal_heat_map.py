#!/usr/bin/env python3
"""Judged responses in a terminal: a flagged token stands in [brackets], in a terminal also in colour.

  --waiting W --judged J --stet PROGRAM --project P   judges each waiting response with its suggestion, writes J for scoring
  --judged J --scores S                               shows what lights up
"""
import argparse
import json
import subprocess
import sys

COLOUR = ("\x1b[1;31m", "\x1b[0m") if sys.stdout.isatty() else ("", "")


def lines(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def judge(args):
    with open(args.judged, "w", encoding="utf-8") as judged:
        for line in lines(args.waiting):
            subprocess.run([args.stet, "judge", args.project, str(line["id"]), "--criticise", line["hint"]],
                           check=True, stdout=subprocess.DEVNULL)
            kept = {key: line[key] for key in ("id", "instruction", "output")}
            judged.write(json.dumps({**kept, "judgment": line["hint"]}, ensure_ascii=False) + "\n")
            print(f"  {line['instruction']}\n    {line['output']}\n    judged: {line['hint']}")


def painted(output, score):
    # A token may begin with the space before its word, which is nothing to mark.
    flagged = [character != " " and any(flag and token["begin"] <= at < token["end"]
                                        for token, flag in zip(score["tokens"], score["flagged"]))
               for at, character in enumerate(output)]
    text = ""
    for at, character in enumerate(output):
        opens = flagged[at] and not (at and flagged[at - 1])
        closes = flagged[at] and not (at + 1 < len(output) and flagged[at + 1])
        text += (COLOUR[0] + "[" if opens else "") + character + ("]" + COLOUR[1] if closes else "")
    # The end of the response can be flagged as well: it ends too early or too late.
    return text + ("[END]" if score["flagged"] and score["flagged"][-1] and score["tokens"][-1]["begin"] == len(output) else "")


def show(args):
    for line, score in zip(lines(args.judged), lines(args.scores)):
        print(f"  {painted(line['output'], score)}\n    {line['judgment']}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("waiting", "judged", "scores", "stet", "project"):
        parser.add_argument("--" + name)
    arguments = parser.parse_args()
    show(arguments) if arguments.scores else judge(arguments)
