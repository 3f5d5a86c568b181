#!/usr/bin/env python3
"""Goldens of scoring and comparing: Transformers and PEFT on tests/golden/cut's model and adapter, by docs/headless.md.

Run with a Python that has torch, transformers, peft and tokenizers, after make_cut_goldens.py; writes tests/golden/score/.
"""
import json
import math
import pathlib

import torch
from peft import PeftModel
from tokenizers import Tokenizer
from transformers import LlamaForCausalLM

from make_cut_goldens import JUDGED, PLAIN, PRAISE

from words import words_of, words_together

HERE = pathlib.Path(__file__).parent
CUT, OUT = HERE / "cut", HERE / "score"
CORRECTION = (
    "Below is an instruction that describes a task, and feedback on an earlier, unsuccessful response. Write a response "
    "that appropriately completes the request.\n\n### Instruction:\n{instruction}\n\n### Feedback:\n{judgment}\n\n### Response:\n"
)
OTHERS = ["You answer a question nobody asked.", "It leaves out the last item, and it says so twice."]
CONTRASTS, LAMBDA, TOP, NEW_TOKENS, END = ["D1", "D2", "D3", "D4", "D5", "D6"], 1.1, 3, 12, 2


def fill(template, instruction, judgment=""):
    return template.replace("{instruction}", "\x01").replace("{judgment}", "\x02").replace("\x01", instruction).replace("\x02", judgment)


def prompts_of(example):
    text = example["instruction"] + ("\n" + example["input"] if example.get("input") else "")
    prompts = {"plain": fill(PLAIN, text), "praised": fill(JUDGED, text, PRAISE), "blank": fill(JUDGED, text)}
    if example["judgment"] is not None:
        prompts["judged"] = fill(JUDGED, text, example["judgment"])
        prompts["correction"] = fill(CORRECTION, text, example["judgment"])
        prompts.update({f"other{i}": fill(JUDGED, text, other) for i, other in enumerate(OTHERS)})
    return prompts


class Reference:
    def __init__(self):
        self.tokenizer = Tokenizer.from_file(str(CUT / "model" / "tokenizer.json"))
        self.tokenizer.encode_special_tokens = True  # what people type is text
        self.base = LlamaForCausalLM.from_pretrained(CUT / "model", dtype=torch.float32).eval()
        self.adapted = PeftModel.from_pretrained(
            LlamaForCausalLM.from_pretrained(CUT / "model", dtype=torch.float32), CUT / "start").eval()

    def prompt(self, text):
        return self.tokenizer.encode(text).ids

    def response(self, example):
        newline = self.tokenizer.encode("\n", add_special_tokens=False).ids
        joined = self.tokenizer.encode("\n" + example["output"], add_special_tokens=False)
        assert joined.ids[: len(newline)] == newline
        ranges = [[max(0, b - 1), max(0, e - 1)] for b, e in joined.offsets][len(newline):]
        ids = joined.ids[len(newline):]
        if example.get("stopped") == "length":
            return ids, ranges
        return ids + [END], ranges + [[len(example["output"])] * 2]

    def distributions(self, model, prompt, response):
        logits = model(input_ids=torch.tensor([prompt + response])).logits[0, len(prompt) - 1: -1].float()
        return torch.log_softmax(logits, -1)

    def log_probs(self, model, prompt, response):
        return self.distributions(model, prompt, response).gather(1, torch.tensor(response)[:, None])[:, 0]

    def answer(self, model, prompt):
        ids = []
        while len(ids) < NEW_TOKENS:
            best = model(input_ids=torch.tensor([prompt + ids])).logits[0, -1].argmax().item()
            if best == END:
                return ids, "eos"
            ids.append(best)
        return ids, "length"


def ratios_of(lp, words):
    wide = {name: torch.tensor(values, dtype=torch.float64) for name, values in lp.items()}
    odds = lambda x: torch.clamp(x, max=-1e-6) - torch.log(-torch.expm1(torch.clamp(x, max=-1e-6)))
    d1 = wide["judged"] - wide["plain"]
    others = torch.stack([wide[f"other{i}"] - wide["plain"] for i in range(len(OTHERS))]).mean(0)
    return {"D1": d1, "D2": wide["judged"] - wide["praised"], "D3": odds(wide["judged"]) - odds(wide["plain"]),
            "D4": wide["correction"] - wide["plain"], "D5": d1 - others,
            "D6": words_together(wide["judged"] - torch.maximum(wide["plain"], wide["praised"]), words)}


def score_case(reference, example):
    response, ranges = reference.response(example)
    case = {"example": example, "ids": response, "ranges": ranges, "logprob": {}, "rank": {}, "top": {}}
    for name, text in prompts_of(example).items():
        all_ = reference.distributions(reference.base, reference.prompt(text), response)
        own = all_.gather(1, torch.tensor(response)[:, None])
        case["logprob"][name] = own[:, 0].tolist()
        if name in ("plain", "judged"):
            case["rank"][name] = ((all_ > own).sum(1) + 1).tolist()
            case["top"][name] = all_.topk(TOP, -1).indices.tolist()
    if example["judgment"] is not None:
        case["log_ratio"] = {name: values.tolist() for name, values in ratios_of(case["logprob"], words_of(example["output"], ranges)).items()}
    return case


def score_cases(reference, lines):
    chosen = [dict(lines[i]) for i in (0, 1, 2, 16)]
    chosen.append({"id": "odd", "instruction": "Say {judgment} and \U0001f999.", "output": "a \U0001f999 said</s> twice\n",
                   "judgment": "It must not say {instruction}."})
    return [score_case(reference, example) for example in chosen]


def repetition(text):
    words = text.split()
    grams = [tuple(words[i: i + 4]) for i in range(len(words) - 3)]
    return 1 - len(set(grams)) / len(grams) if len(words) > 4 else 0.0


def mean(values):
    return sum(values) / len(values)


def kl(reference, prompt, response):
    p, q = (reference.distributions(model, prompt, response).double() for model in (reference.base, reference.adapted))
    return (p.exp() * (p - q)).sum(-1).mean().item()


def compare_line(reference, example, sums):
    prompt = reference.prompt(prompts_of({"judgment": None, **example})["plain"])
    line = {"id": example["id"], "before": {}, "after": {}}
    response = None if "output" not in example else reference.response(example)[0]
    judged = None
    for side, model in (("before", reference.base), ("after", reference.adapted)):
        if response is None:
            ids, stopped = reference.answer(model, prompt)
            text = reference.tokenizer.decode(ids)
            line[side] = {"output": text, "tokens": len(ids), "stopped": stopped}
            sums["length"][side].append(len(ids))
            sums["repetition"][side].append(repetition(text))
            continue
        plain = reference.log_probs(model, prompt, response)
        line[side] = {"logprob": plain.tolist()}
        if example.get("set") == "control":
            continue
        if example["judgment"] is None:
            sums["praised_logp"][side].append(plain.double().mean().item())
            continue
        if judged is None:  # flags are the model's before
            judged = reference.log_probs(model, reference.prompt(prompts_of(example)["judged"]), response)
            ratio = judged.double() - plain.double()
            assert (ratio - math.log(LAMBDA)).abs().min() > 1e-4, example["id"]
            flags = ratio > math.log(LAMBDA)
        sums["criticised_flagged_logp"][side] += plain[flags].double().tolist()
    if example.get("set") == "control":
        if response is None:
            ids, stopped = reference.answer(reference.base, prompt)
            response = ids + ([END] if stopped == "eos" else [])
        line["kl"] = kl(reference, prompt, response)
        sums["control_kl"]["after"].append(line["kl"])
        sums["control_kl"]["before"].append(0.0)
    return line


def compare_case(reference, lines):
    given = [dict(lines[i]) for i in (0, 1, 2, 3, 4)]
    given += [dict(lines[6], set="control"), {"id": "own", "instruction": "Write about anna.", "set": "control"}]
    given += [{"id": name, "instruction": f"Write about {name}."} for name in ("Tom", "Max", "lily")]
    names = ["criticised_flagged_logp", "praised_logp", "control_kl", "length", "repetition"]
    sums = {name: {"before": [], "after": []} for name in names}
    out = [compare_line(reference, example, sums) for example in given]
    summary = {name: {side: mean(values) for side, values in both.items()} for name, both in sums.items()}
    return {"examples": given, "new_tokens": NEW_TOKENS, "lambda": LAMBDA, "lines": out, "summary": summary}


def main():
    lines = [json.loads(line) for line in (CUT / "examples.jsonl").read_text().splitlines()]
    reference = Reference()
    OUT.mkdir(exist_ok=True)
    with torch.no_grad():
        score = {"others": OTHERS, "top": TOP, "lambda": LAMBDA, "cases": score_cases(reference, lines)}
        compared = compare_case(reference, lines)
    (OUT / "score.json").write_text(json.dumps(score) + "\n")
    (OUT / "compare.json").write_text(json.dumps(compared) + "\n")
    print(json.dumps(compared["summary"], indent=1))


if __name__ == "__main__":
    torch.set_num_threads(1)
    main()
