"""The licences that come with Stet name what it is built from, in the versions that are pinned: else run packaging/licences.py."""

import importlib.util
import os
import re
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FOLDER = os.path.join(ROOT, "resources", "licences")


def collector():
    spec = importlib.util.spec_from_file_location("licences", os.path.join(ROOT, "packaging", "licences.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def page(name):
    with open(os.path.join(FOLDER, name), encoding="utf-8") as file:
        return file.read()


class Licences(unittest.TestCase):
    def test_every_crate_of_the_lock_file_is_named(self):
        head = page("rust-crates.txt").split("-" * 100)[0]
        named = set(re.findall(r"^  (\S+) ([^:\s]+)", head, re.M))
        self.assertEqual(named, set(collector().locked_crates()))

    def test_every_linked_crate_has_a_text(self):
        head, *texts = page("rust-crates.txt").split("-" * 100)
        linked = re.findall(r"^  (\S+ \S+): \S", head, re.M)
        self.assertGreater(len(linked), 50)
        owners = {name for text in texts for name in text.strip().split("\n", 1)[0].split(", ")}
        self.assertEqual(set(linked), owners)

    def test_the_wheels_are_named_in_their_versions(self):
        wheels = collector().wheels()
        self.assertEqual(page("libtorch.txt").split(" ")[1], wheels["torch"])
        title = page("nvidia-cuda.txt").split("\n")[0]
        self.assertIn(f"runtime {wheels['nvidia-cuda-runtime']} ", title)
        self.assertIn(f"CUPTI {wheels['nvidia-cuda-cupti']} ", title)

    def test_every_page_begins_with_a_title_and_says_something(self):
        pages = sorted(os.listdir(FOLDER))
        self.assertIn("stet.txt", pages)
        for name in pages:
            title, blank, rest = page(name).split("\n", 2)
            self.assertTrue(0 < len(title) < 100, name)
            self.assertEqual(blank, "", name)
            self.assertRegex(rest, r"(?i)copyright|licen[sc]e", name)

    def test_stets_own_licence_is_the_repositorys(self):
        with open(os.path.join(ROOT, "LICENSE"), encoding="utf-8") as file:
            self.assertIn(file.read().strip("\n"), page("stet.txt"))


if __name__ == "__main__":
    unittest.main()
