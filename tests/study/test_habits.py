"""The rules of the real example's habits, on answers made for each; and that they ask something of every held-out instruction."""
import json
import os
import unittest

from study import habits

REAL = os.path.join(os.path.dirname(__file__), "..", "..", "resources", "real")


def lines(name):
    with open(os.path.join(REAL, name), encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def shown(instruction, output, cut=False):
    answer = habits.Answer("x", instruction, output, cut)
    return [habit.name for habit in habits.HABITS if habit.concerns(instruction) and habit.shows(answer)]


class Rules(unittest.TestCase):
    def check(self, habit, instruction, good, bad):
        for output in good:
            self.assertNotIn(habit, shown(instruction, output), output)
        for output in bad:
            self.assertIn(habit, shown(instruction, output), output)

    def test_a_word_or_a_number_alone(self):
        self.check("more than the word or number asked for", "Answer in one word: what is the capital of Italy?",
                   ["Rome", "Rome.", '"Rome"'], ["The capital is Rome.", "", "Rome, of course"])
        self.check("more than the word or number asked for", "How many are left? Answer with the number alone.",
                   ["7", "7."], ["7 eggs", "12 - 5 = 7"])

    def test_limits_of_sentences_and_words(self):
        habit = "more sentences or words than allowed"
        self.check(habit, "What is yeast? Answer in one sentence.", ["Yeast is a fungus.", "Mr. Hale says so"],
                   ["Yeast is a fungus. It is alive.", "", "Yeast\n\nIs alive"])
        self.check(habit, "Sum up in at most 3 words: a.", ["one two three."], ["one two three four."])
        self.check(habit, "Write a mail of two sentences to Carla. Sign it as Ben.",
                   ["Dear Carla,\n\nCome on Friday. It is at seven.\n\nBest regards,\nBen"],
                   ["Dear Carla,\n\nCome on Friday. It is at seven. Bye.\n\nBest regards,\nBen"])
        self.assertIn(habit, shown("Answer in one sentence.", "It goes on and", cut=True))

    def test_lists(self):
        habit = "not the list that was asked for"
        self.check(habit, "Name exactly three fruits, one per line, and write nothing else.",
                   ["fig\nplum\npear", "1. fig\n2. plum\n3. pear"],
                   ["fig\nplum", "fig\nplum\nFig", "fig, plum, pear", "Three fruits are:\nfig\nplum", "", "**a**\n**a**\n**a**"])
        self.check(habit, "Name exactly two colours, separated by commas, and nothing else.", ["red, blue"],
                   ["The colours are: red, blue", "red"])
        self.check(habit, "Exactly two numbered steps, one short sentence each.", ["1. Open it.\n2. Wait."],
                   ["Open it.\nWait.", "1. Open it. 2. Wait.", "First:\n1. Open it.\n2. Wait."])

    def test_titles(self):
        self.check("a title or name with something added", "Suggest one name for a small bakery by the sea. Only the name.",
                   ["The Salt Loaf", '"The Salt Loaf"'],
                   ["The Salt Loaf: A Bakery", "Alec - a kitten", "The Salt Loaf, by the sea", "It is called Loaf.", ""])

    def test_excuses(self):
        self.check("excuses itself, or speaks of itself", "Say it politely.", ["Could you be quiet, please?"],
                   ["I'm sorry for your loss.", "As a chatbot I can't.", "Well, I'm here to assist you.", ""])

    def test_circles(self):
        self.check("goes round in circles", "Tell.", ["One thing. Another thing."],
                   ["One thing. One thing.", "a b c d e a b c d e a b c d e", ""])
        self.assertIn("goes round in circles", shown("Tell.", "It goes on and", cut=True))

    def test_right_answers(self):
        right = lambda output, truth: habits.is_right(habits.Answer("x", "", output, False), truth)
        self.assertTrue(right("15 - 6 = 9", "9"))
        self.assertFalse(right("9 - 6 = 8", "9"))
        self.assertTrue(right("It is Late.", "late"))
        self.assertFalse(right("chocolate", "late"))


class HeldOut(unittest.TestCase):
    def test_every_instruction_asks_for_a_form_that_a_rule_reads(self):
        for line in lines("heldout.jsonl"):
            asked = [habit.name for habit in habits.HABITS[:4] if habit.concerns(line["instruction"])]
            self.assertTrue(asked, line["instruction"])

    def test_the_right_words_belong_to_held_out_instructions(self):
        with open(os.path.join(REAL, "right.json"), encoding="utf-8") as file:
            right = json.load(file)
        self.assertEqual(set(right) - {line["id"] for line in lines("heldout.jsonl")}, set())
        self.assertEqual(len(right), 10)

    def test_a_table_counts_both_sides(self):
        instructions = [{"id": "a", "instruction": "Answer in one word: who?"}]
        compared = [{"id": "a", "before": {"output": "It is I."}, "after": {"output": "I"}}, {"summary": {}}]
        before, after = (habits.read(instructions, compared, side) for side in ("before", "after"))
        text = habits.table(before, after, {"a": "I"})
        self.assertRegex(text, r"more than the word or number asked for +1 →  0 of 1")
        self.assertRegex(text, r"unchanged +0 of 1")
