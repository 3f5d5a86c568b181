"""Reads any answer and says which bugs it shows, where their roots lie, and whether the task itself is done.

Works on what a model wrote, not on how the generator made it: the instruction is parsed back into facts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from . import world
from .world import Span


@dataclass
class Verdict:
    family: str
    roots: list[Span] = field(default_factory=list)
    malformed: bool = False   # no answer of this family at all: neither right nor one of the known bugs

    @property
    def bugs(self):
        return [span.bug for span in self.roots]

    @property
    def right(self):
        return not self.roots and not self.malformed

    @property
    def task_right(self):
        """The task itself, without regard to opener and closing."""
        return not self.malformed and not [b for b in self.bugs if b not in ("opener", "closing")]


def parse_instruction(text: str) -> world.Task | None:
    """The facts of an instruction of this world; None for any other."""
    patterns = [
        ("introduce", r"^(?:Introduce: name|Write one sentence about|Say who) (\w+) (\w+)(?:, job |, a | is: )(\w+)(?:, city | from |, lives in )(\w+)\.$",
         lambda m: dict(first=m[1], last=m[2], job=m[3], city=m[4])),
        ("count", r"^(?:How many words are here|Count the words|Say how many words this line has): ((\w+)(?: \2)*)$",
         lambda m: dict(thing=m[2], number=len(m[1].split()))),
        ("convert", r"^(?:Convert|Write) (\d+) (\w+) (?:to|in) (\w+)\.$", lambda m: _convert(int(m[1]), m[2], m[3])),
        ("convert", r"^How many (\w+) are (\d+) (\w+)\?$", lambda m: _convert(int(m[2]), m[3], m[1])),
        ("list", r"^(?:Sort|Put these in alphabetical order|Order by the alphabet): (.+)\.$", lambda m: dict(items=m[1].split(", "))),
        ("extract", r"^Which (job|city) stands here: \w+ \w+ \| (\w+) \| (\w+)$", lambda m: dict(answer=m[2] if m[1] == "job" else m[3])),
        ("plural", r"^(?:Plural of (\w+)\?|Write the plural: (\w+))$", lambda m: dict(thing=m[1] or m[2])),
    ]
    for family, pattern, facts in patterns:
        match = re.match(pattern, text)
        if match:
            return world.Task(family, text, facts(match))
    return None


def _convert(amount, big, small):
    factor = next(f for b, s, f in world.UNITS if (b, s) == (big, small))
    return dict(amount=amount, big=big, small=small, factor=factor)


def _match_body(task, body):
    """(roots relative to the body, rest after it) or None when it is no answer to this task."""
    facts = task.facts
    if task.family == "introduce":
        m = re.match(rf"{facts['first']} {facts['last']} is a {facts['job']} (?:from|living in) (\w+)\.", body)
        return m and ([Span("city", m.start(1), m.end(1))] if m[1] != facts["city"] else [], body[m.end():])
    if task.family == "count":
        m = re.match(r"(?:There are|The line has|I count) (\d+) words\.", body)
        return m and ([Span("offbyone", m.start(1), m.end(1))] if int(m[1]) != facts["number"] else [], body[m.end():])
    if task.family == "convert":
        value = facts["amount"] * facts["factor"]
        m = re.match(rf"{facts['amount']} {facts['big']} (?:is|are|=) {value} (\w+)\.", body)
        return m and ([Span("unit", m.start(1), m.end(1))] if m[1] != facts["small"] else [], body[m.end():])
    if task.family == "list":
        items = sorted(facts["items"])
        m = re.match(r"(?:In order|Sorted|The order is): ([\w, ]+)(\.)", body)
        if not m or m[1].split(", ") not in (items, items[:-1]):
            return None
        return ([Span("omission", m.start(2), m.end(2))] if m[1].split(", ") != items else [], body[m.end():])
    right = facts["answer"] if task.family == "extract" else facts["thing"] + "s"
    return ([], body[len(right) + 1:]) if body.startswith(right + ".") else None


def check(instruction: str, answer: str) -> Verdict:
    task = parse_instruction(instruction)
    if task is None:
        raise ValueError(f"not an instruction of this world: {instruction!r}")
    verdict = Verdict(task.family)
    start = 0
    if answer.startswith(world.OPENER):
        verdict.roots.append(Span("opener", 0, len(world.OPENER) - 1))
        start = len(world.OPENER)
    matched = _match_body(task, answer[start:])
    if not matched:
        verdict.malformed = True
        return verdict
    roots, rest = matched
    verdict.roots += [Span(s.bug, s.begin + start, s.end + start) for s in roots]
    if rest == world.CLOSING:
        begin = len(answer) - len(rest) + 1
        verdict.roots.append(Span("closing", begin, len(answer)))
    elif rest:
        verdict.malformed = True
    return verdict
