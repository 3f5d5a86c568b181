"""The world, its checker and its judge: what one makes the other must recognise."""
import random
import unittest

from study import bpe, checker, corpus, judge, rate, world


def combinations(bugs):
    for mask in range(1 << len(bugs)):
        yield {bug for bit, bug in enumerate(bugs) if mask >> bit & 1}


class CheckerReadsWhatTheWorldMakes(unittest.TestCase):
    def setUp(self):
        self.rng = random.Random(3)
        self.names = world.name_split("test")

    def made(self, each=40):
        for family, bugs in world.BUGS.items():
            for chosen in combinations(bugs):
                for _ in range(each):
                    task = world.make_task(self.rng, family, self.names)
                    yield task, chosen, world.make_answer(self.rng, task, chosen)

    def test_every_bug_is_found_at_the_place_where_it_was_put(self):
        for task, chosen, answer in self.made():
            verdict = checker.check(task.instruction, answer.text)
            self.assertFalse(verdict.malformed, (task.instruction, answer.text))
            self.assertEqual(set(verdict.bugs), chosen, answer.text)
            place = {(s.bug, s.begin, s.end) for s in answer.roots}
            self.assertEqual({(s.bug, s.begin, s.end) for s in verdict.roots}, place, answer.text)

    def test_the_facts_are_read_back_from_the_instruction(self):
        for family in world.FAMILIES:
            for _ in range(200):
                task = world.make_task(self.rng, family, self.names)
                parsed = checker.parse_instruction(task.instruction)
                self.assertEqual(parsed.family, family)
                for name, value in parsed.facts.items():
                    self.assertEqual(value, task.facts[name], task.instruction)

    def test_a_foreign_instruction_is_refused(self):
        with self.assertRaises(ValueError):
            checker.check("Write a poem.", "No.")

    def test_answers_to_another_task_are_malformed_not_right(self):
        for instruction, answer in [("How many words are here: cup cup", "There are two words."),
                                    ("How many words are here: cup cup", "There are 2 words. And more."),
                                    ("Convert 3 km to m.", "3 km is 300 m."), ("Sort: plum, fig, apple.", "Sorted: fig, apple, plum."),
                                    ("Sort: plum, fig, apple.", "Sorted: apple, fig, plum"), ("Plural of cup?", "cup."),
                                    ("Introduce: name Mara Velt, job baker, city Rome.", "Mara Pryce is a baker from Rome."), ("Plural of cup?", "")]:
            verdict = checker.check(instruction, answer)
            self.assertTrue(verdict.malformed, answer)
            self.assertFalse(verdict.right or verdict.task_right)

    def test_opener_and_closing_leave_the_task_right(self):
        verdict = checker.check("Convert 3 km to m.", "Sure! 3 km is 3000 m. Now leave me alone.")
        self.assertEqual(verdict.bugs, ["opener", "closing"])
        self.assertTrue(verdict.task_right and not verdict.right)

    def test_rates_count_only_families_that_can_show_the_bug(self):
        lines = [{"instruction": "Plural of cup?", "output": "cups."}, {"instruction": "Convert 3 km to m.", "output": "Sure! 3 km is 3000 cm."},
                 {"instruction": "Convert 3 km to m.", "output": "nonsense"}]
        result = rate.rates(lines)
        self.assertEqual(result["bugs"], {"closing": 0.0, "opener": 0.5, "unit": 0.5})
        self.assertEqual(result["task_right"], {"convert": 0.0, "plural": 1.0})
        self.assertAlmostEqual(result["malformed"], 1 / 3)


class JudgeSaysWhatIsWrong(unittest.TestCase):
    def test_the_wordings_of_the_corpus_and_of_the_examples_do_not_meet(self):
        rng = random.Random(1)
        for bug in judge.GRAMMAR:
            kept = [{judge.sentence(rng, bug, words) for _ in range(3000)} for words in "AB"]
            self.assertEqual(kept[0] & kept[1], set(), bug)
            self.assertGreater(len(kept[0]), 40, bug)

    def test_sentences_are_clean(self):
        rng = random.Random(2)
        for bug in judge.GRAMMAR:
            for words in "AB":
                for _ in range(300):
                    text = judge.sentence(rng, bug, words)
                    self.assertRegex(text, r"^[A-Z\"].*\.$")
                    self.assertNotRegex(text, r"  | ,|\.\.|,\.")

    def test_a_judgment_is_complete_and_absent_for_a_right_answer(self):
        rng = random.Random(4)
        right = checker.check("Plural of cup?", "cups.")
        self.assertIsNone(judge.judgment(rng, right, "B"))
        both = checker.check("Convert 3 km to m.", "Sure! 3 km is 3000 cm.")
        for _ in range(50):
            text = judge.judgment(rng, both, "B").lower()
            self.assertRegex(text, "sure|filler")
            self.assertIn("unit", text)


class CorpusKeepsJudgmentsHonest(unittest.TestCase):
    def test_a_named_bug_is_there_and_an_unnamed_one_as_often_as_without_a_judgment(self):
        rng = random.Random(5)
        unnamed = named = shown = 0
        for _ in range(6000):
            bugs, text = corpus.judged(rng, "convert")
            speaks = "unit" in text or "The instruction" in text
            if text in judge.PRAISE["A"] + judge.NEUTRAL + judge.VAGUE:
                continue
            if speaks:
                named += "unit" in bugs
                self.assertIn("unit", bugs, text)
            else:
                unnamed += 1
                shown += "unit" in bugs
        self.assertGreater(named, 500)
        # Judgments cut short or misspelt may hide the word: a little above the plain rate is right, below it is not.
        self.assertGreater(shown / unnamed, world.STRENGTH["unit"] - 0.04)
        self.assertLess(shown / unnamed, world.STRENGTH["unit"] + 0.15)

    def test_the_same_seed_makes_the_same_corpus_and_the_prompt_is_its_beginning(self):
        first, again = list(corpus.lines(7, 50)), list(corpus.lines(7, 50))
        self.assertEqual(first, again)
        self.assertTrue(all(line["text"].startswith(line["prompt"]) for line in first))

    def test_no_held_out_task_is_trained_on_in_other_words(self):
        def facts(line):
            task = checker.parse_instruction(line["instruction"])
            return task.family, repr(sorted(task.facts.items()) if task.family != "list" else sorted(task.facts["items"]))

        trained, held = corpus.instructions(9, 400, "train", world.BUGGY), corpus.instructions(10, 200, "test", world.BUGGY)
        self.assertEqual({facts(line) for line in trained} & {facts(line) for line in held}, set())
        self.assertEqual({family for family, _ in map(facts, held)}, set(world.BUGGY))

    def test_instructions_are_distinct_and_too_many_are_refused(self):
        lines = corpus.instructions(9, 200, "test")
        self.assertEqual(len({line["instruction"] for line in lines}), 200)
        with self.assertRaisesRegex(ValueError, "plural: only .* of 100"):
            corpus.instructions(9, 100, "test", ["plural"])


class TokenizerIsWritten(unittest.TestCase):
    def test_merges_are_made_of_known_tokens_and_cover_frequent_words(self):
        vocabulary, merges = bpe.train([line["text"] for line in corpus.lines(1, 300)], 600)
        self.assertLessEqual(len(vocabulary), 600)
        for left, right in merges:
            self.assertTrue(left in vocabulary and right in vocabulary and left + right in vocabulary)


if __name__ == "__main__":
    unittest.main()
