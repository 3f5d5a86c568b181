#!/bin/bash
# The example with a real model in the terminal: the project, one round, the comparison on what is held out, and which habits became
# rarer (docs/evidence.md). Called by `./run --real` where there is no display; perhaps a quarter of an hour on two cores.
#   packaging/real-loop.sh [WORK_FOLDER]     default: a new temporary one; what is made stays there
set -euo pipefail
cd "$(dirname "$0")/.."
stet=build/release/bin/stet
work=${1:-$(mktemp -d "${TMPDIR:-/tmp}/stet-real.XXXXXX")}
project=$work/smollm2.stet
export PYTHONDONTWRITEBYTECODE=1

[ -e "$project" ] && { echo "$project is there already; give another folder" >&2; exit 2; }
mkdir -p "$work"
"$stet" example "$project" --real
"$stet" round "$project"
"$stet" compare "$project"
python3 -m study habits --compared "$project/rounds/0001/compare.jsonl"
echo "Everything is in $work; open it in the window with: ./run -- $project"
