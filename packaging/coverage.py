#!/usr/bin/env python3
"""Which share of each room's lines the tests reached, from the counts that a build of the preset coverage left.

  coverage.py BUILD_FOLDER [--lines ROOM]      with --lines: the lines of a room that no test reached, as file:first-last

A line counts as reached where any program reached it. Run by ./test --coverage.
"""
import argparse
import collections
import concurrent.futures
import gzip
import json
import pathlib
import subprocess
import tempfile

SOURCE = pathlib.Path(__file__).resolve().parent.parent


def counts(gcda):
    """{source file: {line: times}} of one object file."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["gcov", "--json-format", "--preserve-paths", str(gcda)], cwd=folder, check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        files = collections.defaultdict(dict)
        for written in pathlib.Path(folder).glob("*.gcov.json.gz"):
            for file in json.load(gzip.open(written))["files"]:
                path = pathlib.Path(file["file"])
                if not path.is_relative_to(SOURCE) or path.is_relative_to(SOURCE / "build"):
                    continue
                lines = files[str(path.relative_to(SOURCE))]
                for line in file["lines"]:
                    lines[line["line_number"]] = max(lines.get(line["line_number"], 0), line["count"])
        return files


def room(path):
    parts = pathlib.PurePath(path).parts[:-1]
    return "/".join(parts[:2]) or "."


def ranges(lines):
    """[3, 4, 5, 9] as 3-5, 9-9."""
    found = []
    for line in sorted(lines):
        if found and found[-1][1] == line - 1:
            found[-1][1] = line
        else:
            found.append([line, line])
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--lines", metavar="ROOM")
    args = parser.parse_args()
    merged = collections.defaultdict(lambda: collections.defaultdict(int))
    with concurrent.futures.ThreadPoolExecutor() as pool:
        for files in pool.map(counts, [path.resolve() for path in sorted(args.build.rglob("*.gcda"))]):
            for path, lines in files.items():
                for line, times in lines.items():
                    merged[path][line] += times
    if args.lines:
        for path in sorted(path for path in merged if room(path) == args.lines):
            for first, last in ranges(line for line, times in merged[path].items() if not times):
                print(f"{path}:{first}-{last}")
        return
    rooms = collections.defaultdict(lambda: [0, 0])
    for path, lines in merged.items():
        if not path.startswith("tests/"):
            for name in (room(path), "all"):
                rooms[name][0] += sum(1 for times in lines.values() if times)
                rooms[name][1] += len(lines)
    for name in sorted(rooms, key=lambda name: (name == "all", name)):
        reached, lines = rooms[name]
        print(f"{reached / lines:6.1%}  {reached:6d} of {lines:6d} lines  {name}")


if __name__ == "__main__":
    main()
