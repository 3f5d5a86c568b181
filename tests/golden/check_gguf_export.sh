#!/bin/sh
# Exports a model by stet-trainer as Q8_0 and BF16 GGUF and holds the files against others: the `gguf` package reads every
# field and makes the same Q8_0 blocks of the folder's weights; Transformers, reading the file, gives Stet's greedy answer.
# Usage: check_gguf_export.sh STET_TRAINER MODEL_FOLDER PYTHON (with torch, transformers, gguf).
set -eu
trainer=$(realpath "$1")
model=$(realpath "$2")
python=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for type in BF16 Q8_0; do
  "$trainer" export --model "$model" --gguf $type --out "$work/$type.gguf"
  printf '{"id": 1, "instruction": "Name three colours."}\n' > "$work/in.jsonl"
  "$trainer" generate --model "$work/$type.gguf" --in "$work/in.jsonl" --out "$work/$type.jsonl" \
    --device cpu --dtype float32 --max-new-tokens 16 --prompt-style alpaca
done

"$python" - "$model" "$work" <<'PYTHON'
import json, sys
import numpy as np
import torch
from gguf import GGMLQuantizationType, GGUFReader, quants
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, AutoTokenizer

model, work = sys.argv[1:]
config = json.load(open(model + "/config.json"))
weights = load_file(model + "/model.safetensors")
heads = {"q": config["num_attention_heads"], "k": config["num_key_value_heads"]}
compared = 0
reader = GGUFReader(work + "/Q8_0.gguf")
assert all(field.contents() is not None for field in reader.fields.values())
for tensor in reader.tensors:
    parts = tensor.name.split(".")
    leaf = {"attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj", "attn_v": "self_attn.v_proj", "attn_output": "self_attn.o_proj",
            "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj", "ffn_down": "mlp.down_proj"}.get(parts[2] if parts[0] == "blk" else "")
    name = "model.embed_tokens.weight" if tensor.name == "token_embd.weight" else leaf and f"model.layers.{parts[1]}.{leaf}.weight"
    if not name:
        assert tensor.tensor_type == GGMLQuantizationType.F32, tensor.name
        continue
    numbers = weights[name].float().numpy()
    if config["model_type"] == "llama" and leaf in ("self_attn.q_proj", "self_attn.k_proj"):
        n = heads[leaf[10]]
        numbers = numbers.reshape(n, 2, -1, numbers.shape[1]).swapaxes(1, 2).reshape(numbers.shape)
    if numbers.shape[1] % 32:
        assert tensor.tensor_type == GGMLQuantizationType.F16, tensor.name
        continue
    expected = quants.quantize(np.ascontiguousarray(numbers), GGMLQuantizationType.Q8_0)
    assert tensor.tensor_type == GGMLQuantizationType.Q8_0 and np.array_equal(tensor.data, expected), tensor.name
    compared += 1
assert compared > 0
print(compared, "tensors have the blocks of the gguf package")
for kind in ("BF16", "Q8_0"):
    lm = AutoModelForCausalLM.from_pretrained(work, gguf_file=kind + ".gguf", dtype=torch.float32).eval()
    tokenizer = AutoTokenizer.from_pretrained(work, gguf_file=kind + ".gguf")
    answer = json.loads(open(f"{work}/{kind}.jsonl").readline())
    plain = ("Below is an instruction that describes a task. Write a response that appropriately completes the request.\n\n"
             "### Instruction:\nName three colours.\n\n### Response:\n")
    ids = tokenizer(plain, return_tensors="pt").input_ids
    with torch.no_grad():
        out = lm.generate(ids, attention_mask=torch.ones_like(ids), max_new_tokens=16, do_sample=False)[0, ids.shape[1]:]
    text = tokenizer.decode(out, skip_special_tokens=True)
    print(kind, "Stet:", answer, "Transformers:", repr(text))
    assert answer["output"].strip() and text.strip().startswith(answer["output"].strip()), kind
PYTHON
