"""The benchmark's own logic: truth, the ring, ranks, thresholds; and the whole command on the bundled example."""
import json
import math
import os
import subprocess
import sys
import tempfile
import unittest

from study import detect, measure

EXAMPLE = os.path.join(os.path.dirname(__file__), "..", "..", "resources", "example")


class Truth(unittest.TestCase):
    def spans(self, output, judgment):
        return [output[begin:end] for begin, end in detect.quoted_spans(output, judgment)]

    def test_quoted_words_are_found_in_any_quotation_marks(self):
        for quoted in ('"in Rome"', "“in Rome”", "‘in Rome’", "`in Rome`", "'in Rome'"):
            self.assertEqual(self.spans("She lives in Rome.", f"The words {quoted} are wrong."), ["in Rome"])

    def test_whole_words_only_and_whatever_their_case(self):
        self.assertEqual(self.spans("Artists paint art.", 'Not "Art".'), ["art"])

    def test_an_apostrophe_quotes_nothing(self):
        self.assertEqual(self.spans("It is t and he s here", "It isn't right that he's here"), [])

    def test_words_that_do_not_stand_there_are_no_truth(self):
        self.assertEqual(self.spans("Yes.", 'Say "no".'), [])

    def test_marks_win_over_quotes(self):
        record = {"output": "a word", "judgment": 'Not "word".', "marks": [{"begin": 0, "end": 1, "mark": "flag"}]}
        self.assertEqual(detect.truth_spans(record), [(0, 1)])


class Numbers(unittest.TestCase):
    def test_auc_is_the_share_of_pairs_in_order_and_ties_count_half(self):
        self.assertEqual(detect.auc([3, 2, 1, 0], [True, False, True, False]), .75)
        self.assertEqual(detect.auc([1, 1], [True, False]), .5)
        self.assertIsNone(detect.auc([1, 2], [True, True]))

    def test_a_rate_gives_the_threshold_that_so_many_exceed(self):
        values = list(range(100))
        self.assertEqual(sum(value > detect.above(.05, values) for value in values), 5)

    def test_what_both_light_up_is_no_false_alarm(self):
        shared, alone = [(2.0, 3.0)] * 50, [(1.0, -1.0)] * 2
        self.assertEqual(detect.above_alone(.05, shared + alone + [(-1.0, -1.0)] * 48), 0)
        threshold = detect.above_alone(.01, shared + alone + [(-1.0, -1.0)] * 48)
        self.assertEqual(threshold, 1.0)
        self.assertEqual(detect.above(.05, [other for other, _ in shared + alone]), 2.0)

    def test_the_threshold_holds_on_any_pairs(self):
        import random
        draw = random.Random(5)
        for _ in range(50):
            pairs = [(draw.gauss(0, 1), draw.gauss(.5, 1)) for _ in range(200)]
            for rate in (.3, .1, .02):
                threshold = detect.above_alone(rate, pairs)
                straddled = sum(other > threshold >= own for other, own in pairs)
                self.assertLessEqual(straddled, rate * 200)

    def test_contrasts_under_the_own_and_as_if_another_were_the_own(self):
        own = {"plain": [-2.0], "judged": [-1.0], "praised": [-3.0], "correction": [-2.5]}
        mine, theirs = detect.contrasts(own, [[-1.5], [-2.5]])
        self.assertEqual((mine["D1"], mine["D2"], mine["D4"], mine["D5"]), ([1.0], [2.0], [.5], [1.0]))
        odds = lambda p: math.log(p / (1 - p))
        self.assertAlmostEqual(mine["D3"][0], odds(math.exp(-1)) - odds(math.exp(-2)))
        self.assertEqual((theirs[0]["D1"], theirs[0]["D5"], theirs[1]["D2"]), ([.5], [1.0], [.5]))

    def test_the_ring_gives_other_texts_only(self):
        ordered = [{"judgment": text} for text in ("a", "b", "a", "b", "c")]
        self.assertEqual(detect.others(ordered, 0), ["b", "c"])


@unittest.skipUnless(os.path.exists(measure.TRAINER), f"{measure.TRAINER} is not built (or name it in STET_TRAINER_PROGRAM)")
class WholeCommand(unittest.TestCase):
    def run_command(self, judgments, *more):
        return subprocess.run([sys.executable, "-m", "study", "detect", "--model", os.path.join(EXAMPLE, "model"),
                               "--judgments", judgments, *more], capture_output=True, text=True)

    def test_the_example_lights_up_what_is_quoted(self):
        with tempfile.TemporaryDirectory() as folder:
            out = os.path.join(folder, "result.json")
            done = self.run_command(os.path.join(EXAMPLE, "examples.jsonl"), "--limit", "12", "--others", "2", "--out", out)
            self.assertEqual(done.returncode, 0, done.stderr)
            with open(out, encoding="utf-8") as file:
                result = json.load(file)
        self.assertIn("D6: AUC", done.stdout)
        self.assertEqual(result["responses"], 12)
        for name in ("D1", "D2", "D3", "D4", "D5", "D6", "−log p (placebo)", "another's judgment (placebo)"):
            self.assertIn(name, result["contrasts"])
        self.assertGreater(result["contrasts"]["D1"]["auc"], .85)
        self.assertLess(result["contrasts"]["−log p (placebo)"]["auc"], result["contrasts"]["D1"]["auc"])

    def test_a_file_without_a_truth_is_refused_by_a_sentence(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "j.json")
            with open(path, "w", encoding="utf-8") as file:
                json.dump([{"instruction": "Say it", "output": "Yes.", "judgment": "Too short."}], file)
            done = self.run_command(path)
        self.assertEqual(done.returncode, 1)
        self.assertIn("no truth to compare with", done.stderr)


if __name__ == "__main__":
    unittest.main()
