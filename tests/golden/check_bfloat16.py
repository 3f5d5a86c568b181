#!/usr/bin/env python3
"""bfloat16 rounds where Transformers rounds: logits of the goldens' models by the worker (`logits --dtype bfloat16`), against
the head's product in float32 of Transformers' own bfloat16 states. Both with fused attention where the family has it, on one
thread of the CPU, so that the numbers are the same bits; float32 beside it shows how much bfloat16 itself changes.

Run with a Python that has torch, transformers:  check_bfloat16.py STET_TRAINER
"""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

import torch
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM
from transformers.utils import logging

logging.set_verbosity_error()
logging.disable_progress_bar()
HERE = pathlib.Path(__file__).parent
TOKENS = 60  # longer than every window and original context
TOKENIZER = {"version": "1.0", "added_tokens": [], "model": {"type": "WordLevel", "vocab": {"a": 0, "b": 1}, "unk_token": "a"}}
EAGER = {"Gemma2ForCausalLM"}  # scores with a cap have no fused kernel


def ours(trainer, folder, ids, dtype, scratch):
    (scratch / "in.jsonl").write_text(json.dumps({"id": "a", "ids": ids}) + "\n")
    out = scratch / "out.safetensors"
    subprocess.run([trainer, "logits", "--model", folder, "--in", scratch / "in.jsonl", "--out", out, "--dtype", dtype,
                    "--device", "cpu", "--threads", "1"], check=True, capture_output=True)
    return load_file(out)["a"]


def theirs(folder, ids, eager):
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.bfloat16,
                                                 attn_implementation="eager" if eager else "sdpa").eval()
    with torch.no_grad():
        states = model.model(torch.tensor([ids])).last_hidden_state[0]
        logits = states.float() @ model.get_output_embeddings().weight.float().T
        logits = logits / (getattr(model.config, "logits_scaling", None) or 1)
        cap = getattr(model.config, "final_logit_softcapping", None)
        return torch.tanh(logits / cap) * cap if cap else logits


def check(trainer, golden, scratch):
    config = json.loads((golden / "config.json").read_text())
    folder = scratch / golden.name
    shutil.copytree(golden, folder)
    (folder / "tokenizer.json").write_text(json.dumps(TOKENIZER))
    (folder / "tokenizer_config.json").write_text(json.dumps({"eos_token": "b"}))
    ids = torch.randint(0, config["vocab_size"], (TOKENS,), generator=torch.Generator().manual_seed(1)).tolist()
    narrow = ours(trainer, folder, ids, "bfloat16", scratch)
    wide = ours(trainer, folder, ids, "float32", scratch)
    reference = theirs(golden, ids, config["architectures"][0] in EAGER)
    return (narrow - reference).abs().max().item(), (narrow - wide).abs().max().item()


def main():
    torch.set_num_threads(1)
    worst = 0.0
    for golden in sorted(p for p in (HERE / "transformers").iterdir() if p.is_dir()):
        # A nested config is another class to Transformers; the oldest spelling of longrope is no longer read by it.
        if golden.name in ("gemma3-nested", "phi3-longrope"):
            continue
        with tempfile.TemporaryDirectory() as scratch:
            difference, narrowing = check(sys.argv[1], golden, pathlib.Path(scratch))
        worst = max(worst, difference)
        print(f"{golden.name:20} against Transformers {difference:.2g}, against float32 {narrowing:.2g}")
    sys.exit(0 if worst == 0 else 1)


if __name__ == "__main__":
    main()
