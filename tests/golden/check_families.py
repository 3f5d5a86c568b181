#!/usr/bin/env python3
"""Every family through the worker's own commands, against Transformers and PEFT: a tiny random model with a tokenizer is made,
`round` trains an adapter on it (modules by pattern, rank-stabilised), `score` reads it, `merge` folds it in; PEFT loads the
adapter and Transformers the merged checkpoint, and the log-probabilities of every response token are compared.

Run with a Python that has torch, transformers, peft:  check_families.py STET_TRAINER
"""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

import torch
from peft import PeftModel
from tokenizers import Tokenizer
from transformers import AutoConfig, AutoModelForCausalLM
from transformers.utils import logging

from make_transformers_goldens import BASE, CASES, randomise

logging.set_verbosity_error()
logging.disable_progress_bar()
HERE = pathlib.Path(__file__).parent
PLAIN = ("Below is an instruction that describes a task. Write a response that appropriately completes the request.\n\n"
         "### Instruction:\n{}\n\n### Response:\n")


def make_model(name, changes, folder):
    config = AutoConfig.for_model(**{**BASE, **changes, "vocab_size": 420, "max_position_embeddings": 512})
    model = randomise(AutoModelForCausalLM.from_config(config), len(name))
    model.save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)
    for extra in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(HERE / "cut" / "model" / extra, folder)


def logprobs(model, prompt, response):
    with torch.no_grad():
        logits = model(torch.tensor([prompt + response])).logits[0, len(prompt) - 1:-1].float()
    return torch.log_softmax(logits, -1).gather(1, torch.tensor(response)[:, None])[:, 0].double()


def check(trainer, name, changes, work):
    model, round_folder = work / "model", work / "round"
    make_model(name, changes, model)
    round_folder.mkdir()
    shutil.copy(HERE / "cut" / "examples.jsonl", round_folder)
    settings = {"model": str(model), "preset": "cut-code", "epochs": 2, "max_length": 300, "device": "cpu", "positive_ratio": -1,
                "optimizer": {"lr": 0.003}, "schedule": {"kind": "constant", "warmup_steps": 0},
                "lora": {"r": 4, "alpha": 6, "rslora": True, "dropout": 0, "targets": r"model\.layers\.(0|2)\..*_proj"}}
    (round_folder / "round.json").write_text(json.dumps(settings))

    def run(*arguments):
        subprocess.run([trainer, *map(str, arguments)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    run("round", round_folder)
    run("score", "--model", model, "--adapter", round_folder / "adapter", "--in", round_folder / "examples.jsonl",
        "--contexts", "plain", "--out", work / "scores.jsonl", "--device", "cpu")
    run("merge", "--model", model, "--adapter", round_folder / "adapter", "--out", work / "merged", "--shard-size", "0.05")

    def load(folder):
        return AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
    adapted = PeftModel.from_pretrained(load(model), round_folder / "adapter").eval()
    bare, merged = load(model), load(work / "merged")
    tokenizer = Tokenizer.from_file(str(model / "tokenizer.json"))
    examples = [json.loads(line) for line in open(round_folder / "examples.jsonl")]
    found = {"peft": 0.0, "merged": 0.0, "effect": 0.0, "tokens": 0}
    for score in map(json.loads, open(work / "scores.jsonl")):
        example = next(example for example in examples if example["id"] == score["id"])
        text = example["instruction"] + ("\n" + example["input"] if example.get("input") else "")
        prompt = tokenizer.encode(PLAIN.format(text)).ids
        response = [token["id"] for token in score["tokens"]]
        ours = torch.tensor(score["logprob"]["plain"], dtype=torch.float64)
        theirs = logprobs(adapted, prompt, response)
        found["peft"] = max(found["peft"], (ours - theirs).abs().max().item())
        found["merged"] = max(found["merged"], (theirs - logprobs(merged, prompt, response)).abs().max().item())
        found["effect"] = max(found["effect"], (theirs - logprobs(bare, prompt, response)).abs().max().item())
        found["tokens"] += len(response)
    return found


def main():
    sound = True
    seen = set()
    for name, changes in CASES.items():
        kind = changes.get("model_type", "llama")
        rope = name.endswith(("rope", "tuned", "longrope"))
        if kind in seen and not rope and "window" not in name:
            continue
        seen.add(kind)
        if name == "dynamic-rope":
            continue  # its frequencies remember the longest text Transformers has seen
        with tempfile.TemporaryDirectory() as work:
            found = check(sys.argv[1], name, changes, pathlib.Path(work))
        good = max(found["peft"], found["merged"]) < 1e-4 < found["effect"]
        sound = sound and good
        print(f"{name:18} {found['tokens']} tokens  PEFT {found['peft']:.1e}  merged {found['merged']:.1e}  "
              f"the adapter's effect {found['effect']:.1e}{'' if good else '  NOT SOUND'}", flush=True)
    sys.exit(0 if sound else 1)


if __name__ == "__main__":
    main()
