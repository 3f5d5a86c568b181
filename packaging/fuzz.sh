#!/bin/bash
# Fuzzes every reader of untrusted bytes for SECONDS in all (60 when none are given), one after the other.
#   packaging/fuzz.sh [SECONDS] [TARGET…]
# With clang's libFuzzer the search is guided by coverage, under AddressSanitizer and UBSan (preset fuzz), and what it learns is
# kept in build/fuzz/corpus for the next time; without, mutants of the corpus are tried blindly (preset asan).
# A finding is left as build/fuzz/finding-TARGET-…: mend the reader, then keep the file under tests/fuzz/corpus/TARGET.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:-60}
shift || true
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(tests/fuzz/corpus/*)
targets=("${targets[@]##*/}")
each=$((seconds / ${#targets[@]}))
[ "$each" -ge 1 ] || each=1

# The newest clang++ that links libFuzzer; its package may bring only a name with a version.
clang_with_libfuzzer() {
    local probe compiler; probe=$(mktemp -d)
    echo 'extern "C" int LLVMFuzzerTestOneInput(const unsigned char*, unsigned long) { return 0; }' >"$probe/probe.cpp"
    for compiler in clang++ $(compgen -c clang++- | grep -E '^clang\+\+-[0-9]+$' | sort -t- -k2 -rnu); do
        if "$compiler" -fsanitize=fuzzer,address "$probe/probe.cpp" -o "$probe/probe" 2>/dev/null; then echo "$compiler"; break; fi
    done
    rm -rf "$probe"
}

fuzz_guided() {
    local target=$1 known="build/fuzz/corpus/$1" log="build/fuzz/$1.log"
    mkdir -p "$known"
    if ! build/fuzz/bin/fuzz_"$target" -max_total_time="$each" -timeout=5 -rss_limit_mb=2048 -print_final_stats=1 \
        -dict="tests/fuzz/dictionary/$target" -artifact_prefix="build/fuzz/finding-$target-" \
        "$known" "tests/fuzz/corpus/$target" >"$log" 2>&1; then
        grep -aE 'what\(\)|ERROR|SUMMARY|Test unit written' "$log" >&2 || tail -n 20 "$log" >&2
        echo "$target: a finding; the whole log is $log" >&2
        return 1
    fi
    echo "$target: $(grep -a '	DONE ' "$log" | sed -E 's/^#([0-9]+)\s+DONE\s+/\1 runs, /')"
}

fuzz_blindly() {
    if ! (cd build/fuzz && ../asan/bin/fuzz_driver "$1" "$each" "../../tests/fuzz/corpus/$1"); then
        echo "$1: a finding, left as build/fuzz/finding-$1" >&2
        return 1
    fi
}

mkdir -p build/fuzz
how=guided
compiler=$(clang_with_libfuzzer)
[ -n "$compiler" ] || how=blindly
if [ $how = guided ]; then
    cmake --preset fuzz -DCMAKE_CXX_COMPILER="$compiler" >build/fuzz/configure.log 2>&1 || { tail -n 20 build/fuzz/configure.log >&2; exit 1; }
    ninja -C build/fuzz -j "$(nproc)" >build/fuzz/build.log 2>&1 || { tail -n 40 build/fuzz/build.log >&2; exit 1; }
else
    echo "No libFuzzer here (Debian: clang-14, libclang-rt-14-dev): trying mutants of the corpus blindly." >&2
    [ -f build/asan/build.ninja ] || cmake --preset asan >/dev/null
    ninja -C build/asan -j "$(nproc)" fuzz_driver >build/fuzz/build.log 2>&1 || { tail -n 40 build/fuzz/build.log >&2; exit 1; }
fi
found=0
for target in "${targets[@]}"; do
    "fuzz_$how" "$target" || found=1
done
exit $found
