#!/usr/bin/env python3
"""Goldens of the objectives: an independent version of each in PyTorch and PEFT, from the formulas of docs/method.md.

Run with a Python that has torch, transformers, peft and tokenizers, after make_cut_goldens.py: the tiny model and the
adapter to start from are tests/golden/cut's. Writes tests/golden/objectives/: examples and, per case, what every example
costs at the start, the gradients of the first three steps before clipping, every step's log line, and the adapter after the
last step. Tensors are flat, in the order of their names (lora_A before lora_B within a module).
"""
import hashlib
import json
import math
import pathlib
import random
import shutil

import torch
import torch.nn.functional as F
from peft import PeftModel
from safetensors.torch import save_file
from tokenizers import Tokenizer
from transformers import AutoModelForCausalLM

from words import words_of

HERE = pathlib.Path(__file__).parent
OUT = HERE / "objectives"
ALPACA = "Below is an instruction that describes a task. Write a response that appropriately completes the request."
JUDGED = (
    "Below is an instruction that describes a task. Write a response to the instruction and the response should match "
    "the corresponding judgment."
)
CORRECTION = (
    "Below is an instruction that describes a task, and feedback on an earlier, unsuccessful response. Write a response "
    "that appropriately completes the request."
)
JUDGING = json.loads((HERE.parent.parent / "resources/prompts/judging.json").read_text())["alpaca"]
PRAISE = "Your response to the instruction is satisfactory."
END = 2
MARGIN = 1e-4  # no token of a case with flags may be this near to log lambda, no chosen one to not being chosen
FTPO = {"push": "beginnings", "epsilon": 2, "tau": 1, "top_p": 0.9, "top_k": 20, "others": 0.4, "targets": 0.05, "grace": 1, "rest": 0.4}

COMMON = {
    "positive_ratio": 0.25, "seed": 11, "batch_size": 4, "max_length": 250, "lora": {"dropout": 0},
    "optimizer": {"lr": 0.004}, "schedule": {"kind": "cosine", "warmup_steps": 4},
    "device": "cpu", "dtype": "float32", "threads": 1,
}
CASES = {
    "sft": {"objective": "sft", "epochs": 4},
    "ilf": {"objective": "ilf", "epochs": 7},
    "dpo": {"objective": "dpo", "epochs": 7, "beta": 0.2, "max_length": 90},
    "forward-prediction": {"objective": "forward-prediction", "epochs": 5, "positive_ratio": 0.5},
    "hindsight": {"objective": "hindsight", "epochs": 5, "positive_ratio": 0.5, "truncate": "left", "max_length": 110},
    "unlikelihood": {"objective": "unlikelihood", "epochs": 5, "alpha": 0.5, "positive_ratio": 0.5},
    "self-distillation": {"objective": "self-distillation", "epochs": 5},
    "offline-self-distillation": {"objective": "offline-self-distillation", "epochs": 5, "signal_clip": 0.5},
    "ftpo": {"preset": "ftpo", "epochs": 5, "ftpo": {"push": "all", "epsilon": 9, "top_k": 5}},  # random weights lead by several logits
    "ftpo-imitating": {"objective": "ftpo", "epochs": 5, "imitate": 0.2,
                       "ftpo": {"push": "all", "epsilon": 7, "tau": 0.7, "top_p": 0.05, "others": 0.6, "targets": 0.3, "grace": 0.1, "rest": 0.2}},
    "ftpo-beginnings": {"preset": "ftpo", "epochs": 5, "ftpo": {"epsilon": 9, "top_k": 5}},
    "anchor-kl": {"objective": "cut", "epochs": 5, "anchor": {"kind": "kl", "weight": 0.7, "answers": "all"}},
    "anchor-sft": {"objective": "dpo", "epochs": 7, "anchor": {"kind": "sft", "weight": 0.3, "batch_size": 2}},
}


# --- examples ---------------------------------------------------------------------------------------------------------


def make_examples(rng):
    names = ["Tom", "lily", "Max", "anna", "Sue", "ben"]
    things = ["red ball", "big dog", "small cat", "blue hat", "old tree"]
    wrong = ["The name must begin with a capital letter.", "The count is wrong.", "It leaves out the last item."]
    lines = []
    for i in range(24):
        name, thing, count = rng.choice(names), rng.choice(things), rng.randint(2, 99)
        line = {"id": f"o{i}", "instruction": f"Write about {name}.",
                "output": f"{name} saw a {thing} and {count} more things", "judgment": None if i % 3 == 1 else rng.choice(wrong)}
        if i % 5 == 2:
            line["input"] = "Use the word " + thing.split()[0] + "."
        if i % 7 == 3:
            line["output"] += " in the park, then went home to eat and to sleep until the sun was up again"
        if line["judgment"] and i % 2 == 0:
            line["revision"] = line["output"].capitalize().replace(str(count), str(count + 1))
        if i % 6 == 5 or i == 1:
            line["demonstration"] = f"In the park {name.capitalize()} found a {thing}."
        if i == 9:
            line["stopped"] = "length"
        if i == 12:
            line["judgment"] = ""
        lines.append(line)
    lines.append({"id": "o24", "instruction": "Say hello.", "output": "hello " * 22 + "you", "judgment": "Far too long.",
                  "revision": "Hello!"})
    return lines


def prompt(head, instruction, between=""):
    return f"{head}\n\n### Instruction:\n{instruction}\n\n{between}### Response:\n"


class Encoder:
    def __init__(self, tokenizer):
        self.tokenizer = tokenizer
        self.newline = self.ids("\n")

    def ids(self, text):
        return self.tokenizer.encode(text, add_special_tokens=False).ids

    def response(self, text, stopped=False):
        ids = self.ids("\n" + text)
        assert ids[: len(self.newline)] == self.newline
        return ids[len(self.newline):] + ([] if stopped else [END])

    def words(self, text):
        """Of each token of a response (docs/method.md, D6); one more for the end of sequence."""
        offsets = self.tokenizer.encode("\n" + text, add_special_tokens=False).offsets[len(self.newline):]
        return words_of(text, [(max(0, begin - 1), end - 1) for begin, end in offsets]) + [None]

    def prompt(self, context, line):
        x = line["instruction"] + ("\n" + line["input"] if line.get("input") else "")
        judgment = line.get("judgment") or ""
        text = {
            "plain": lambda: prompt(ALPACA, x),
            "judged": lambda: prompt(JUDGED, x, f"### Judgment:\n{judgment}\n\n"),
            "praised": lambda: prompt(JUDGED, x, f"### Judgment:\n{PRAISE}\n\n"),
            "correction": lambda: prompt(CORRECTION, x, f"### Feedback:\n{judgment}\n\n"),
            "judging": lambda: JUDGING.replace("{instruction}", x).replace("{output}", line["output"]),
        }[context]()
        return self.tokenizer.encode(text).ids


def texts_of(objective, line):
    """[(text, stopped by length, contexts)] of a line; None when the objective can't use it."""
    bad, revision, demonstration = line["judgment"] is not None, line.get("revision"), line.get("demonstration")
    own = (line["output"], line.get("stopped") == "length")
    if objective == "sft":
        written = demonstration if demonstration is not None else revision
        if written is not None:
            return [(written, False, ["plain"])]
        return None if bad else [(*own, ["plain"])]
    if objective == "ilf":
        return None if revision is None else [(revision, False, ["plain"])]
    if objective == "dpo":
        preferred = revision if revision is not None else demonstration
        return [(preferred, False, ["plain"]), (*own, ["plain"])] if bad and preferred is not None else None
    if objective == "forward-prediction":
        return None if line["judgment"] == "" else [(line["judgment"] if bad else PRAISE, False, ["judging"])]
    if objective == "hindsight":
        return [(*own, ["judged" if bad else "praised"])]
    second = {"cut": ["judged"], "self-distillation": ["correction"], "unlikelihood": [],
              "offline-self-distillation": ["correction"], "ftpo": ["judged"]}[objective]
    return [(*own, ["plain"] + (second if bad else []))]


def encode(encoder, line, texts, settings):
    """[(context, prompt ids, response ids)]; None when truncation leaves too little."""
    readings, truncated = [], False
    for text, stopped, contexts in texts:
        response = encoder.response(text, stopped)
        prompts = [encoder.prompt(context, line) for context in contexts]
        limit = settings["max_length"]
        if settings.get("truncate", "tail") == "tail":
            kept = min([len(response)] + [limit - len(p) for p in prompts])
            truncated |= kept < len(response)
            if kept < min(16, len(response)) or kept < 1:
                return None, False
            readings += [(c, p, response[:kept]) for c, p in zip(contexts, prompts)]
        else:
            for context, p in zip(contexts, prompts):
                cut = max(0, len(p) + len(response) - limit)
                assert cut < len(p)
                truncated |= cut > 0
                readings.append((context, p[cut:], response))
    return readings, truncated


def digest(text):
    return hashlib.sha256(text.encode()).digest()


def selected(lines, usable, settings):
    bad = [i for i in usable if lines[i]["judgment"] is not None]
    good = [i for i in usable if lines[i]["judgment"] is None]
    if settings["objective"] not in ("sft", "ilf"):
        good.sort(key=lambda line: digest(f"{settings['seed']}:{line}"))
        good = good[: int(settings["positive_ratio"] * len(bad))]
    return sorted(bad + good)


def order(lines, seed, epoch):
    return sorted(lines, key=lambda line: digest(f"{seed}:{epoch}:{line}"))


# --- losses -----------------------------------------------------------------------------------------------------------


def distribution(model, reading):
    _, prompt_ids, response = reading
    logits = model(torch.tensor([prompt_ids + response])).logits[0]
    return F.log_softmax(logits.float(), -1)[len(prompt_ids) - 1: len(prompt_ids) - 1 + len(response)]


def picked(model, reading):
    return distribution(model, reading)[torch.arange(len(reading[2])), torch.tensor(reading[2])]


def divergence(new, old):
    """Mean over tokens of KL(new || old)."""
    return F.kl_div(old, new, reduction="none", log_target=True).sum(-1).mean()


def cut_flags(model, readings):
    with torch.no_grad():
        ratio = picked(model, readings[1]).double() - picked(model, readings[0]).double()
    return ratio > math.log(1.1), (ratio - math.log(1.1)).abs().min().item()


def beginnings(flags, words):
    """Of each run of flags the first word."""
    kept = []
    for t, flag in enumerate(flags):
        begins = t == 0 or not flags[t - 1]
        goes_on = not begins and kept[-1] and words[t] is not None and words[t] == words[t - 1]
        kept.append(bool(flag and (begins or goes_on)))
    return kept


def chosen_tokens(reference, response, flags, ftpo):
    """[(position, rejected, chosen)] of the flagged positions, and how near a token was to the other side."""
    unwanted = {token for token, flag in zip(response, flags) if flag}
    found, nearest = [], 1.0
    for t, (token, flag) in enumerate(zip(response, flags)):
        if not flag:
            continue
        p = reference[t].double().exp().tolist()
        rest = sorted((i for i in range(len(p)) if i not in unwanted), key=lambda i: -p[i])
        total, before, chosen = sum(p[i] for i in rest), 0.0, []
        for i in rest[: ftpo["top_k"]]:
            nearest = min(nearest, abs(before / total - ftpo["top_p"]))
            if before / total >= ftpo["top_p"]:
                break
            chosen.append(i)
            before += p[i]
        if len(chosen) == ftpo["top_k"] < len(rest):
            nearest = min(nearest, math.log(p[chosen[-1]] / p[rest[ftpo["top_k"]]]))
        found.append((t, token, chosen))
    return found, nearest


def ftpo_loss(model, settings, reading, bad, fixed):
    """Position after position, as the formulas say it."""
    ftpo = {**FTPO, **settings.get("ftpo", {})}
    imitate = settings.get("imitate", 0.0 if settings.get("preset") == "ftpo" else 0.25)
    now, (reference, targets, flags) = distribution(model, reading), fixed
    by_position = {t: (token, chosen) for t, token, chosen in targets}
    preference, held, free, rest, likelihoods, margins, wins, drifts = [], [], [], [], [], [], [], []
    for t, response_token in enumerate(reading[2]):
        moved = now[t] - reference[t]
        rejected, chosen = by_position.get(t, (None, []))
        goals = [] if rejected is None else [rejected, *chosen]
        others = [i for i in range(len(moved)) if i not in set(goals)]
        centred = moved - moved[others].mean()
        drifts.append(centred[others].pow(2).mean())
        if rejected is None:
            rest.append(drifts[-1])
            if not flags[t]:
                likelihoods.append(now[t][response_token])
            continue
        held.append(drifts[-1])
        free.append((centred[goals].abs() - ftpo["grace"]).clamp(min=0).pow(2).mean())
        lead = now[t][chosen] - now[t][rejected]
        weight = ((ftpo["epsilon"] - lead.detach()) / ftpo["epsilon"]).clamp(0, 1)
        preference.append((weight * F.softplus((ftpo["epsilon"] - lead) / ftpo["tau"])).mean())
        margins.append(lead.mean().item())
        wins.append((lead > 0).float().mean().item())
    info = {"drift": torch.stack(drifts).mean().item()}
    loss = torch.zeros(())
    if rest:
        loss = loss + ftpo["rest"] * torch.stack(rest).mean()
    if targets:
        preferred = torch.stack(preference).mean()
        loss = loss + preferred + ftpo["others"] * torch.stack(held).mean() + ftpo["targets"] * torch.stack(free).mean()
        info.update(unlikelihood=preferred.item(), margin=mean(margins), accuracy=mean(wins))
    if bad:
        info["flagged"] = (len(targets), len(reading[2]))
    if imitate and (targets or not bad):
        likelihood = -torch.stack(likelihoods).mean() if likelihoods else torch.zeros(())
        loss = loss + imitate * likelihood
        info["likelihood"] = likelihood.item()
    return loss, info


def example_loss(model, settings, line, readings, fixed):
    """loss and the numbers a log line is made of"""
    objective, bad = settings["objective"], line["judgment"] is not None
    if objective == "dpo":
        preferred, rejected = (picked(model, r).sum() for r in readings)
        margin = settings.get("beta", 0.1) * ((preferred - rejected) - (fixed[0] - fixed[1]))
        return -F.logsigmoid(margin), {"margin": margin.item(), "accuracy": float(margin.item() > 0)}
    if objective == "self-distillation" and bad:
        with torch.no_grad():
            teacher = distribution(model, readings[1])
        loss = divergence(distribution(model, readings[0]), teacher)
        return loss, {"divergence": loss.item()}
    if objective == "offline-self-distillation" and bad:
        with torch.no_grad():
            teacher = picked(model, readings[1])
        p = picked(model, readings[0])
        signal = teacher - p.detach()
        clip = settings.get("signal_clip", 2.0)
        return -(signal.clamp(-clip, clip) * p).mean(), {"margin": signal.mean().item()}
    if objective == "ftpo":
        return ftpo_loss(model, settings, readings[0], bad, fixed)
    if objective == "unlikelihood" and bad:
        p = picked(model, readings[0]).exp()
        loss = -settings["alpha"] * torch.log1p(-p).mean()
        return loss, {"unlikelihood": loss.item(), "flagged": (len(p), len(p))}
    if objective == "cut" and bad:
        p, pj = picked(model, readings[0]), picked(model, readings[1])
        l1 = -torch.where(fixed, torch.log(-torch.expm1(p)), 0.25 * p).mean() if fixed.any() else torch.zeros(())
        l2 = -pj.mean()
        return (l1 + l2) / 2, {"likelihood": l2.item(), "unlikelihood": l1.item(), "flagged": (int(fixed.sum()), len(p))}
    loss = F.nll_loss(distribution(model, readings[0]), torch.tensor(readings[0][2]))
    return loss, {"likelihood": loss.item()}


def anchor_lines(lines, training, settings):
    rest = settings["anchor"].get("answers", "rest") == "rest"
    return [i for i, e in enumerate(lines) if e["judgment"] is None and not (rest and i in training)]


def anchor_batch(anchors, settings, step):
    size = min(len(anchors), settings["anchor"].get("batch_size", settings["batch_size"]))
    return [order(anchors, settings["seed"], k // len(anchors))[k % len(anchors)] for k in range(step * size, (step + 1) * size)]


# --- a run ------------------------------------------------------------------------------------------------------------


class Round:
    """The examples of a case, and what is fixed before the first step."""

    def __init__(self, model, settings, encoder, lines):
        self.settings, self.lines, objective = settings, lines, settings["objective"]
        self.left_out = [i for i, line in enumerate(lines) if texts_of(objective, line) is None]
        self.readings, self.truncated, self.anchors, self.fixed, self.margin = {}, 0, {}, {}, 1.0
        usable = [i for i in range(len(lines)) if i not in self.left_out]
        for i in selected(lines, usable, settings):
            one, cut = encode(encoder, lines[i], texts_of(objective, lines[i]), settings)
            if one is None:
                self.left_out.append(i)
                continue
            self.readings[i] = one
            self.truncated += cut
        if "anchor" in settings:
            for i in anchor_lines(lines, self.readings, settings):
                own = (lines[i]["output"], lines[i].get("stopped") == "length", ["plain"])
                self.anchors[i] = encode(encoder, lines[i], [own], settings)[0][0]
        for i, one in self.readings.items():
            if objective == "dpo":
                with torch.no_grad():
                    self.fixed[i] = [picked(model, r).sum().item() for r in one]
            if objective == "cut" and lines[i]["judgment"] is not None:
                self.fixed[i], margin = cut_flags(model, one)
                self.margin = min(self.margin, margin)
            if objective == "ftpo":
                self.fixed[i] = self.fix_ftpo(model, one, lines[i]["judgment"] is not None and encoder.words(lines[i]["output"]))
        self.remember(model)

    def fix_ftpo(self, model, readings, words):
        """What stood at each position before the first step, and the targets; words: False of an accepted response."""
        with torch.no_grad():
            reference = distribution(model, readings[0])
        if not words:
            return reference, [], [False] * len(readings[0][2])
        flags, margin = cut_flags(model, readings)
        ftpo = {**FTPO, **self.settings.get("ftpo", {})}
        pushed = flags.tolist() if ftpo["push"] == "all" else beginnings(flags.tolist(), words)
        targets, near = chosen_tokens(reference, readings[0][2], pushed, ftpo)
        self.margin = min(self.margin, margin, near)
        return reference, targets, flags.tolist()

    def remember(self, model):
        with torch.no_grad():
            self.before = {i: distribution(model, one) for i, one in self.anchors.items()}
            if self.settings["objective"] == "ftpo":  # the targets stay
                self.fixed = {i: (distribution(model, one[0]), *self.fixed[i][1:]) for i, one in self.readings.items()}

    def tokens(self, i):
        """Response tokens, each text once."""
        both = self.settings["objective"] == "dpo"
        return sum(len(r[2]) for r in (self.readings[i] if both else self.readings[i][:1]))

    def loss(self, model, i):
        return example_loss(model, self.settings, self.lines[i], self.readings[i], self.fixed.get(i))

    def per_epoch(self):
        return math.ceil(len(self.readings) / self.settings["batch_size"])

    def backward(self, model, step):
        """Leaves a step's gradient on the parameters; what the log says of it."""
        size, k = self.settings["batch_size"], step % self.per_epoch()
        batch = order(self.readings, self.settings["seed"], step // self.per_epoch())[k * size: (k + 1) * size]
        model.zero_grad()
        losses, infos = [], []
        for i in batch:
            loss, info = self.loss(model, i)
            (loss / len(batch)).backward()
            losses.append(loss.item())
            infos.append(info)
        line = log_line(step, batch, losses, infos, sum(self.tokens(i) for i in batch))
        if self.anchors:
            anchor = self.settings["anchor"]
            held = anchor_batch(sorted(self.anchors), self.settings, step)
            term = sum(divergence(distribution(model, self.anchors[i]), self.before[i]) if anchor["kind"] == "kl"
                       else -picked(model, self.anchors[i]).mean() for i in held) / len(held)
            (anchor["weight"] * term).backward()
            line["anchor"] = term.item()
            line["loss"] += anchor["weight"] * term.item()
        return line


def rate(settings, step, steps):
    lr, warmup = settings["optimizer"]["lr"], settings["schedule"]["warmup_steps"]
    if step < warmup:
        return lr * (step + 1) / warmup
    return lr * 0.5 * (1 + math.cos(math.pi * (step - warmup) / max(1, steps - warmup)))


def named(model):
    return sorted((name, p) for name, p in model.named_parameters() if p.requires_grad)


def flat(model, value):
    return torch.cat([value(p).detach().reshape(-1) for _, p in named(model)])


def mean(values):
    return sum(values) / len(values) if values else None


def log_line(step, batch, losses, infos, tokens):
    gathered = lambda key: [info[key] for info in infos if key in info]
    flagged = gathered("flagged")
    line = {"step": step + 1, "lines": batch, "tokens": tokens, "loss": mean(losses),
            "likelihood": mean(gathered("likelihood")), "unlikelihood": mean(gathered("unlikelihood")),
            "flagged_share": sum(f for f, _ in flagged) / sum(n for _, n in flagged) if flagged else None}
    for key in ("margin", "accuracy", "divergence", "drift"):
        if gathered(key):
            line[key] = mean(gathered(key))
    return line


def rounded_gradient(model, one):
    """The first step's gradient when the base model's weights are bfloat16 numbers; computed in float32."""
    frozen = [p for p in model.parameters() if not p.requires_grad]
    exact = [p.detach().clone() for p in frozen]
    with torch.no_grad():
        for p in frozen:
            p.copy_(p.to(torch.bfloat16))
    one.remember(model)
    one.backward(model, 0)
    gradient = flat(model, lambda p: p.grad)
    with torch.no_grad():
        for p, value in zip(frozen, exact):
            p.copy_(value)
    one.remember(model)
    return gradient.to(torch.bfloat16)  # to save space: costs about 1e-6 of a cosine


def run_case(name, given, model, start, encoder, lines):
    settings = {**COMMON, "objective": "ftpo" if given.get("preset") == "ftpo" else None, **given}
    with torch.no_grad():
        for (_, p), value in zip(named(model), start):
            p.copy_(value)
    one = Round(model, settings, encoder, lines)
    at_start = [{"line": i, "tokens": one.tokens(i), "loss": one.loss(model, i)[0].item()} for i in one.readings]
    tensors = {"gradient1.rounded": rounded_gradient(model, one)}
    parameters = [p for _, p in named(model)]
    optimizer = torch.optim.AdamW(parameters, lr=0.0, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0)
    steps, log = settings["epochs"] * one.per_epoch(), []
    for step in range(steps):
        line = one.backward(model, step)
        if step < 3:
            tensors[f"gradient{step + 1}"] = flat(model, lambda p: p.grad)
        line["grad_norm"] = torch.nn.utils.clip_grad_norm_(parameters, 1.0).item()
        line["lr"] = rate(settings, step, steps)
        for group in optimizer.param_groups:
            group["lr"] = line["lr"]
        optimizer.step()
        log.append(line)
    tensors["after"] = flat(model, lambda p: p)
    moved = (tensors["after"] - torch.cat([v.reshape(-1) for v in start])).abs().max().item()
    turned = F.cosine_similarity(tensors["gradient1.rounded"].float(), tensors["gradient1"], 0).item()
    print(f"{name}: {len(one.readings)} examples, {steps} steps, truncated {one.truncated}, left out {sorted(one.left_out)}, anchors "
          f"{sorted(one.anchors)}, loss {log[0]['loss']:.4f} -> {log[-1]['loss']:.4f}, norm {log[0]['grad_norm']:.3f}, moved "
          f"{moved:.3f}, margin {one.margin:.1e}, cosine with rounded weights {turned:.5f}")
    assert one.margin > MARGIN and steps >= 20
    short = lambda row: {k: float(f"{v:.8g}") if isinstance(v, float) else v for k, v in row.items()}
    return {"settings": {**COMMON, **given}, "truncated": one.truncated, "left_out": sorted(one.left_out),
            "anchors": len(one.anchors), "examples": [short(e) for e in at_start], "log": [short(e) for e in log]}, tensors


def main():
    tokenizer = Tokenizer.from_file(str(HERE / "cut/model/tokenizer.json"))
    base = AutoModelForCausalLM.from_pretrained(HERE / "cut/model", dtype=torch.float32, attn_implementation="eager").eval()
    model = PeftModel.from_pretrained(base, str(HERE / "cut/start"), is_trainable=True).eval()
    start = [p.detach().clone() for _, p in named(model)]
    lines = make_examples(random.Random(3))
    cases = {name: run_case(name, given, model, start, Encoder(tokenizer), lines) for name, given in CASES.items()}
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    (OUT / "examples.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    for name, (expected, tensors) in cases.items():
        (OUT / f"{name}.json").write_text(json.dumps(expected, separators=(",", ":")) + "\n")
        save_file(tensors, OUT / f"{name}.safetensors")


if __name__ == "__main__":
    torch.set_num_threads(1)
    main()
