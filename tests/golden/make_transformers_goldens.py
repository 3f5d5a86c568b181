#!/usr/bin/env python3
"""Goldens of the model: Transformers' logits, greedy ids and PEFT's log-probabilities on tiny random Llamas of every layout.

Run with a Python that has torch, transformers, peft; writes tests/golden/transformers/. float32, CPU, eager attention. Norms
and biases are random, so that leaving one out shows. stories260k.json holds only numbers: the model is not shipped.
  make_transformers_goldens.py [FOLDER_OF_STORIES260K]
"""
import json
import pathlib
import shutil
import sys

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import save_file
from transformers import LlamaConfig, LlamaForCausalLM

OUT = pathlib.Path(__file__).parent / "transformers"
VOCABULARY, LENGTH, GREEDY = 64, 28, 24
BASE = dict(vocab_size=VOCABULARY, hidden_size=32, intermediate_size=40, num_hidden_layers=2, num_attention_heads=4,
            num_key_value_heads=2, max_position_embeddings=96, tie_word_embeddings=False, rms_norm_eps=1e-5,
            bos_token_id=1, eos_token_id=2, rope_theta=10000.0)
CASES = {
    "grouped-untied": {},
    "tied": dict(tie_word_embeddings=True, num_key_value_heads=4),
    "one-kv-head": dict(num_key_value_heads=1, rms_norm_eps=1e-6, rope_theta=500000.0),
    "biases": dict(attention_bias=True, mlp_bias=True),
    "wide-heads": dict(head_dim=16),
    "bfloat16": {},
    "float16": dict(tie_word_embeddings=True),
    "sharded": {},
}


def randomise(model, seed):
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            parameter.copy_(1 + 0.3 * noise if "norm" in name else 0.25 * noise)
    return model


def old_spelling(folder):
    """The config as older versions wrote it: rope_theta and torch_dtype at the top."""
    path = folder / "config.json"
    config = json.loads(path.read_text())
    rope = config.pop("rope_parameters", None) or {}
    config["rope_theta"] = rope.get("rope_theta", 10000.0)
    config["torch_dtype"] = config.pop("dtype", "float32")
    path.write_text(json.dumps(config, indent=2) + "\n")


def inputs(seed):
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(3, VOCABULARY, (2, LENGTH), generator=generator)


def greedy(model, prompt):
    ids = prompt.tolist()
    for _ in range(GREEDY):
        ids.append(model(torch.tensor([ids])).logits[0, -1].argmax().item())
    return ids[len(prompt):]


def make_case(name, changes, seed):
    folder = OUT / name
    shutil.rmtree(folder, ignore_errors=True)
    dtype = {"bfloat16": torch.bfloat16, "float16": torch.float16}.get(name, torch.float32)
    model = randomise(LlamaForCausalLM(LlamaConfig(**{**BASE, **changes})), seed).to(dtype)
    model.config.dtype = dtype
    model.save_pretrained(folder, max_shard_size="30KB" if name == "sharded" else "1GB")
    if name in ("tied", "wide-heads", "float16"):
        old_spelling(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)
    model = LlamaForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
    ids = inputs(seed)
    with torch.no_grad():
        tensors = {"ids": ids, "logits": model(ids).logits.float().contiguous(),
                   "greedy": torch.tensor([greedy(model, row[:5]) for row in ids])}
        if name == "grouped-untied":
            tensors.update(adapters(folder, ids))
    save_file(tensors, OUT / f"{name}.safetensors")


def adapters(folder, ids):
    """PEFT-written adapters with B not zero: every linear layer, one with rsLoRA, one with two targets only."""
    tensors = {}
    for name, settings in {"lora": dict(r=4, lora_alpha=8, target_modules="all-linear"),
                           "rslora": dict(r=3, lora_alpha=6, use_rslora=True, target_modules=["q_proj", "down_proj"])}.items():
        model = get_peft_model(LlamaForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager"),
                               LoraConfig(task_type="CAUSAL_LM", lora_dropout=0.05, **settings))
        generator = torch.Generator().manual_seed(len(name))
        for parameter in model.parameters():
            if parameter.requires_grad:
                parameter.data.copy_(0.2 * torch.randn(parameter.shape, generator=generator))
        model.save_pretrained(folder / name)
        (folder / name / "README.md").unlink(missing_ok=True)
        config = json.loads((folder / name / "adapter_config.json").read_text())
        config["base_model_name_or_path"] = folder.name  # not a path of the machine it was made on
        (folder / name / "adapter_config.json").write_text(json.dumps(config, indent=2) + "\n")
        again = PeftModel.from_pretrained(LlamaForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager"),
                                          folder / name).eval()
        tensors["logprob." + name] = torch.log_softmax(again(ids).logits.float(), -1).contiguous()
    return tensors


def stories(folder):
    model = LlamaForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
    generator = torch.Generator().manual_seed(5)
    rows = []
    with torch.no_grad():
        for length in (40, 200, 500):
            ids = [1] + torch.randint(3, 512, (length - 1,), generator=generator).tolist()
            # Half of it the model's own words: numbers near 0 as well as far from it.
            while len(ids) < length + 12:
                ids.append(model(torch.tensor([ids])).logits[0, -1].argmax().item())
            logprobs = torch.log_softmax(model(torch.tensor([ids])).logits[0].double(), -1)
            rows.append({"ids": ids, "logprob": [round(logprobs[t, ids[t + 1]].item(), 7) for t in range(len(ids) - 1)]})
    (OUT / "stories260k.json").write_text(json.dumps(rows) + "\n")


def main():
    OUT.mkdir(exist_ok=True)
    for seed, (name, changes) in enumerate(CASES.items(), 11):
        make_case(name, changes, seed)
    if len(sys.argv) > 1:
        stories(sys.argv[1])


if __name__ == "__main__":
    main()
