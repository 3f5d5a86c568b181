#!/bin/bash
# The loop of the window in the terminal, on a copy of the bundled example: judge, see, train, compare, adopt; then pictures of
# the window's screens. Called by `./run --headless`. Ends with 1 when the round did not make the headline habit rarer.
#   packaging/headless-loop.sh [WORK_FOLDER]     default: a new temporary one; what is made stays there
set -euo pipefail
cd "$(dirname "$0")/.."
stet=build/release/bin/stet
trainer=build/release/bin/stet-trainer
work=${1:-$(mktemp -d "${TMPDIR:-/tmp}/stet-loop.XXXXXX")}
project=$work/ledger.stet
export PYTHONDONTWRITEBYTECODE=1 STET_TRAINER_PROGRAM=$trainer

step() { printf '\n\033[1m%s\033[0m\n' "$1" | if [ -t 1 ]; then cat; else sed 's/\x1b\[[0-9;]*m//g'; fi; }
field() { python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])' "$1" "$2"; }

[ -e "$project" ] && { echo "$project is there already; give another folder" >&2; exit 2; }
mkdir -p "$work"
headline=$(field resources/example/example.json headline)
lambda=$(field resources/example/example.json lambda)

step "1  Judge: a copy of the bundled example, and the responses that wait in it"
"$stet" example "$project"
"$stet" list "$project" --filter open >"$work/waiting.jsonl"
python3 packaging/terminal_heat_map.py --waiting "$work/waiting.jsonl" --judged "$work/judged.jsonl" --stet "$stet" --project "$project"

# As the project's rounds detect; its λ is made from a rate of false alarms, and here that is the one that the example begins with.
step "2  See: which words light up under each judgment (λ = $lambda)"
"$trainer" score --model "$project/model" --in "$work/judged.jsonl" --out "$work/scores.jsonl" --contrast D6 --lambda "$lambda" --progress json 2>/dev/null
python3 packaging/terminal_heat_map.py --judged "$work/judged.jsonl" --scores "$work/scores.jsonl"

step "3  Train: one round on everything that is judged"
"$stet" round "$project"

step "4  Compare: 200 instructions nobody judged, before and after"
adapter=$project/rounds/0001/adapter
"$stet" compare "$project" >/dev/null
python3 -m study measure --model "$project/model" --adapter "$adapter" --lam "$lambda" --out "$work/measured.json" >"$work/measured.txt"
sed -n '/^--- temperature 0/,/^malformed/p' "$work/measured.txt" | tail -n +2
"$stet" adopt "$project" 1

step "5  Look: the window's screens"
pictures=build/release/tour
rm -rf "$pictures"
if QT_QPA_PLATFORM=offscreen build/release/bin/tour "$pictures" >"$work/tour.txt" 2>&1; then tail -n 1 "$work/tour.txt"
else cat "$work/tour.txt" >&2; echo "The window could not be walked through; see above" >&2; exit 1; fi

python3 - "$work/measured.json" "$headline" <<'PYTHON'
import json, sys
outcome = json.load(open(sys.argv[1]))["temperature 0"]
before, after = (outcome[side]["bugs"][sys.argv[2]] for side in ("before", "after"))
print(f"\nThe habit this example is about ({sys.argv[2]}): {before:.0%} of responses before the round, {after:.0%} after.")
sys.exit(0 if after < before else 1)
PYTHON
echo "Everything is in $work; open it in the window with: ./run -- $project"
