#!/usr/bin/env python3
"""Goldens of the model: Transformers' logits, greedy ids and PEFT's log-probabilities on tiny random decoders of every
family and layout.

Run with a Python that has torch, transformers, peft; writes tests/golden/transformers/. float32, CPU, eager attention. Norms
and biases are random, so that leaving one out shows; texts are longer than every window and original context; greedy ids are
those of generate() with its cache, from a short prompt that grows past them and from a longer one. stories260k.json holds only
numbers: the model is not shipped.
  make_transformers_goldens.py [FOLDER_OF_STORIES260K]
"""
import json
import pathlib
import shutil
import sys

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import save_file
from transformers import AutoConfig, AutoModelForCausalLM, LlamaForCausalLM
from transformers.utils import logging

logging.set_verbosity_error()
logging.disable_progress_bar()

OUT = pathlib.Path(__file__).parent / "transformers"
VOCABULARY, LENGTH, GREEDY, PROMPTS = 48, 60, 64, (5, 20)
BASE = dict(model_type="llama", vocab_size=VOCABULARY, hidden_size=24, intermediate_size=32, num_hidden_layers=3,
            num_attention_heads=4, num_key_value_heads=2, head_dim=8, max_position_embeddings=128, tie_word_embeddings=False,
            rms_norm_eps=1e-5, bos_token_id=1, eos_token_id=2, pad_token_id=0, rope_theta=10000.0)


def rope(kind, **fields):
    return dict(rope_type=kind, rope_theta=10000.0, **fields)


LONG = rope("longrope", short_factor=[1.0, 1.1, 1.3], long_factor=[1.2, 2.5, 4.0], partial_rotary_factor=0.75)
GEMMA3 = dict(model_type="gemma3_text", sliding_window=9, query_pre_attn_scalar=12, tie_word_embeddings=True,
              layer_types=["sliding_attention", "sliding_attention", "full_attention"])
CASES = {
    "grouped-untied": {},
    "tied": dict(tie_word_embeddings=True, num_key_value_heads=4),
    "one-kv-head": dict(num_key_value_heads=1, rms_norm_eps=1e-6, rope_theta=500000.0),
    "biases": dict(attention_bias=True, mlp_bias=True),
    "wide-heads": dict(head_dim=16),
    "bfloat16": {},
    "float16": dict(tie_word_embeddings=True),
    "sharded": {},
    "llama3-rope": dict(rope_parameters=rope("llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
                                             original_max_position_embeddings=24)),
    "linear-rope": dict(rope_parameters=rope("linear", factor=4.0)),
    "dynamic-rope": dict(rope_parameters=rope("dynamic", factor=4.0), max_position_embeddings=24),
    "yarn-rope": dict(rope_parameters=rope("yarn", factor=4.0, original_max_position_embeddings=16)),
    "yarn-rope-tuned": dict(rope_parameters=rope("yarn", factor=8.0, original_max_position_embeddings=16, beta_fast=8.0,
                                                 beta_slow=0.5, mscale=0.8, mscale_all_dim=0.5, truncate=False)),
    "mistral": dict(model_type="mistral", sliding_window=7),
    "mistral-no-window": dict(model_type="mistral", sliding_window=None),
    "qwen2": dict(model_type="qwen2", tie_word_embeddings=True),
    "qwen2-window": dict(model_type="qwen2", use_sliding_window=True, sliding_window=9, max_window_layers=1),
    "qwen2-yarn": dict(model_type="qwen2", rope_parameters=rope("yarn", factor=4.0, original_max_position_embeddings=32)),
    "qwen3": dict(model_type="qwen3", tie_word_embeddings=True),
    "qwen3-window": dict(model_type="qwen3", use_sliding_window=True, sliding_window=8, max_window_layers=2,
                         attention_bias=True),
    "gemma2": dict(model_type="gemma2", sliding_window=9, query_pre_attn_scalar=12, attn_logit_softcapping=5.0,
                   final_logit_softcapping=12.0, tie_word_embeddings=True),
    "gemma3": dict(GEMMA3, rope_parameters={"full_attention": dict(rope_type="linear", factor=8.0, rope_theta=1e6),
                                            "sliding_attention": dict(rope_type="default", rope_theta=10000.0)}),
    "gemma3-nested": dict(GEMMA3, final_logit_softcapping=20.0,
                          rope_parameters={"full_attention": dict(rope_type="linear", factor=4.0, rope_theta=5e5),
                                           "sliding_attention": dict(rope_type="default", rope_theta=5000.0)}),
    "phi3": dict(model_type="phi3", sliding_window=11, num_key_value_heads=4),
    "phi3-longrope": dict(model_type="phi3", hidden_size=32, rope_parameters=LONG, original_max_position_embeddings=24,
                          tie_word_embeddings=True),
    "olmo2": dict(model_type="olmo2"),
    "granite": dict(model_type="granite", attention_bias=True, mlp_bias=True, embedding_multiplier=6.0, logits_scaling=0.6,
                    residual_multiplier=0.4, attention_multiplier=0.15),
    # Read back it is a Ministral: a window over some layers alone.
    "mistral-layer-types": dict(model_type="mistral", sliding_window=7,
                                layer_types=["sliding_attention", "full_attention", "sliding_attention"]),
}
# Written as older versions of Transformers wrote them.
OLD_SPELLING = ("tied", "wide-heads", "float16", "llama3-rope", "dynamic-rope", "mistral", "qwen2-yarn", "gemma2",
                "gemma3-nested", "phi3-longrope", "granite")
HALF = {"bfloat16": torch.bfloat16, "float16": torch.float16}  # the others are stored in bfloat16 too, but named by content


def randomise(model, seed):
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            parameter.copy_(1 + 0.3 * noise if "norm" in name else 0.25 * noise)
    return model


def old_spelling(folder, name):
    """The config as older versions wrote it: rope_theta beside rope_scaling, torch_dtype; Gemma 3 nested in text_config."""
    path = folder / "config.json"
    config = json.loads(path.read_text())
    settings = config.pop("rope_parameters", None) or {}
    config["torch_dtype"] = config.pop("dtype", "float32")
    if "full_attention" in settings:
        config["rope_theta"] = settings["full_attention"].pop("rope_theta")
        config["rope_local_base_freq"] = settings["sliding_attention"]["rope_theta"]
        config["rope_scaling"] = settings["full_attention"]
        config.pop("layer_types")
        config["sliding_window_pattern"] = 3
        architectures = config.pop("architectures")
        config = {"architectures": architectures, "model_type": "gemma3", "text_config": config}
    else:
        config["rope_theta"] = settings.pop("rope_theta", 10000.0)
        if name == "phi3-longrope":
            config["partial_rotary_factor"] = settings.pop("partial_rotary_factor")
            settings.pop("original_max_position_embeddings", None)
            # What the early checkpoints of the family carry.
            config["auto_map"] = {"AutoConfig": "configuration_phi3.Phi3Config",
                                  "AutoModelForCausalLM": "modeling_phi3.Phi3ForCausalLM"}
            settings["rope_type"] = "su"
        settings.pop("partial_rotary_factor", None)
        kind = settings.pop("rope_type", "default")
        config["rope_scaling"] = None if kind == "default" else {"type": kind, **settings}
        if name == "gemma2":
            config.pop("layer_types")
    path.write_text(json.dumps(config, indent=2) + "\n")


def inputs(seed):
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(3, VOCABULARY, (2, LENGTH), generator=generator)


def greedy(model, prompt):
    """ids of generate() with its cache, and the smallest distance between its best and its second token."""
    result = model.generate(prompt.unsqueeze(0), attention_mask=torch.ones(1, len(prompt), dtype=torch.long), do_sample=False,
                            max_new_tokens=GREEDY, min_new_tokens=None, eos_token_id=None, pad_token_id=0,
                            return_dict_in_generate=True, output_logits=True)
    best = torch.stack(result.logits).squeeze(1).float().topk(2, -1).values
    return result.sequences[0, len(prompt):], (best[:, 0] - best[:, 1]).min().item()


def make_case(name, changes, seed):
    folder = OUT / name
    shutil.rmtree(folder, ignore_errors=True)
    config = AutoConfig.for_model(**{**BASE, **changes})
    dtype = HALF.get(name, torch.bfloat16 if config.model_type != "llama" or "rope" in name else torch.float32)
    model = randomise(AutoModelForCausalLM.from_config(config), seed).to(dtype)
    model.config.dtype = dtype
    model.save_pretrained(folder, max_shard_size="20KB" if name in ("sharded", "gemma3") else "1GB")
    (folder / "generation_config.json").unlink(missing_ok=True)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
    ids = inputs(seed)
    with torch.no_grad():
        grown = [greedy(model, row[:length]) for row, length in zip(ids, PROMPTS)]
        tensors = {"ids": ids, "greedy": torch.stack([row for row, _ in grown]), "prompts": torch.tensor(PROMPTS)}
        # A fresh model: the frequencies of `dynamic` remember the longest text seen. Each row alone, for the same reason.
        model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
        tensors["logits"] = torch.cat([model(row.unsqueeze(0)).logits.float() for row in ids]).contiguous()
        if name in ADAPTED:
            tensors.update(adapters(folder, ids, name))
    if name in OLD_SPELLING:
        old_spelling(folder, name)
    margin = min(distance for _, distance in grown)
    variety = min(len(set(ids.tolist())) for ids, _ in grown)
    if margin < 2e-3 or variety < 3:  # a tie would test nothing but rounding, one id again and again nothing but itself
        return make_case(name, changes, seed + 100)
    save_file(tensors, OUT / f"{name}.safetensors")
    print(f"{name:20} seed {seed:4} logits to {tensors['logits'].abs().max():6.2f}, margin {margin:.4f}")


ADAPTED = {
    "grouped-untied": {"lora": dict(r=4, lora_alpha=8, target_modules="all-linear"),
                       "rslora": dict(r=3, lora_alpha=6, use_rslora=True, target_modules=["q_proj", "down_proj"])},
    "phi3-longrope": {"fused": dict(r=3, lora_alpha=5, target_modules=["qkv_proj", "gate_up_proj", "down_proj"])},
    "gemma2": {"lora": dict(r=2, lora_alpha=4, target_modules=["q_proj", "v_proj", "down_proj"])},
}


def adapters(folder, ids, case):
    """PEFT-written adapters with B not zero."""
    tensors = {}
    for name, settings in ADAPTED[case].items():
        def base():
            return AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager")
        model = get_peft_model(base(), LoraConfig(task_type="CAUSAL_LM", lora_dropout=0.05, **settings))
        generator = torch.Generator().manual_seed(len(name))
        for parameter in model.parameters():
            if parameter.requires_grad:
                parameter.data.copy_(0.2 * torch.randn(parameter.shape, generator=generator))
        model.save_pretrained(folder / name)
        (folder / name / "README.md").unlink(missing_ok=True)
        config = json.loads((folder / name / "adapter_config.json").read_text())
        config["base_model_name_or_path"] = folder.name  # not a path of the machine it was made on
        (folder / name / "adapter_config.json").write_text(json.dumps(config, indent=2) + "\n")
        again = PeftModel.from_pretrained(base(), folder / name).eval()
        tensors["logprob." + name] = torch.cat([torch.log_softmax(again(row.unsqueeze(0)).logits.float(), -1)
                                                for row in ids]).contiguous()
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
