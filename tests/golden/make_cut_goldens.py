#!/usr/bin/env python3
"""Goldens of a round: an independent CUT in PyTorch, from the formulas of docs/method.md.

Run with a Python that has torch, transformers, peft and tokenizers; writes tests/golden/cut/. What is written: a tiny random
Llama with its tokenizer, a PEFT adapter to start from (B is not zero), examples, and per case the losses of every example,
the gradients of the first three steps before clipping, every step's log line, and the adapter after the last step; and the
first gradient over bfloat16 weights. With names of cases: these alone, over the model, adapter and examples that are there.
"""
import hashlib
import json
import math
import pathlib
import random
import shutil
import sys

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import LlamaConfig, LlamaForCausalLM

from words import words_of, words_together

OUT = pathlib.Path(__file__).parent / "cut"
PLAIN = (
    "Below is an instruction that describes a task. Write a response that appropriately completes the request.\n\n"
    "### Instruction:\n{instruction}\n\n### Response:\n"
)
JUDGED = (
    "Below is an instruction that describes a task. Write a response to the instruction and the response should match "
    "the corresponding judgment.\n\n### Instruction:\n{instruction}\n\n### Judgment:\n{judgment}\n\n### Response:\n"
)
CORRECTION = (
    "Below is an instruction that describes a task, and feedback on an earlier, unsuccessful response. Write a response "
    "that appropriately completes the request.\n\n### Instruction:\n{instruction}\n\n### Feedback:\n{judgment}\n\n### Response:\n"
)
PRAISE = "Your response to the instruction is satisfactory."
NO_MARGIN = 1e-4  # no golden token may be this near to log lambda: rounding must not decide a flag

COMMON = {
    "positive_ratio": 0.25, "seed": 7, "batch_size": 4, "epochs": 4, "max_length": 92,
    "lora": {"dropout": 0}, "optimizer": {"lr": 0.004}, "schedule": {"kind": "cosine", "warmup_steps": 5},
    "device": "cpu", "dtype": "float32", "threads": 1,
}
TABLE = {
    "cut-code": dict(contrast="D1", gamma=0.0, imitate=1.0, combine="half", flags="current", empty_flags="imitate", truncate="left"),
    "cut-paper": dict(contrast="D2", gamma=1.0, imitate=1.0, combine="sum", flags="current", empty_flags="imitate", truncate="left"),
    "stable": dict(contrast="D1", gamma=0.0, imitate=0.25, combine="half", flags="start", empty_flags="skip", truncate="tail"),
}
CASES = {
    "cut-code": {"preset": "cut-code"},
    "cut-paper": {"preset": "cut-paper"},
    "stable": {"preset": "stable", "epochs": 5},
    "odds": {"preset": "stable", "epochs": 5, "contrast": "D3", "flags": "current", "alpha": 0.5, "gamma": 0.5, "lambda": 4.0,
             "empty_flags": "skip", "schedule": {"kind": "linear", "warmup_steps": 2}},
    "feedback": {"preset": "cut-code", "contrast": "D4", "max_length": 110},
    "others": {"preset": "stable", "epochs": 5, "contrast": "D5", "flags": "current", "max_length": 105, "marks": "ignore"},
    "words": {"preset": "stable", "epochs": 5, "contrast": "D6", "flags": "current", "max_length": 100},
}


def make_tokenizer(texts):
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=420, special_tokens=["<unk>", "<s>", "</s>"],
                                  initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.post_processor = processors.Sequence([
        processors.ByteLevel(trim_offsets=False),
        processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", 1)])])
    return tokenizer


def make_examples(rng):
    names = ["Tom", "lily", "Max", "anna", "Sue", "ben"]
    things = ["red ball", "big dog", "small cat", "blue hat", "old tree"]
    wrong = ["The name must begin with a capital letter.", "The count is wrong.", "It leaves out the last item.",
             "You answer a question nobody asked."]
    examples = []
    for i in range(26):
        name, thing = rng.choice(names), rng.choice(things)
        output = f"{name} saw a {thing} and {rng.randint(2, 99)} more things in the park"
        if i % 5 == 3:
            output += ", then " + rng.choice(names) + " went home to eat and to sleep until the sun was up again"
        example = {"id": i if i % 2 else f"e{i}", "instruction": f"Write about {name}.",
                   "output": output, "judgment": None if i % 13 in (1, 4, 6, 9, 11) else rng.choice(wrong)}
        if i % 4 == 2:
            example["input"] = "Use the word " + thing.split()[0] + "."
        if i in (5, 14) and example["judgment"]:
            example["marks"] = [{"begin": 0, "end": len(name), "mark": "flag"}, {"begin": len(name) + 1, "end": 12, "mark": "clear"}]
        if i == 16:
            example["stopped"] = "length"
        examples.append(example)
    return examples


def digest(text):
    return hashlib.sha256(text.encode()).digest()


def selected(examples, settings):
    bad = [i for i, e in enumerate(examples) if e["judgment"] is not None]
    good = [i for i, e in enumerate(examples) if e["judgment"] is None]
    good.sort(key=lambda line: digest(f"{settings['seed']}:{line}"))
    return sorted(bad + good[: int(settings["positive_ratio"] * len(bad))])


def trained(context):
    """The others are read to find flags alone."""
    return context in ("plain", "judged")


def other_judgments(examples, line, seed, most=8):
    """Contrast D5: up to eight, by the order of SHA-256 of seed:line, beginning behind the line's own."""
    bad = sorted((i for i, e in enumerate(examples) if e["judgment"] is not None), key=lambda i: digest(f"{seed}:{i}"))
    place, others = bad.index(line), []
    for i in bad[place + 1:] + bad[:place]:
        judgment = examples[i]["judgment"]
        if judgment != examples[line]["judgment"] and judgment not in others and len(others) < most:
            others.append(judgment)
    return others


class Contexts:
    """Ids of one example under each context, cut as the settings say."""

    def __init__(self, tokenizer, example, settings, others=()):
        text = example["instruction"] + ("\n" + example["input"] if example.get("input") else "")
        newline = tokenizer.encode("\n", add_special_tokens=False).ids
        joined = tokenizer.encode("\n" + example["output"], add_special_tokens=False)
        self.ranges = [(max(0, b - 1), max(0, e - 1)) for b, e in joined.offsets][len(newline):]
        assert joined.ids[: len(newline)] == newline
        response = joined.ids[len(newline):]
        if example.get("stopped") != "length":
            response = response + [2]
            self.ranges.append((len(example["output"]),) * 2)
        prompts = {"plain": PLAIN.format(instruction=text)}
        if example["judgment"] is not None:
            prompts["judged"] = JUDGED.format(instruction=text, judgment=example["judgment"])
            if settings["contrast"] in ("D2", "D6"):
                prompts["praised"] = JUDGED.format(instruction=text, judgment=PRAISE)
            if settings["contrast"] == "D4":
                prompts["correction"] = CORRECTION.format(instruction=text, judgment=example["judgment"])
        ids = {name: tokenizer.encode(prompt).ids for name, prompt in prompts.items()}
        limit = settings["max_length"]
        self.rows, self.truncated = {}, False
        kept = min([len(response)] + [limit - len(prompt) for prompt in ids.values()])
        self.kept = kept if settings["truncate"] == "tail" else len(response)
        self.all = len(response)
        for name, prompt in ids.items():
            if settings["truncate"] == "tail":
                self.rows[name] = (prompt, response[: max(0, kept)])
                self.truncated |= kept < len(response)
            else:
                cut = max(0, len(prompt) + len(response) - limit)
                assert cut < len(prompt)
                self.rows[name] = (prompt[cut:], response)
                self.truncated |= cut > 0
        for i, judgment in enumerate(others):  # those that leave room for all of it
            prompt = tokenizer.encode(JUDGED.format(instruction=text, judgment=judgment)).ids
            if len(prompt) + self.kept <= limit:
                self.rows[f"other{i}"] = (prompt, response[: self.kept])
        self.ranges = self.ranges[: self.kept] if settings["truncate"] == "tail" else self.ranges
        self.words = words_of(example["output"], self.ranges)


def log_probs(model, row):
    prompt, response = row
    logits = model(torch.tensor([prompt + response])).logits[0, len(prompt) - 1: -1].float()
    return torch.log_softmax(logits, -1).gather(1, torch.tensor(response)[:, None])[:, 0]


def ratios(settings, lp, words):
    wide = {name: value.detach().double() for name, value in lp.items()}
    odds = lambda x: x - torch.log(-torch.expm1(x))
    return {"D1": lambda: wide["judged"] - wide["plain"], "D2": lambda: wide["judged"] - wide["praised"],
            "D3": lambda: odds(wide["judged"]) - odds(wide["plain"]), "D4": lambda: wide["plain"] - wide["correction"],
            "D5": lambda: wide["judged"] - wide["plain"] - torch.stack(
                [value - wide["plain"] for name, value in wide.items() if name.startswith("other")]).mean(0),
            "D6": lambda: words_together(wide["judged"] - torch.maximum(wide["plain"], wide["praised"]), words),
            }[settings["contrast"]]()  # D4 with its sign turned: flagged when below


def flags_of(settings, example, contexts, lp, margins):
    ratio = ratios(settings, lp, contexts.words)
    threshold = math.log(settings["lambda"])
    margins.append((ratio - threshold).abs().min().item())
    flags = ratio > threshold
    if settings["marks"] == "only":
        flags = torch.zeros_like(flags)
    for mark in example.get("marks", []) if settings["marks"] != "ignore" else []:
        for t, (begin, end) in enumerate(contexts.ranges):
            if mark["begin"] < end and begin < mark["end"]:
                flags[t] = mark["mark"] == "flag"
    return flags


def losses(settings, lp, flags):
    p, pj = lp["plain"], lp.get("judged")
    if pj is None:
        return -p.mean(), None, -p.mean()
    not_p = torch.log(-torch.expm1(torch.clamp(p, max=-1e-6)))
    pushed = settings["alpha"] * torch.exp(pj.detach()) ** settings["gamma"] * not_p
    l1 = -(flags * pushed + (~flags) * settings["imitate"] * p).sum() / len(p)
    if settings["empty_flags"] == "skip" and not flags.any():
        l1 = torch.zeros(())
    l2 = -pj.sum() / len(pj)
    return (l1 + l2) * (0.5 if settings["combine"] == "half" else 1.0), l1, l2


def rate(settings, step, steps):
    lr, warmup = settings["optimizer"]["lr"], settings["schedule"]["warmup_steps"]
    if step < warmup:
        return lr * (step if settings["preset"] != "stable" else step + 1) / warmup
    x = (step - warmup) / max(1, steps - warmup)
    return lr * (0.5 * (1 + math.cos(math.pi * x)) if settings["schedule"]["kind"] == "cosine" else 1 - x)


def adapter_tensors(model, value):
    return {name.replace(".default", ""): value(p).detach().clone().contiguous()
            for name, p in model.named_parameters() if p.requires_grad}


def rounded_gradient(model, settings, contexts, fixed):
    """The first step's gradient, in the order of names, when the base model's weights are bfloat16 numbers and flags are those of
    the exact ones; computed in float32."""
    frozen = [p for p in model.parameters() if not p.requires_grad]
    exact = [p.detach().clone() for p in frozen]
    with torch.no_grad():
        for p in frozen:
            p.copy_(p.to(torch.bfloat16))
    model.zero_grad()
    batch = sorted(contexts, key=lambda line: digest(f"{settings['seed']}:0:{line}"))[: settings["batch_size"]]
    for line in batch:
        lp = {c: log_probs(model, row) for c, row in contexts[line].rows.items() if trained(c)}
        (losses(settings, lp, fixed[line])[0] / len(batch)).backward()
    gradients = adapter_tensors(model, lambda p: p.grad)
    with torch.no_grad():
        for p, value in zip(frozen, exact):
            p.copy_(value)
    model.zero_grad()
    return torch.cat([gradients[name].reshape(-1) for name in sorted(gradients)]).to(torch.bfloat16)


def run_case(name, given, model, start, tokenizer, examples):
    settings = {"lambda": 1.1, "alpha": 1.0, "marks": "union", **COMMON, **TABLE[given["preset"]], **given}
    with torch.no_grad():
        for key, p in model.named_parameters():
            if p.requires_grad:
                p.copy_(start[key.replace(".default", "")])
    contexts, left_out = {}, []
    for line in selected(examples, settings):
        judged = settings["contrast"] == "D5" and examples[line]["judgment"] is not None
        one = Contexts(tokenizer, examples[line], settings, other_judgments(examples, line, settings["seed"]) if judged else ())
        if one.kept < min(16, one.all) or one.kept < 1:
            left_out.append(line)
        else:
            contexts[line] = one
    margins, fixed, at_start = [], {}, []
    for line, one in contexts.items():
        with torch.no_grad():
            lp = {c: log_probs(model, row) for c, row in one.rows.items()}
            flags = flags_of(settings, examples[line], one, lp, margins) if "judged" in lp else None
            loss, l1, l2 = losses(settings, lp, flags)
        fixed[line] = flags
        at_start.append({"line": line, "tokens": len(one.rows["plain"][1]), "loss": loss.item(), "l2": l2.item(),
                         "l1": None if l1 is None else l1.item(), "flagged": None if flags is None else int(flags.sum())})
    parameters = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(parameters, lr=0.0, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0)
    per_epoch = math.ceil(len(contexts) / settings["batch_size"])
    steps, log = settings["epochs"] * per_epoch, []
    tensors = {"gradient1.rounded": rounded_gradient(model, settings, contexts, fixed)}
    for step in range(steps):
        order = sorted(contexts, key=lambda line: digest(f"{settings['seed']}:{step // per_epoch}:{line}"))
        batch = order[step % per_epoch * settings["batch_size"]:][: settings["batch_size"]]
        optimizer.zero_grad()
        sums = {"loss": 0.0, "likelihood": 0.0, "unlikelihood": [], "flagged": 0, "bad": 0, "tokens": 0}
        for line in batch:
            one = contexts[line]
            lp = {c: log_probs(model, row) for c, row in one.rows.items() if trained(c)}
            flags = None
            if "judged" in lp:
                flags = fixed[line]
                if settings["flags"] == "current":
                    with torch.no_grad():
                        lp.update({c: log_probs(model, row) for c, row in one.rows.items() if not trained(c)})
                    flags = flags_of(settings, examples[line], one, lp, margins)
                sums["flagged"] += int(flags.sum())
                sums["bad"] += len(flags)
            loss, l1, l2 = losses(settings, lp, flags)
            (loss / len(batch)).backward()
            sums["loss"] += loss.item() / len(batch)
            sums["likelihood"] += l2.item() / len(batch)
            sums["tokens"] += len(lp["plain"])
            if l1 is not None:
                sums["unlikelihood"].append(l1.item())
        if step < 3:
            tensors.update({f"gradient{step + 1}.{k}": v for k, v in adapter_tensors(model, lambda p: p.grad).items()})
        norm = torch.nn.utils.clip_grad_norm_(parameters, 1.0).item()
        lr = rate(settings, step, steps)
        for group in optimizer.param_groups:
            group["lr"] = lr
        optimizer.step()
        bad = sums["unlikelihood"]
        log.append({"step": step + 1, "loss": sums["loss"], "likelihood": sums["likelihood"],
                    "unlikelihood": sum(bad) / len(bad) if bad else None,
                    "flagged_share": sums["flagged"] / sums["bad"] if bad else None, "grad_norm": norm, "lr": lr,
                    "tokens": sums["tokens"], "lines": batch})
    tensors.update({f"after.{k}": v for k, v in adapter_tensors(model, lambda p: p).items()})
    print(name, "steps", steps, "flagged", [e["flagged"] for e in at_start], "truncated",
          sum(c.truncated for c in contexts.values()), "left out", left_out, "margin", min(margins))
    expected = {"settings": {**COMMON, **given}, "examples": at_start, "left_out": left_out, "log": log,
                "truncated": sum(c.truncated for c in contexts.values())}
    return expected, tensors, min(margins)


def write(name, case):
    expected, tensors, _ = case
    (OUT / f"{name}.json").write_text(json.dumps(expected) + "\n")
    save_file(tensors, OUT / f"{name}.safetensors")


def more(names):
    examples = [json.loads(line) for line in (OUT / "examples.jsonl").read_text().splitlines()]
    tokenizer = Tokenizer.from_file(str(OUT / "model" / "tokenizer.json"))
    base = LlamaForCausalLM.from_pretrained(OUT / "model", attn_implementation="eager", dtype=torch.float32).eval()
    model = PeftModel.from_pretrained(base, OUT / "start", is_trainable=True).eval()
    start = adapter_tensors(model, lambda p: p)
    for name in names:
        case = run_case(name, CASES[name], model, start, tokenizer, examples)
        if case[2] <= NO_MARGIN:
            raise SystemExit(f"{name}: a token is too near to the threshold; change the case")
        write(name, case)


def main():
    rng = random.Random(5)
    examples = make_examples(rng)
    tokenizer = make_tokenizer([e["output"] + e["instruction"] + (e["judgment"] or "") for e in examples] + [PLAIN, JUDGED] * 4)
    for seed in range(100):
        torch.manual_seed(seed)
        config = LlamaConfig(vocab_size=tokenizer.get_vocab_size(), hidden_size=32, intermediate_size=48, num_hidden_layers=2,
                             num_attention_heads=4, num_key_value_heads=2, max_position_embeddings=256, initializer_range=0.25,
                             tie_word_embeddings=True, bos_token_id=1, eos_token_id=2, attn_implementation="eager")
        base = LlamaForCausalLM(config).eval()
        model = get_peft_model(base, LoraConfig(r=4, lora_alpha=6, lora_dropout=0.0, bias="none", task_type="CAUSAL_LM",
                                                target_modules=["gate_proj", "up_proj", "down_proj"]))
        with torch.no_grad():
            for key, p in model.named_parameters():
                if "lora_B" in key:
                    p.normal_(0, 0.05)
        start = adapter_tensors(model, lambda p: p)
        cases = {name: run_case(name, given, model, start, tokenizer, examples) for name, given in CASES.items()}
        if min(case[2] for case in cases.values()) > NO_MARGIN:
            break
    else:
        raise SystemExit("no seed keeps every token away from the threshold")

    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    with torch.no_grad():
        for key, p in model.named_parameters():
            if p.requires_grad:
                p.copy_(start[key.replace(".default", "")])
    model.save_pretrained(OUT / "start")
    (OUT / "start" / "README.md").unlink(missing_ok=True)
    settings = json.loads((OUT / "start" / "adapter_config.json").read_text())
    settings["base_model_name_or_path"] = "model"
    settings["target_modules"].sort()  # PEFT writes a set
    (OUT / "start" / "adapter_config.json").write_text(json.dumps(settings, indent=1) + "\n")
    model.unload().save_pretrained(OUT / "model")
    tokenizer.save(str(OUT / "model" / "tokenizer.json"), pretty=False)
    (OUT / "model" / "tokenizer_config.json").write_text('{"eos_token": "</s>", "bos_token": "<s>"}\n')
    (OUT / "examples.jsonl").write_text("".join(json.dumps(e) + "\n" for e in examples))
    for name, case in cases.items():
        write(name, case)


if __name__ == "__main__":
    torch.set_num_threads(1)
    more(sys.argv[1:]) if sys.argv[1:] else main()
