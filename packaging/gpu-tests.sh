#!/bin/bash
# The tests labelled gpu and the table of families on a machine with a GPU.
#   packaging/gpu-tests.sh              where Stet is built: builds and runs them here (they skip, and say why, without a usable GPU)
#   packaging/gpu-tests.sh pack         where Stet is built: everything a bare machine needs, into .gpu/stet.tar.xz
#   packaging/gpu-tests.sh run          on the bare machine, in a copy of the working tree with .gpu in it
# A bare machine needs an NVIDIA driver (R580 or newer) and a Python whose torch is 2.11 with CUDA 13: its libraries are the ones the
# programs were linked with. No compiler, Qt, package or network is needed there.
set -euo pipefail
cd "$(dirname "$0")/.."
archive=.gpu/stet.tar.xz

programs() {
    ctest --test-dir build/release -N -L '^gpu$' | sed -n 's/.*: \(tst_[a-z0-9_]*\)_gpu$/\1/p'
}

build() {
    . packaging/setup.sh
    stet_build stet-trainer family_table
    stet_build $(programs)
}

# Programs stripped, and the shared libraries they need that neither LibTorch nor every Linux brings.
pack() {
    build
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    mkdir -p "$work/bin" "$work/lib" .gpu
    local program
    # A test is a link to the program of its folder (cmake/StetRoom.cmake).
    for program in $(programs); do
        local folder; folder=$(basename "$(readlink -f "build/release/tests/$program")")
        [ -e "$work/bin/$folder" ] || strip -o "$work/bin/$folder" "build/release/tests/bin/$folder"
        ln -s "$folder" "$work/bin/$program"
    done
    for program in stet-trainer family_table; do strip -o "$work/bin/$program" "build/release/bin/$program"; done
    ldd "$work"/bin/* | awk '$2 == "=>" && $3 ~ /^\// {print $3}' | sort -u |
        grep -vE '/(libc|libm|libdl|libutil|libpthread|librt|libresolv|libgcc_s|libstdc\+\+|ld-linux[^/]*)\.so|/torch/lib/|/nvidia/' |
        while read -r library; do cp -L "$library" "$work/lib/"; done
    pwd >"$work/source-dir"
    XZ_OPT=-T0 tar -C "$work" -cJf "$archive" .
    local bytes; bytes=$(($(stat -c %s "$archive") + $(git ls-files -z | xargs -0 -r stat -c %s 2>/dev/null | paste -sd+ | bc)))
    echo "$archive: $(du -h "$archive" | cut -f1); with the working tree $((bytes >> 20)) MiB"
}

run() {
    local place=${TMPDIR:-/tmp}/stet-gpu out=${OUT:-$PWD}
    rm -rf "$place" && mkdir -p "$place" && tar -C "$place" -xJf "$archive"
    # The goldens are looked for where the programs were built.
    local source; source=$(cat "$place/source-dir")
    if [ ! -e "$source" ]; then mkdir -p "$(dirname "$source")" && ln -s "$PWD" "$source"; fi
    local torch; torch=$(python3 -c 'import os, torch; assert torch.__version__.startswith("2.11."), "torch 2.11 is needed, here is " + torch.__version__; print(os.path.dirname(torch.__file__))')
    local nvidia; nvidia=$(find "$torch/../nvidia" -type d -name lib 2>/dev/null | paste -sd:)
    export LD_LIBRARY_PATH="$torch/lib:$nvidia:$place/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
    export QT_QPA_PLATFORM=offscreen STET_TEST_DEVICE=cuda
    local program failed=0
    for program in "$place"/bin/tst_*; do
        echo "== $(basename "$program")"
        "$program" -o "$out/$(basename "$program").txt,txt" -o -,txt >"$place/log" 2>&1 || failed=1
        grep -E '^(FAIL|SKIP|QINFO|Totals|   Loc)|error while loading' "$place/log" || true
    done
    echo "== memory, estimated and measured"
    for dtype in float32 bfloat16; do
        "$place/bin/stet-trainer" bench --memory --model resources/example/model --device cuda --dtype $dtype || failed=1
    done
    echo "== families"
    "$place/bin/family_table" >"$out/families.md" || failed=1
    cat "$out/families.md"
    return $failed
}

case ${1:-here} in
pack) pack ;;
run) run ;;
here) build && ctest --test-dir build/release -L '^gpu$' --output-on-failure && build/release/bin/family_table ;;
*) sed -n '2,7s/^# \{0,1\}//p' "$0" && exit 2 ;;
esac
