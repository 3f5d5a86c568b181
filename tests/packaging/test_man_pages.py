"""The manual pages say what the programs' --help says: every command is a section with that command's options, and no other.

    test_man_pages.py FOLDER    with stet and stet-trainer in it"""

import functools
import os
import re
import subprocess
import sys
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAMS = sys.argv.pop(1) if len(sys.argv) > 1 else os.path.join(ROOT, "build", "release", "bin")


@functools.lru_cache(maxsize=None)
def help_of(*command):
    line = [os.path.join(PROGRAMS, command[0]), *command[1:], "--help"]
    return subprocess.run(line, check=True, capture_output=True, text=True).stdout


def commands_of(program):
    return re.findall(r"^  ([a-z-]+) ", help_of(program).split("Subcommands:")[1], re.M)


def options_in_help(*command):
    return set(re.findall(r"^  (?:-\w,)?(--[\w-]+)", help_of(*command), re.M)) - {"--help"}


def sections(program):
    """Heading → text, of .Sh and .Ss."""
    with open(os.path.join(ROOT, "docs", "man", f"{program}.1"), encoding="utf-8") as file:
        parts = re.split(r"^\.S[hs] (.+)$", file.read(), flags=re.M)
    return dict(zip(parts[1::2], parts[2::2]))


def options_in(text):
    """.Fl -x and its further words: .Fl -a | -b."""
    found = set()
    for words in re.findall(r"\bFl ((?:h , )?-[\w-]+(?: \| -[\w-]+)*)", text):
        found |= {"-" + word for word in re.findall(r"(?<![\w-])-[\w-]+", words)}
    return found - {"--help"}


class ManPages(unittest.TestCase):
    def check(self, program):
        page = sections(program)
        commands = commands_of(program)
        self.assertGreater(len(commands), 5)
        described = [heading for heading in page if heading.islower()]
        self.assertEqual(set(described), set(commands))
        for command in commands:
            with self.subTest(program=program, command=command):
                self.assertEqual(options_in(page[command]), options_in_help(program, command))
        common = options_in(page.get("COMMON OPTIONS", ""))
        everywhere = set().union(*(options_in_help(program, command) for command in commands))
        self.assertLessEqual(common, everywhere)
        for option in everywhere:  # a tag with a sentence behind it, not only a word of the first line
            self.assertRegex("".join(page.values()), rf"(?m)^\.It Fl -?{option[1:]}(?![\w-])", option)
        self.assertEqual(options_in_help(program) - options_in(page["DESCRIPTION"]), set())

    def test_stet(self):
        self.check("stet")

    def test_the_worker(self):
        self.check("stet-trainer")


if __name__ == "__main__":
    unittest.main()
