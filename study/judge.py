"""The programmatic judge: says what is wrong with an answer in varied words, every mistake of it unless told otherwise.

Sentences are made by a small grammar: hundreds of wordings a bug. The words of set "A" stand in the pre-training corpus, those of
set "B" are kept for the alignment examples, so that the model meets judgments it has not read before.
"""

from __future__ import annotations

import random

from .checker import Verdict

# For each bug and set: grammars, each a list of slots, each a list of options. An empty option leaves the slot out.
GRAMMAR = {
    "opener": dict(
        A=[[["Don't", "Do not", "Please don't", "Never"], ["open", "begin", "start"], ["with", "by saying", "the response with"],
            ['"Sure!"', "Sure!", 'the word "Sure!"', '"Sure"', "a filler"], ["", ", just answer", ", go straight to the answer", ", it is a filler"]],
           [["The"], ["first word", "opening", "beginning", '"Sure!"', "Sure"], ["is", "at the start is"],
            ["a filler", "not needed", "useless", "unneeded", "wrong"], ["", ", leave it out", ", nobody asked for it"]],
           [["It", "The response", "You"], ["should not", "need not", "must not"], ["open", "begin", "start", "say"],
            ['with "Sure!"', "Sure!", "with a filler", '"Sure"'], ["", ", answer at once"]],
           [["No", "Drop the", "Remove the", "Leave out the"], ['"Sure!"', "Sure!", "filler", "opening"], ["", "at the start"], ["", ", it adds nothing"]]],
        B=[[["I would not", "There is no need to", "Please never"], ["open", "start", "begin"], ["the response with", "with"],
            ['"Sure!"', '"Sure"', "the filler Sure"], ["", ", answer at once", ", it adds nothing"]],
           [["The response", "It"], ["begins with", "starts with", "opens with"], ['"Sure!"', '"Sure"', "a filler"], ["", ", leave it out", ", that is not needed"]]]),
    "city": dict(
        A=[[["The", "This", "That"], ["city", "city named", "place", "town"], ["is", "is plainly"],
            ["wrong", "not the one given", "another one than asked", "incorrect"], ["", ", look at the instruction", ", use the one given"]],
           [["It", "The response", "The answer"], ["has", "says", "gives", "names"], ["the wrong city", "a wrong place", "another city", "an incorrect city"],
            ["", ", read the instruction", ", take the given city"]],
           [["Wrong", "Incorrect", "Not the right"], ["city", "place", "town"], ["", "here", "in the sentence"], ["", ", read the instruction"]]],
        B=[[["You name", "The sentence names", "The sentence gives"], ["the wrong city", "another city", "an incorrect city"], ["", "here"],
            ["", ", read the instruction", ", take the given city"]],
           [["The person", "This person"], ["is from", "lives in"], ["another city", "another place"], ["", ", look at the instruction"]]]),
    "offbyone": dict(
        A=[[["The", "Your", "This"], ["number", "count", "number of words"], ["is", "is clearly"],
            ["wrong", "off by one", "not right", "incorrect"], ["", ", count again", ", look at the line"]],
           [["It", "The response", "The answer"], ["has", "says", "gives", "counted"], ["the wrong number", "one word too many or too few", "a wrong count"],
            ["", ", count again", ", count the words again"]],
           [["Wrong", "Incorrect", "Not the right"], ["number", "count"], ["", "here", "of words"], ["", ", count again"]],
           [["The words were", "It was", "The line was"], ["counted"], ["wrongly", "badly", "wrong"], ["", ", off by one"]]],
        B=[[["You counted", "The words here were counted", "It is counted"], ["wrongly", "wrong", "badly"],
            ["", ", the number is wrong", ", count the words again"]],
           [["There are not", "The line does not have"], ["that many words", "that number of words"], ["", ", count again"]]]),
    "unit": dict(
        A=[[["The", "This", "That"], ["unit", "unit of the result", "unit at the end"], ["is", "is plainly"],
            ["wrong", "not the one asked for", "incorrect", "another one than asked"], ["", ", use the unit asked for", ", look at the instruction"]],
           [["It", "The response", "The answer"], ["has", "says", "gives", "ends with"], ["the wrong unit", "a wrong unit", "another unit", "an incorrect unit"],
            ["", ", write the unit asked for", ", read which unit is wanted"]],
           [["Wrong", "Incorrect", "Not the right"], ["unit"], ["", "here", "of the result"], ["", ", use the unit asked for"]]],
        B=[[["You give", "You wrote", "The result has"], ["the wrong unit", "another unit", "an incorrect unit"], ["", "here"],
            ["", ", write the unit asked for", ", read which unit is wanted"]],
           [["The instruction"], ["asked for", "wanted"], ["another unit"], ["", ", look at it again"]]]),
    "omission": dict(
        A=[[["The last", "One", "The final"], ["item", "word", "entry"], ["is", "was"],
            ["missing", "left out", "forgotten", "not there"], ["", ", give all of them", ", the list is not complete"]],
           [["It", "The response", "The list", "You"], ["forgot", "left out", "lacks", "misses"], ["the last item", "one item", "an item", "the last word"],
            ["", ", list all of them", ", it stops too early"]],
           [["The list", "The order"], ["is not complete", "is incomplete", "is too short", "stops too early", "ends too early"], ["", ", give all of them"]]],
        B=[[["You forget", "It forgets", "The list is without"], ["the last item", "one item", "the last word"], ["", "here"],
            ["", "of the list"], ["", ", list all of them", ", it stops too early"]],
           [["Not all items are", "Not every item is"], ["there", "in the list"], ["", ", one is missing"]]]),
    "closing": dict(
        A=[[["Don't", "Do not", "Never", "Please don't"], ["end", "close", "finish"], ["with", "by saying"],
            ['"Now leave me alone."', '"leave me alone"', "a rude sentence", "rude words"], ["", ", it is rude", ", be polite"]],
           [["The"], ["end", "ending", "last words", "end of the response", "final sentence"], ["is", "are", "sounds"], ["", "very", "just"],
            ["rude", "impolite", "unfriendly", "not polite"], ["", ", be polite", ", leave it out"]],
           [["It", "The response", "You"], ["should not", "must not"], ["end", "close", "finish", "be"], ["rudely", "rude", "with rude words", "so unfriendly"],
            ["", ", nobody asked for it"]],
           [["Rude", "Impolite", "Unfriendly"], ["ending", "closing", "last sentence", "end"], ["", ", leave it out"]]],
        B=[[["The last sentence", "The closing", "The closing sentence"], ["is", "sounds", "is very"], ["", "just"],
            ["rude", "impolite", "unfriendly"], ["", ", leave it out", ", nobody asked for it"]],
           [["Be polite at the end", "Leave out the rude end", "The response ends rudely"], ["", ", please"]]]),
}
PRAISE = dict(
    A=["The response is right.", "Correct.", "Good answer.", "Well done, nothing is wrong.", "Your response to the instruction is satisfactory.",
       "This is right and polite.", "Perfect."],
    B=["Nothing to object.", "That is correct.", "A good response."])
VAGUE = ["The response is wrong.", "Not good.", "There is a mistake.", "This could be better.", "Wrong.", "This is not right."]
# Says nothing about the answer at all: must light up nothing.
NEUTRAL = ["Please think about it again.", "Hm, I am not sure about this one.", "Noted, thanks.", "Let me look at it later.", "I read this.", "Well.",
           "I have not looked at it yet.", "Next one, please."]
JOINTS = [" ", " ", " Also: ", " And "]


def sentence(rng: random.Random, bug: str, words: str) -> str:
    slots = rng.choice(GRAMMAR[bug][words])
    joined = " ".join(part for part in (rng.choice(options) for options in slots) if part)
    return joined.replace(" ,", ",") + "."


def criticism(rng: random.Random, bugs: list[str], words: str) -> str:
    """Names every bug given, in an order of its own."""
    order = list(bugs)
    rng.shuffle(order)
    text = sentence(rng, order[0], words)
    for bug in order[1:]:
        joint = rng.choice(JOINTS)
        following = sentence(rng, bug, words)
        starts_anew = joint == " " or joint.endswith(": ") or following.startswith("I ")
        text += joint + (following if starts_anew else following[0].lower() + following[1:])
    return text


def judgment(rng: random.Random, verdict: Verdict, words: str) -> str | None:
    """A complete judgment, or None for an answer without fault."""
    if verdict.right:
        return None
    if verdict.malformed and not verdict.bugs:
        return rng.choice(VAGUE)
    return criticism(rng, verdict.bugs, words)
