#!/usr/bin/env python3
"""Goldens of PEFT folders: which modules a configuration means, with which rank and alpha, and what the adapters give.

Run with a Python that has torch, transformers, peft; writes tests/golden/adapters/: targets.json (PEFT's own choice for many
configurations over the modules of a small model, made without weights), and PEFT-written folders on the model
tests/golden/transformers/grouped-untied with their log-probabilities and the weights PEFT merges them into.
"""
import json
import pathlib
import shutil

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from peft.tuners.lora import LoraLayer
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM
from transformers.utils import logging

logging.set_verbosity_error()
logging.disable_progress_bar()
HERE = pathlib.Path(__file__).parent
OUT = HERE / "adapters"
BASE = HERE / "transformers" / "grouped-untied"

CHOICES = [
    dict(target_modules=["q_proj", "v_proj"]),
    dict(target_modules=["self_attn.q_proj", "up_proj"]),
    dict(target_modules=["model.layers.1.mlp.down_proj"]),
    dict(target_modules=["model.layers.1.mlp.down_proj", "q_proj"], layers_to_transform=[0]),
    dict(target_modules=r".*\.(q|k)_proj"),
    dict(target_modules=r"model\.layers\.[02]\.mlp\..*_proj"),
    dict(target_modules=r".*self_attn.*_proj", exclude_modules=r".*o_proj"),
    dict(target_modules=["q_proj", "o_proj", "down_proj"], exclude_modules=["self_attn.o_proj"]),
    dict(target_modules=["down_proj"], layers_to_transform=1),
    dict(target_modules=["down_proj", "gate_proj"], layers_to_transform=[0, 2]),
    dict(target_modules=["down_proj"], layers_to_transform=[2], layers_pattern="layers"),
    dict(target_modules=["down_proj"], layers_to_transform=[2], layers_pattern=["blocks", "layers"]),
    dict(target_modules=["q_proj", "up_proj"], rank_pattern={"q_proj": 3}, alpha_pattern={"up_proj": 5}),
    dict(target_modules=["q_proj", "up_proj"], rank_pattern={"layers.1.self_attn.q_proj": 2, "q_proj": 6, r".*up_proj": 3}),
    dict(target_modules=["q_proj", "v_proj"], rank_pattern={r"layers\.\d\.self_attn\.v_proj": 5},
         alpha_pattern={r"model.layers.(0|2).*": 3.5}),
    dict(target_modules=["q_proj", "v_proj"], rank_pattern={"v_proj": 4, "k_proj": 9}, use_rslora=True),
    dict(target_modules="all-linear"),
]
FOLDERS = {
    "patterns": dict(r=4, lora_alpha=6, target_modules=r"model\.layers\.\d\.(self_attn\.(q|o)_proj|mlp\.up_proj)",
                     rank_pattern={"q_proj": 2, r".*1\.mlp\.up_proj": 5}, alpha_pattern={"o_proj": 9}),
    "layers": dict(r=3, lora_alpha=4, target_modules=["down_proj", "v_proj"], layers_to_transform=[0, 2],
                   exclude_modules=["model.layers.2.self_attn.v_proj"]),
    # As LLaMA-Factory writes it; rank-stabilised.
    "look-around": dict(r=3, lora_alpha=4, use_rslora=True,
                        target_modules=r"^(?!.*(?:patch_embed|visual)).*(?:q_proj|down_proj).*"),
}


def base():
    return AutoModelForCausalLM.from_pretrained(BASE, dtype=torch.float32, attn_implementation="eager").eval()


def adapted(settings):
    settings = dict(dict(r=8, lora_alpha=16, task_type="CAUSAL_LM"), **settings)
    return get_peft_model(base(), LoraConfig(**settings))


def chosen(settings):
    model = adapted(settings)
    return {name.removeprefix("base_model.model."): {"rank": module.r["default"], "scale": module.scaling["default"]}
            for name, module in model.named_modules() if isinstance(module, LoraLayer)}


def make_folder(name, settings, ids):
    folder = OUT / name
    shutil.rmtree(folder, ignore_errors=True)
    model = adapted(settings)
    generator = torch.Generator().manual_seed(len(name))
    for parameter in model.parameters():
        if parameter.requires_grad:
            parameter.data.copy_(0.3 * torch.randn(parameter.shape, generator=generator))
    model.save_pretrained(folder)
    (folder / "README.md").unlink(missing_ok=True)
    config = json.loads((folder / "adapter_config.json").read_text())
    config["base_model_name_or_path"] = BASE.name  # not a path of the machine it was made on
    (folder / "adapter_config.json").write_text(json.dumps(config, indent=2) + "\n")
    again = PeftModel.from_pretrained(base(), folder).eval()
    with torch.no_grad():
        logprobs = torch.log_softmax(again(ids).logits.float(), -1).contiguous()
    merged = again.merge_and_unload().state_dict()
    tensors = {"logprob": logprobs}
    for key, value in merged.items():
        if "layers.1" in key and key.endswith("proj.weight"):
            tensors["merged." + key] = value.contiguous()
    save_file(tensors, OUT / f"{name}.safetensors")


def main():
    OUT.mkdir(exist_ok=True)
    modules = [name for name, module in base().named_modules() if isinstance(module, torch.nn.Linear) and name != "lm_head"]
    rows = [{"config": {"peft_type": "LORA", "r": 8, "lora_alpha": 16, **settings}, "adapted": chosen(settings)}
            for settings in CHOICES]
    (OUT / "targets.json").write_text(json.dumps({"modules": modules, "rows": rows}, indent=1) + "\n")
    ids = load_file(HERE / "transformers" / "grouped-untied.safetensors")["ids"]
    for name, settings in FOLDERS.items():
        make_folder(name, settings, ids)


if __name__ == "__main__":
    main()
