"""Who takes part: each entry's settings of a round, and what it makes of the judged answers."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from typing import Callable

from ..detect import quoted_spans

CALIBRATED = {"contrast": "D6", "false_alarm_rate": 0.005}  # what a new project trains with


@dataclass(frozen=True)
class Entry:
    name: str
    settings: dict
    examples: Callable = lambda material, seed: material.examples
    placebo: bool = False


@dataclass
class Material:
    """The judged answers of a world, and what was made of them once for all entries."""
    examples: list[dict]                         # lines of headless.md; accepted ones have "judgment": null
    truth: dict = field(default_factory=dict)    # id → [(begin, end)] of every habit
    scores: dict = field(default_factory=dict)   # id → line of `stet-trainer score` under the calibrated contrast
    better: dict = field(default_factory=dict)   # id → an answer of the same model in which no habit shows

    def meant(self, line_id) -> list[bool]:
        """Which tokens of a criticised answer the judge means."""
        return [any(token["begin"] < end and begin < token["end"] for begin, end in self.truth[line_id])
                for token in self.scores[line_id]["tokens"]]


def accepted_alone(material, seed):
    return [line for line in material.examples if line["judgment"] is None]


def demonstrated(material, seed):
    """Criticised answers with one of the model's own that the judge accepts; without one, an answer is left out."""
    return ([{**line, "demonstration": material.better[line["id"]]} for line in material.examples if line["id"] in material.better]
            + accepted_alone(material, seed))


def shuffled(material, seed):
    """Every criticised answer under the judgment of another."""
    criticised = [line for line in material.examples if line["judgment"] is not None]
    order = list(criticised)
    random.Random(seed).shuffle(order)
    other = {id(line): order[(k + 1) % len(order)]["judgment"] for k, line in enumerate(order)}
    return [{**line, "judgment": other[id(line)]} if line["judgment"] is not None else line for line in material.examples]


def _marked(material, choose):
    """Criticised answers with marks on chosen tokens. choose(line, tokens, flagged, log-probabilities) → indices."""
    lines = []
    for line in material.examples:
        if line["judgment"] is not None:
            score = material.scores[line["id"]]
            tokens = score["tokens"]
            chosen = choose(line, tokens, score["flagged"], score["logprob"]["plain"])
            line = {**line, "marks": [{"begin": tokens[k]["begin"], "end": max(tokens[k]["end"], tokens[k]["begin"] + 1), "mark": "flag"}
                                      for k in sorted(chosen)]}
        lines.append(line)
    return lines


def oracle(material, seed):
    """The words that the judge means, and nothing else."""
    return _marked(material, lambda line, *_: [k for k, means in enumerate(material.meant(line["id"])) if means])


def _first_words(line, tokens, spans):
    """Tokens of the first word of each span."""
    chosen = set()
    for begin, _ in spans:
        word = re.compile(r"\w+|[^\w\s]+").search(line["output"], begin)
        if word:
            chosen |= {k for k, token in enumerate(tokens) if token["begin"] < word.end() and word.start() < token["end"]}
    return chosen


def beginnings(material, seed):
    """The first word of everything that the judge means: what follows only goes on from there."""
    return _marked(material, lambda line, tokens, flagged, logprob: _first_words(line, tokens, material.truth[line["id"]]))


def quoted_beginnings(material, seed):
    """The first word of everything that the judgment quotes."""
    return _marked(material, lambda line, tokens, flagged, logprob: _first_words(line, tokens, quoted_spans(line["output"], line["judgment"])))


def random_beginnings(material, seed):
    """For each first word that the judge means, tokens that are as likely, anywhere else in the same answer."""
    rng = random.Random(seed)
    return _marked(material, lambda line, tokens, flagged, logprob: _as_likely(rng, logprob, _first_words(line, tokens, material.truth[line["id"]])))


def _as_likely(rng, logprob, replaced):
    free = [k for k in range(len(logprob)) if k not in replaced]
    chosen = []
    for k in sorted(replaced):
        if free:
            near = sorted(free, key=lambda other: abs(logprob[other] - logprob[k]))[:3]
            chosen.append(rng.choice(near))
            free.remove(chosen[-1])
    return chosen


def quoted(material, seed):
    """The words that a judgment quotes, marked beside what lights up."""
    return [line if line["judgment"] is None else
            {**line, "marks": [{"begin": begin, "end": end, "mark": "flag"} for begin, end in quoted_spans(line["output"], line["judgment"])]}
            for line in material.examples]


def random_tokens(material, seed):
    """For every flagged token one that is as likely, anywhere in the same answer."""
    rng = random.Random(seed)
    return _marked(material, lambda line, tokens, flagged, logprob: _as_likely(rng, logprob, {k for k, flag in enumerate(flagged) if flag}))


def unlikely_tokens(material, seed):
    """As many tokens as are flagged, the least likely ones, whatever the judgment says."""
    def choose(line, tokens, flagged, logprob):
        return sorted(range(len(tokens)), key=logprob.__getitem__)[:sum(flagged)]
    return _marked(material, choose)


ONLY = {"contrast": "D1", "lambda": 1.1, "marks": "only"}
ENTRIES = {entry.name: entry for entry in (
    Entry("stable", CALIBRATED),
    Entry("stable-D1", {"contrast": "D1", "lambda": 1.1}),
    Entry("cut-code", {"preset": "cut-code"}),
    Entry("cut-paper", {"preset": "cut-paper"}),
    Entry("ftpo", {"preset": "ftpo", **CALIBRATED}),
    Entry("ftpo-imitate", {"preset": "ftpo", **CALIBRATED, "imitate": 0.25}),
    Entry("offline-self-distillation", {"objective": "offline-self-distillation"}),
    Entry("self-distillation", {"objective": "self-distillation"}),
    Entry("hindsight", {"objective": "hindsight"}),
    Entry("sft-better", {"objective": "sft"}, demonstrated),
    Entry("dpo-better", {"objective": "dpo"}, demonstrated),
    Entry("sft-accepted", {"objective": "sft"}, accepted_alone, placebo=True),
    Entry("shuffled-judgments", CALIBRATED, shuffled, placebo=True),
    Entry("random-tokens", ONLY, random_tokens, placebo=True),
    Entry("unlikely-tokens", ONLY, unlikely_tokens, placebo=True),
    Entry("oracle-tokens", ONLY, oracle),
    Entry("stable-quoted", CALIBRATED, quoted),
    Entry("ftpo-quoted", {"preset": "ftpo", **CALIBRATED}, quoted),
    Entry("ftpo-oracle", {"preset": "ftpo", **ONLY, "ftpo": {"push": "all"}}, oracle),
    Entry("ftpo-beginnings", {"preset": "ftpo", **ONLY}, beginnings),
    Entry("ftpo-held", {"preset": "ftpo", **ONLY, "ftpo": {"rest": 4}}, beginnings),
    Entry("ftpo-quoted-beginnings", {"preset": "ftpo", **ONLY}, quoted_beginnings),
    Entry("ftpo-random", {"preset": "ftpo", **ONLY}, random_beginnings, placebo=True),
    Entry("cut-beginnings", ONLY, beginnings),
)}
