#!/bin/sh
# Loads an adapter that stet-trainer made (on a parent of other targets and rank, rank-stabilised) in PEFT by the base it names itself, asserts that it is of one rank without a
# scale, and the checkpoint it merges to (in several files) in Transformers, and
# compares log-probabilities of plain responses with `stet-trainer score --adapter`. Usage: check_peft.sh STET_TRAINER PYTHON (with torch, transformers, peft); without PYTHON a
# throw-away environment is made.
set -eu
trainer=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python=${2:-}
if [ -z "$python" ]; then
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install -q torch transformers peft
  python="$work/venv/bin/python"
fi

mkdir "$work/round"
cp "$here/cut/examples.jsonl" "$work/round/"
cat > "$work/round/round.json" <<JSON
{"model": "$here/cut/model", "parent": {"adapter": "$here/cut/start", "how": "merge"}, "lora": {"r": 3, "alpha": 5, "rslora": true, "targets": ["q_proj", "up_proj"]},
 "optimizer": {"lr": 0.004}, "device": "cpu", "threads": 1, "positive_ratio": -1}
JSON
"$trainer" round "$work/round" > /dev/null
"$trainer" score --model "$here/cut/model" --adapter "$work/round/adapter" --in "$here/cut/examples.jsonl" \
  --contexts plain --out "$work/scores.jsonl" --device cpu

"$trainer" merge --model "$here/cut/model" --adapter "$work/round/adapter" --out "$work/merged" --shard-size 0.02
ls "$work/merged"/model-00002-of-*.safetensors > /dev/null

"$python" - "$here/cut" "$work" <<'PYTHON'
import json, sys
import torch
from peft import AutoPeftModelForCausalLM
from safetensors.torch import load_file
from tokenizers import Tokenizer
from transformers import LlamaForCausalLM

golden, work = sys.argv[1:]
config = json.load(open(work + "/round/adapter/adapter_config.json"))
assert config["lora_alpha"] == config["r"] == 7 and not config["use_rslora"], config
assert not config["rank_pattern"] and not config["alpha_pattern"], config
assert all(tensor.shape[0 if "lora_A" in name else 1] == 7
           for name, tensor in load_file(work + "/round/adapter/adapter_model.safetensors").items())
model = AutoPeftModelForCausalLM.from_pretrained(work + "/round/adapter").eval()
merged = LlamaForCausalLM.from_pretrained(work + "/merged").eval()
tokenizer = Tokenizer.from_file(golden + "/model/tokenizer.json")
plain = ("Below is an instruction that describes a task. Write a response that appropriately completes the request.\n\n"
         "### Instruction:\n{}\n\n### Response:\n")
examples = [json.loads(line) for line in open(golden + "/examples.jsonl")]
largest, apart, effect, tokens = 0.0, 0.0, 0.0, 0
for example, score in zip(examples, map(json.loads, open(work + "/scores.jsonl"))):
    assert example["id"] == score["id"]
    prompt = tokenizer.encode(plain.format(example["instruction"] + ("\n" + example["input"] if example.get("input") else ""))).ids
    response = [token["id"] for token in score["tokens"]]
    with torch.no_grad():
        logits = model(torch.tensor([prompt + response])).logits[0, len(prompt) - 1:-1].float()
    own = torch.log_softmax(logits, -1).gather(1, torch.tensor(response)[:, None])[:, 0]
    difference = (own.double() - torch.tensor(score["logprob"]["plain"], dtype=torch.float64)).abs()
    assert len(response) > 0 and torch.isfinite(difference).all(), example["id"]
    largest = max(largest, difference.max().item())
    with torch.no_grad():
        whole = merged(torch.tensor([prompt + response])).logits[0, len(prompt) - 1:-1].float()
    whole = torch.log_softmax(whole, -1).gather(1, torch.tensor(response)[:, None])[:, 0]
    apart = max(apart, (own - whole).abs().max().item())
    with torch.no_grad(), model.disable_adapter():
        bare = model(torch.tensor([prompt + response])).logits[0, len(prompt) - 1:-1].float()
    bare = torch.log_softmax(bare, -1).gather(1, torch.tensor(response)[:, None])[:, 0]
    effect = max(effect, (own - bare).abs().max().item())
    tokens += len(response)
print(f"{tokens} tokens of {len(examples)} responses, largest difference {largest:.2e}, merged {apart:.2e}; "
      f"the adapter changes log-probabilities by up to {effect:.2e}")
sys.exit(0 if max(largest, apart) <= 1e-4 < effect else 1)
PYTHON
