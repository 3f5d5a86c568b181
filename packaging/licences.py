#!/usr/bin/env python3
"""Collects the licences of everything that Stet is passed on with into resources/licences, a text file for each origin.

    packaging/licences.py SITE_PACKAGES

SITE_PACKAGES is the site-packages of a Python into which exactly the wheels of libtorch-wheels.txt are installed: their licences lie
there beside the code. The crates' lie in cargo's own folder once Stet was built, those of Debian's libraries in /usr/share/doc. Run it
when a pinned version changes; tests/packaging/test_licences.py says when that was forgotten. The first line of each file is its title
in the window."""

import glob
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TARGET = os.path.join(ROOT, "resources", "licences")
CRATE = os.path.join(ROOT, "trainer", "text", "rust")
RULE = "\n\n" + "-" * 100 + "\n"

# Compiled in: nlohmann-json, CLI11, SQLiteCpp, parts of spdlog and fmt; the others are shared libraries.
LIBRARIES = ["nlohmann-json3-dev", "libcli11-dev", "libsqlitecpp-dev", "libspdlog-dev", "libfmt9", "libsqlite3-0", "libssl3", "zlib1g", "libbenchmark1debian"]
QT = ["libqt6core6", "libqt6svg6", "libqt6charts6"]


def read(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read().strip("\n")


def write(name, title, text):
    lines = [line.rstrip().replace("\f", "") for line in f"{title}\n\n{text}".splitlines()]
    with open(os.path.join(TARGET, name), "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


def wheels():
    """name → version, of packaging/libtorch-wheels.txt."""
    return dict(re.findall(r"^([a-z-]+)==(\S+)", read(os.path.join(ROOT, "packaging", "libtorch-wheels.txt")), re.M))


def wheel_licences(site_packages, name, version):
    folder = os.path.join(site_packages, f"{name.replace('-', '_')}-{version}.dist-info", "licenses")
    files = sorted(glob.glob(os.path.join(folder, "*")))
    if not files:
        sys.exit(f"{folder} has no licences: install {name}=={version} there")
    return [read(file) for file in files]


def debian(package):
    return read(f"/usr/share/doc/{package}/copyright")


def cargo(*arguments):
    line = ["cargo", *arguments, "--offline"]
    return subprocess.run(line, cwd=CRATE, check=True, capture_output=True, text=True).stdout


def linked_crates():
    """{(name, version): licence} of what is linked on Linux, without Stet's own crate."""
    tree = cargo("tree", "-e", "normal", "--target", "x86_64-unknown-linux-gnu", "--prefix", "none", "--format", "{p}|{l}")
    found = re.findall(r"^(\S+) v(\S+)[^|\n]*\|([^\n]*?)(?: \(\*\))?$", tree, re.M)
    return {(name, version): licence for name, version, licence in found if name != "stet-text"}


def locked_crates():
    pairs = re.findall(r'^name = "(.+)"\nversion = "(.+)"', read(os.path.join(CRATE, "Cargo.lock")), re.M)
    return [pair for pair in pairs if pair[0] != "stet-text"]


def crate_texts(name, version):
    """Of several licences to choose from MIT, as it names the authors; else all."""
    registry = os.environ.get("CARGO_HOME", os.path.expanduser("~/.cargo")) + "/registry/src/*/"
    files = sorted(glob.glob(f"{registry}{name}-{version}/*"))
    files = [file for file in files if re.search(r"licen[sc]e|copying|notice", os.path.basename(file), re.I)]
    mit = [file for file in files if re.search(r"-MIT|-UNICODE", file)]
    texts = [read(file) for file in mit or files]
    if name == "onig_sys":  # brings Oniguruma, a C library
        texts += [read(file) for file in glob.glob(f"{registry}{name}-{version}/oniguruma/COPYING")]
    if not texts:
        sys.exit(f"the crate {name} {version} has no licence in {registry}: build Stet first")
    return texts


def crates_page():
    linked = linked_crates()
    others = [f"{name} {version}" for name, version in locked_crates() if (name, version) not in linked]
    by_text = {}
    for name, version in linked:
        for text in crate_texts(name, version):
            # The same words with other line ends are the same licence.
            by_text.setdefault(" ".join(text.split()), (text, []))[1].append(f"{name} {version}")
    table = "\n".join(f"  {name} {version}: {licence}" for (name, version), licence in linked.items())
    return (f"Linked:\n{table}\n\nNamed in Cargo.lock, not linked on Linux:\n" + "\n".join(f"  {other}" for other in others) +
            "".join(f"{RULE}{', '.join(names)}\n\n{text}" for text, names in by_text.values()))


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    os.makedirs(TARGET, exist_ok=True)
    versions = wheels()
    write("stet.txt", "Stet – Apache License 2.0",
          "The window links Qt Charts, which Qt offers under the GNU GPL 3 or a commercial licence: the program stet may be passed on as it is "
          "built here only under the terms of the GPL 3.\nThe worker stet-trainer links no Qt." + RULE + read(os.path.join(ROOT, "LICENSE")))
    write("libtorch.txt", f"LibTorch {versions['torch']} – BSD 3-Clause, and what is in it",
          RULE.join(wheel_licences(sys.argv[1], "torch", versions["torch"])))
    runtime, profiling = "nvidia-cuda-runtime", "nvidia-cuda-cupti"
    texts = {wheel_licences(sys.argv[1], name, versions[name])[0] for name in (runtime, profiling)}
    write("nvidia-cuda.txt", f"NVIDIA CUDA runtime {versions[runtime]} and CUPTI {versions[profiling]} – NVIDIA's licence agreement",
          "libcudart and libcupti, which LibTorch is linked with.\n\n" + RULE.join(sorted(texts)))
    write("rust-crates.txt", "Rust crates: tokenizers, minijinja, regex and what they need", crates_page())
    write("libraries.txt", "SQLite, SQLiteCpp, spdlog, fmt, JSON for Modern C++, CLI11, OpenSSL, zlib, Google Benchmark",
          RULE.join(f"{package}\n\n{debian(package)}" for package in LIBRARIES))
    write("qt.txt", "Qt 6, Qt SVG – GNU LGPL 3; Qt Charts – GNU GPL 3",
          RULE.join([f"{package}\n\n{debian(package)}" for package in QT] +
                    [read(f"/usr/share/common-licenses/{name}") for name in ("LGPL-3", "GPL-3")]))
    write("gcc-runtime.txt", "GNU OpenMP library (libgomp) – GNU GPL 3 with the GCC Runtime Library Exception", debian("libgomp1"))


if __name__ == "__main__":
    main()
