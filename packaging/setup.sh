#!/bin/bash
# Sets up what Stet is built from, and installs only what is missing: Debian packages, LibTorch out of the PyPI wheels
# (hash-checked, unpacked into a cache outside the checkout), and a check of cargo. Root is needed only for missing packages: a user is
# asked at the terminal before sudo is called; without a terminal it is called only under CI or with STET_INSTALL=yes.
# Prints nothing when everything is there. Sourced by ./run and ./test: exports STET_LIBTORCH.
set -euo pipefail

stet_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
stet_cache=${STET_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/stet}

stop() {
    printf '\nSet-up stopped: %s\n%s\n' "$1" "${2:-}" >&2
    exit 1
}

# Of those named, or of packaging/debian-packages.txt.
missing_packages() {
    local package
    { [ $# -eq 0 ] && grep -v '^#' "$stet_root/packaging/debian-packages.txt" || printf '%s\n' "$@"; } | while read -r package; do
        dpkg-query -W -f='${Status}\n' "$package" 2>/dev/null | grep -q '^install ok installed' || printf '%s ' "$package"
    done
}

# Nothing is installed on somebody's machine unasked.
may_use_sudo() {
    command -v sudo >/dev/null || return 1
    if [ -n "${CI:-}" ] || [ "${STET_INSTALL:-}" = yes ]; then sudo -n true 2>/dev/null; return; fi
    [ -t 0 ] && [ -t 2 ] || return 1
    local answer
    read -r -p "Stet needs these Debian packages: $1
Install them with sudo apt-get install --no-install-recommends? [y/N] " answer
    [[ $answer == [yY]* ]] && sudo -v
}

install_packages() {
    command -v dpkg-query >/dev/null || { check_without_dpkg; return; }
    local missing; missing=$(missing_packages "$@")
    [ -n "$missing" ] || return 0
    local line="sudo apt-get update && sudo apt-get install --no-install-recommends $missing"
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        may_use_sudo "$missing" || stop "these Debian packages are missing: $missing" "Run, or ask an administrator to run:  $line"
        as_root=(sudo)
    fi
    echo "Installing Debian packages: $missing" >&2
    "${as_root[@]}" apt-get update -qq >&2 || stop "the package lists could not be fetched (no network?)." "When it is back, run again, or run:  $line"
    DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends $missing >"${TMPDIR:-/tmp}/stet-apt.$$" 2>&1 || {
        tail -n 5 "${TMPDIR:-/tmp}/stet-apt.$$" >&2
        stop "the Debian packages could not be installed." "Run this and read what it says:  $line"
    }
    rm -f "${TMPDIR:-/tmp}/stet-apt.$$"
}

# stet_try PACKAGE… : packages that a step is better with, and can do without.
stet_try() {
    (install_packages "$@") || echo "Going on without $*." >&2
}

check_without_dpkg() {
    local tool
    for tool in cmake ninja c++ python3; do
        command -v "$tool" >/dev/null || stop "$tool is missing, and this is no Debian system." \
            "Install what packaging/debian-packages.txt lists by your system's own names, then run again."
    done
}

check_cargo() {
    local line="Install a current Rust with rustup (https://rustup.rs), then run again."
    command -v cargo >/dev/null || stop "cargo, Rust's build tool, is missing (the tokenizer is a Rust crate)." "$line"
    cargo --version >/dev/null 2>&1 || stop "cargo is there, but does not run (cargo --version fails; rustup without a toolchain?)." "Run:  rustup default stable"
    local version; version=$(cargo --version | sed -E 's/^cargo ([0-9]+)\.([0-9]+).*/\1 \2/')
    read -r major minor <<<"$version"
    if [ "$major" -lt 1 ] || { [ "$major" -eq 1 ] && [ "$minor" -lt 80 ]; }; then
        stop "cargo $major.$minor is too old; 1.80 or newer is needed." "$line"
    fi
}

# The wheels differ per Python version, so the version is named and never this machine's own.
download_wheels() {
    local into=$1 options=(--no-deps --only-binary=:all: --require-hashes --python-version 3.11 --implementation cp --abi cp311 --abi none) n
    for n in 17 25 28; do options+=(--platform "manylinux_2_${n}_x86_64"); done
    options+=(--platform manylinux2014_x86_64)
    python3 -m pip --version >/dev/null 2>&1 || stop "python3 has no pip, which downloads LibTorch." "Run:  sudo apt-get install python3-pip"
    python3 -m pip download --quiet --disable-pip-version-check "${options[@]}" -d "$into" -r "$stet_root/packaging/libtorch-wheels.txt" >&2 ||
        stop "LibTorch could not be downloaded, or its hash was wrong (see above)." "Check the network and run again."
}

unpack_wheels() {
    python3 - "$1" "$2" <<'PYTHON'
import glob, os, sys, zipfile
source, target = sys.argv[1:]
keep = ("torch/lib/", "torch/include/", "nvidia/")
skip = ("libtorch_python.so",)
for wheel in glob.glob(os.path.join(source, "*.whl")):
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target, [n for n in archive.namelist()
                                    if n.startswith(keep) and not n.endswith((".py",) + skip)])
PYTHON
}

install_libtorch() {
    local stamp; stamp=$(sha256sum "$stet_root/packaging/libtorch-wheels.txt" | cut -c1-12)
    local target="$stet_cache/libtorch-$stamp"
    export STET_LIBTORCH="$target"
    [ -f "$target/complete" ] && return 0
    [ "$(uname -m)" = x86_64 ] || stop "the pinned LibTorch is for x86-64, this machine is $(uname -m)." "Use an x86-64 machine."
    mkdir -p "$stet_cache" 2>/dev/null || stop "the cache folder $stet_cache can't be made." "Choose another:  STET_CACHE=/some/folder ./run"
    # One set-up at a time: the second waits, then finds the first one's work. What a killed one left is removed.
    exec {stet_lock}>"$stet_cache/lock" && flock "$stet_lock" || stop "the cache folder $stet_cache can't be written." "Choose another:  STET_CACHE=/some/folder ./run"
    [ -f "$target/complete" ] && { exec {stet_lock}>&-; return 0; }
    rm -rf "$stet_cache"/unpacking.*
    local free; free=$(df -Pk "$stet_cache" | awk 'NR==2 {print $4}')
    [ "$free" -gt 2500000 ] || stop "LibTorch needs 2.5 GB in $stet_cache, $((free / 1000)) MB are free." "Free some space, or choose another place:  STET_CACHE=/some/folder ./run"
    echo "Fetching LibTorch 2.11.0 (544 MB, once) into $stet_cache" >&2
    local work; work=$(mktemp -d "$stet_cache/unpacking.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    download_wheels "$work/wheels"
    unpack_wheels "$work/wheels" "$work/tree" || stop "LibTorch could not be unpacked." "Check the free space in $stet_cache and run again."
    touch "$work/tree/complete"
    rm -rf "$target"
    mv "$work/tree" "$target"
    rm -rf "$work"
    trap - EXIT
    exec {stet_lock}>&-
}

# stet_build TARGET… : configure once, then build; quiet unless something is to be done.
stet_build() {
    cd "$stet_root"
    local log="build/release/build.log"
    mkdir -p build/release || stop "the build folder can't be made in $stet_root." "Check permissions and free space."
    if ! grep -qs "STET_LIBTORCH:PATH=$STET_LIBTORCH\$" build/release/CMakeCache.txt || [ "${STET_WERROR:-OFF}" != "$(sed -n 's/^STET_WERROR:BOOL=//p' build/release/CMakeCache.txt 2>/dev/null)" ]; then
        cmake --preset release -DSTET_LIBTORCH="$STET_LIBTORCH" -DSTET_WERROR="${STET_WERROR:-OFF}" >"$log" 2>&1 || { tail -n 20 "$log" >&2; stop "CMake could not configure the build." "The whole log: $log"; }
    fi
    if ninja -C build/release -n "$@" 2>/dev/null | grep -q 'no work to do'; then return 0; fi
    echo "Building Stet (about ten minutes on two cores the first time)" >&2
    if [ -t 2 ]; then ninja -C build/release -j "$(nproc)" "$@" >&2 || stop "the build failed (see above)." "If a crate could not be fetched, check the network and run again."
    else
        ninja -C build/release -j "$(nproc)" "$@" >"$log" 2>&1 || { grep -E -A8 'error|FAILED' "$log" | head -60 >&2; stop "the build failed." "The whole log: $log. If a crate could not be fetched, check the network and run again."; }
    fi
}

# stet_configure PRESET [-DX=Y…] : the other presets, in build/PRESET.
stet_configure() {
    cd "$stet_root"
    local preset=$1; shift
    mkdir -p "build/$preset"
    cmake --preset "$preset" -DSTET_WERROR="${STET_WERROR:-OFF}" "$@" >"build/$preset/build.log" 2>&1 || { tail -n 20 "build/$preset/build.log" >&2; stop "CMake could not configure the preset $preset." "The whole log: build/$preset/build.log"; }
}

# stet_build_preset PRESET : configures and builds all of one of the other presets.
stet_build_preset() {
    stet_configure "$1"
    ninja -C "build/$1" -j "$(nproc)" >"build/$1/build.log" 2>&1 || { grep -E -A8 'error|FAILED' "build/$1/build.log" | head -60 >&2; stop "the build of the preset $1 failed." "The whole log: build/$1/build.log"; }
}

install_packages
check_cargo
install_libtorch
