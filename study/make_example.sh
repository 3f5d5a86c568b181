#!/bin/bash
# The one command that makes resources/example again: corpus, tokenizer, pre-training (about 15 minutes on two idle cores), answers, judgments.
#   study/make_example.sh [WORK_FOLDER]      needs build/release/bin/stet-trainer (./run --build)
set -euo pipefail
cd "$(dirname "$0")/.."
work=${1:-$(mktemp -d)}
mkdir -p "$work"
python3 -m study corpus --seed 1 --count 300000 --out "$work/text.jsonl"
python3 -m study tokenizer --text "$work/text.jsonl" --out "$work"
cp study/nano/config.json study/nano/pretrain.json "$work/"
build/release/bin/stet-trainer pretrain "$work"
python3 -m study example --model "$work/model" --out resources/example
