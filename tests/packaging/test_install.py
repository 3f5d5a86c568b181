"""What `cmake --install` lays down works from where it lies, with nothing of the build tree or of this machine's settings.

    test_install.py BUILD    a built tree; it is installed, never built"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.abspath(sys.argv.pop(1)) if len(sys.argv) > 1 else os.path.join(ROOT, "build", "release")


class Install(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="stet-install-")
        subprocess.run(["cmake", "--install", BUILD, "--prefix", "/usr"], check=True, stdout=subprocess.DEVNULL,
                       env={**os.environ, "DESTDIR": os.path.join(cls.folder, "first")})
        # Moved: what was found by an absolute path isn't there any more.
        cls.prefix = os.path.join(cls.folder, "moved")
        os.rename(os.path.join(cls.folder, "first", "usr"), cls.prefix)
        cls.home = os.path.join(cls.folder, "home")
        os.mkdir(cls.home)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def run_program(self, name, *arguments):
        environment = {"PATH": "/usr/bin:/bin", "HOME": self.home, "QT_QPA_PLATFORM": "offscreen"}
        return subprocess.run([os.path.join(self.prefix, "bin", name), *arguments], env=environment, cwd=self.home,
                              capture_output=True, text=True, timeout=600)

    def done(self, name, *arguments):
        ran = self.run_program(name, *arguments)
        self.assertEqual(ran.returncode, 0, f"{name} {arguments}: {ran.stderr}")
        return ran.stdout

    def test_both_say_version_and_commit(self):
        for name in ("stet", "stet-trainer"):
            self.assertRegex(self.done(name, "--version"), rf"^{name} \d+\.\d+\.\d+ \(commit ([0-9a-f]{{12}}|unknown)\)\n$")

    def test_the_example_is_made_and_its_model_scores(self):
        project = os.path.join(self.home, "ledger.stet")
        self.done("stet", "example", project)
        self.done("stet", "check", project)
        first = self.done("stet", "list", project, "--filter", "criticised").splitlines()[0]
        line = os.path.join(self.home, "one.jsonl")
        with open(line, "w", encoding="utf-8") as file:
            file.write(first + "\n")
        scored = json.loads(self.done("stet-trainer", "score", "--model", os.path.join(project, "model"), "--in", line))
        self.assertGreater(len(scored["tokens"]), 3)
        self.assertEqual(len(scored["tokens"]), len(scored["logprob"]["judged"]))

    def test_libtorch_comes_from_the_prefix(self):
        said = subprocess.run(["ldd", os.path.join(self.prefix, "bin", "stet-trainer")], env={"PATH": "/usr/bin:/bin"},
                              check=True, capture_output=True, text=True).stdout
        self.assertNotIn("not found", said)
        torch = re.findall(r"^\s*lib(?:torch\w*|c10)\.so => (\S+)", said, re.M)
        self.assertGreaterEqual(len(torch), 2)
        for library in torch:
            self.assertEqual(os.path.dirname(os.path.realpath(library)), os.path.join(os.path.realpath(self.prefix), "lib", "stet"))

    def test_the_example_is_the_installed_one(self):
        data = os.path.join(self.prefix, "share", "stet")
        os.rename(os.path.join(data, "example"), os.path.join(data, "example.away"))
        try:
            ran = self.run_program("stet", "example", os.path.join(self.home, "none.stet"))
        finally:
            os.rename(os.path.join(data, "example.away"), os.path.join(data, "example"))
        self.assertEqual(ran.returncode, 3, ran.stderr)
        self.assertIn(os.path.join(data, "example"), ran.stderr)

    def test_what_a_desktop_and_a_reader_look_for_is_there(self):
        for path in ("applications/stet.desktop", "metainfo/stet.metainfo.xml", "icons/hicolor/scalable/apps/stet.svg", "man/man1/stet.1",
                     "man/man1/stet-trainer.1", "doc/stet/copyright", "doc/stet/README.md", "doc/stet/licences/libtorch.txt",
                     "doc/stet-trainer/copyright", "doc/stet-trainer/licences/nvidia-cuda.txt", "stet/prompts/chat.json"):
            self.assertTrue(os.path.isfile(os.path.join(self.prefix, "share", path)), path)

    def test_the_desktops_files_are_valid(self):
        checks = {"desktop-file-validate": ["applications/stet.desktop"], "appstreamcli": ["validate", "--no-net", "metainfo/stet.metainfo.xml"]}
        for tool, arguments in checks.items():
            if shutil.which(tool) is None:
                self.skipTest(f"{tool} is not here")
            ran = subprocess.run([tool, *arguments], cwd=os.path.join(self.prefix, "share"), capture_output=True, text=True)
            self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)


if __name__ == "__main__":
    unittest.main()
