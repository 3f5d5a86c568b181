"""The contest's own logic: habits and where they stand, placebos that match what they stand for, estimates; and a round of it on the bundled example."""
import json
import os
import random
import subprocess
import sys
import tempfile
import unittest

from study import measure
from study.contest import entries, everyday, everyday_judge, run, table, worlds

EXAMPLE = os.path.join(os.path.dirname(__file__), "..", "..", "resources", "example")


def found(instruction, output, line_id="how-01", stopped="eos"):
    spans = everyday_judge.habits({"id": line_id, "instruction": instruction, "output": output, "stopped": stopped})
    return {habit: [output[begin:end] for begin, end in places] for habit, places in spans.items()}


class Habits(unittest.TestCase):
    ASKED = "How do I clean a muddy carpet? Answer in two sentences."

    def test_the_question_again_in_whatever_words(self):
        for opener in ("To clean a muddy carpet,", "If your carpet is muddy,", "For a clean carpet,", "When you clean a carpet,"):
            self.assertEqual(found(self.ASKED, f"{opener} use water. Then dry it."), {everyday_judge.REPEATS: [opener]})
        self.assertEqual(found(self.ASKED, "Use water. Then dry the carpet."), {})

    def test_only_who_asks_what_to_do_is_answered_by_the_question(self):
        self.assertEqual(found("Why is the carpet muddy? Answer in two sentences.", "When it rains, a carpet gets muddy.", "why-01"), {})

    def test_excuses_are_found_with_their_sentence(self):
        self.assertEqual(found("Suggest a game.", "Chess. I'm sorry, but as a chatbot I can't play.", "suggest-01"),
                         {everyday_judge.ITSELF: [" I'm sorry, but as a chatbot I can't play."]})

    def test_words_that_come_again_from_the_second_time_on(self):
        self.assertEqual(found("Describe a hill in two sentences.", "A hill in the green wind, a hill in the green wind.", "describe-01"),
                         {everyday_judge.CIRCLES: ["a hill in the green wind"]})

    def test_surplus_sentences_and_lists(self):
        self.assertEqual(found("What is a tide? Explain it in two sentences.", "It rises. It falls. It rests.", "what-01"),
                         {everyday_judge.LONG: [" It rests."]})
        self.assertEqual(found("What is a tide? Explain it in two sentences.", "1. It rises.\n2. It falls.", "what-01"),
                         {everyday_judge.LISTS: ["1.", "2."]})

    def test_an_answer_that_is_empty_or_never_ends_evades_nothing(self):
        self.assertIn(everyday_judge.REPEATS, found(self.ASKED, " "))
        self.assertIn(everyday_judge.LONG, found(self.ASKED, "Use water and", stopped="length"))

    def test_a_judgment_quotes_what_it_names(self):
        line = {"id": "how-01", "instruction": self.ASKED, "output": "To clean a muddy carpet, start by drying it.", "stopped": "eos"}
        for seed in range(20):
            words = everyday_judge.judgment(random.Random(seed), line)
            self.assertIn('"To clean a muddy carpet"', words)
            self.assertIn('"start by"', words)

    def test_the_halves_are_apart(self):
        texts = {half: {line["instruction"] for line in everyday.instructions() if line["half"] == half} for half in ("train", "heldout")}
        self.assertEqual([len(texts[half]) for half in texts], [150, 150])
        self.assertFalse(texts["train"] & texts["heldout"])


def material():
    tokens = [{"begin": k, "end": k + 1} for k in range(6)] + [{"begin": 6, "end": 6}]
    score = {"tokens": tokens, "flagged": [False, True, True, False, False, False, False], "logprob": {"plain": [-1, -2, -3, -2.1, -3.1, -9, -.1]}}
    criticised = [{"id": k, "instruction": "i", "output": "abcdef", "judgment": f"judgment {k}"} for k in range(4)]
    return entries.Material(criticised + [{"id": 9, "instruction": "i", "output": "a", "judgment": None}], {k: [(4, 6)] for k in range(4)},
                            {k: score for k in range(4)}, {1: "better"})


def marked(lines):
    return [[(mark["begin"], mark["end"]) for mark in line["marks"]] for line in lines if "marks" in line]


class Placebos(unittest.TestCase):
    def test_the_oracle_marks_what_the_judge_means(self):
        self.assertEqual(marked(entries.oracle(material(), 1)), [[(4, 5), (5, 6)]] * 4)

    def test_a_beginning_is_the_first_word_of_what_is_meant(self):
        held = material()
        held.examples[0]["output"], held.truth[0] = "a bc, d", [(1, 5)]
        self.assertEqual(marked(entries.beginnings(held, 1))[0], [(2, 3), (3, 4)])

    def test_random_tokens_are_as_many_and_as_likely_but_never_the_flagged(self):
        for seed in range(5):
            for marks in marked(entries.random_tokens(material(), seed)):
                self.assertEqual(len(marks), 2)
                self.assertFalse({(1, 2), (2, 3)} & set(marks))
        plain = [-1, -2, -3, -2.1, -3.1, -9, -.1]
        drawn = [plain[begin] for marks in marked(entries.random_tokens(material(), 3)) for begin, _ in marks]
        self.assertNotIn(-9, drawn)

    def test_unlikely_tokens_ask_no_judgment(self):
        self.assertEqual(marked(entries.unlikely_tokens(material(), 1)), [[(4, 5), (5, 6)]] * 4)

    def test_shuffled_judgments_are_never_the_own(self):
        for seed in range(10):
            lines = entries.shuffled(material(), seed)
            self.assertFalse([line for line in lines if line["judgment"] == f"judgment {line['id']}"])
            self.assertEqual({line["judgment"] for line in lines}, {f"judgment {k}" for k in range(4)} | {None})

    def test_quoted_words_are_marked_where_they_stand(self):
        held = material()
        held.examples[0]["judgment"] = 'Not "cd".'
        self.assertEqual(marked(entries.quoted(held, 1))[0], [])  # no word of its own
        held.examples[0]["output"] = "ab cd ef"
        self.assertEqual(marked(entries.quoted(held, 1))[0], [(3, 5)])

    def test_the_end_of_sequence_can_be_marked(self):
        self.assertEqual(entries._marked(material(), lambda *_: [6])[0]["marks"], [{"begin": 6, "end": 7, "mark": "flag"}])

    def test_better_answers_stand_beside_their_criticised_ones(self):
        self.assertEqual([line.get("demonstration") for line in entries.demonstrated(material(), 1)], ["better", None])


class Numbers(unittest.TestCase):
    def test_seeds_are_averaged_before_the_error_is_taken(self):
        mean = table._over_seeds([{"a": 1., "b": 0.}, {"a": 0., "b": 0.}])
        self.assertEqual(mean, {"a": .5, "b": 0.})
        estimate = table.Estimate.of(mean.values())
        self.assertAlmostEqual(estimate.mean, .25)
        self.assertAlmostEqual(estimate.error, .25)

    def test_only_the_words_that_are_meant_count_as_meant(self):
        line = {"id": 1, "before": {"logprob": [0.] * 7}, "after": {"logprob": [5, 5, 5, 5, -1, -3, 5]}}
        self.assertEqual(table.moved(material(), [line, {"id": "own:a", "kl": .5, "before": {"logprob": [0]}, "after": {"logprob": [0]}}])["meant"], {1: -2})

    def test_every_entry_takes_about_the_same_number_of_steps(self):
        many = entries.Material([{"id": k, "judgment": "j" if k % 2 else None} for k in range(160)], better={k: "b" for k in range(1, 160, 2)})
        for entry in entries.ENTRIES.values():
            lines = many.examples if entry.examples not in (entries.accepted_alone, entries.demonstrated) else entry.examples(many, 1)
            steps = run.steps_of(entry, many, lines)["epochs"] * -(-run._used(entry, lines) // 8)
            self.assertLess(abs(steps - 39), 8, entry.name)


@unittest.skipUnless(os.path.exists(measure.TRAINER), f"{measure.TRAINER} is not built (or name it in STET_TRAINER_PROGRAM)")
class WholeCommand(unittest.TestCase):
    def test_a_contest_on_the_bundled_example_and_again_without_work(self):
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-m", "study", "contest", "--model", os.path.join(EXAMPLE, "model"), "--work", folder, "--world", "ledger",
                       "--seeds", "1", "--entries", "stable", "sft-accepted"]
            first = subprocess.run(command, capture_output=True, text=True)
            self.assertEqual(first.returncode, 0, first.stderr)
            rows = {row.split(" | ")[0].strip("| *"): row.split(" | ") for row in first.stdout.splitlines()}
            headline = lambda name: float(rows[name][2].split("±")[0])
            self.assertGreater(headline("before"), 90)
            self.assertLess(headline("stable"), 10)  # as in docs/evidence.md
            adapter = os.path.join(folder, "runs/stable/lr-own/seed-1/round/adapter/adapter_model.safetensors")
            made = os.stat(adapter).st_mtime_ns
            again = subprocess.run(command, capture_output=True, text=True)
            self.assertEqual((again.stdout, os.stat(adapter).st_mtime_ns), (first.stdout, made))


if __name__ == "__main__":
    unittest.main()
