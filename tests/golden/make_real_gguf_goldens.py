#!/usr/bin/env python3
"""What Transformers reads out of two real GGUF files, which are not shipped: SmolLM2-135M-Instruct (Q4_1) and Gemma 3 270M (Q4_K_M).

    python3 tests/golden/make_real_gguf_goldens.py FOLDER        # with smollm2.gguf and gemma3.gguf; after make_gguf_goldens.py

Writes tests/golden/gguf-real/NAME-ids.json (ids of difficult texts) and NAME.safetensors: "ids" of a text, the likeliest next id
after each ("best"), and the "logits" of some "columns" of the vocabulary. float32, CPU, from the file itself. The tests that read them
skip unless STET_REAL_MODELS names the folder.
"""
import json
import pathlib
import sys

import torch
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM, AutoTokenizer

from make_gguf_goldens import digits
from make_tokenizer_goldens import CORPUS, TEXTS

REAL = pathlib.Path(__file__).parent / "gguf-real"
TEXT = "The capital of France is Paris. Write a list of three fruits:\n1. apples\n2. pears\n3. plums\n\nThat is 12,50 \u20ac."


def main(folder):
    torch.set_num_threads(1)
    REAL.mkdir(exist_ok=True)
    for name in ("smollm2", "gemma3"):
        tokenizer = AutoTokenizer.from_pretrained(folder, gguf_file=f"{name}.gguf")._tokenizer
        if name == "smollm2":
            tokenizer.pre_tokenizer = digits()  # as in the model's own tokenizer.json, which Transformers leaves out
        expected = [{"text": text, "ids": tokenizer.encode(text).ids} for text in [*TEXTS, *CORPUS, TEXT]]
        (REAL / f"{name}-ids.json").write_text(json.dumps(expected, ensure_ascii=False, indent=0) + "\n")
        model = AutoModelForCausalLM.from_pretrained(folder, gguf_file=f"{name}.gguf", dtype=torch.float32).eval()
        ids = torch.tensor(tokenizer.encode(TEXT).ids)
        with torch.no_grad():
            logits = model(ids[None]).logits[0].float()
        columns = torch.randperm(logits.shape[1], generator=torch.Generator().manual_seed(3))[:64]
        save_file({"ids": ids, "best": logits.argmax(1), "columns": columns, "logits": logits[:, columns].contiguous()},
                  REAL / f"{name}.safetensors")
        print(name, tuple(logits.shape), logits.abs().max().item())


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
