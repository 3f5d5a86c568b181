"""The programmatic judge: says what is wrong with an answer in varied words, every mistake of it unless told otherwise.

Sentences are made by a small grammar: hundreds of wordings a bug. The words of set "A" stand in the pre-training corpus, those of
set "B" are kept for the alignment examples, so that the model meets judgments it has not read before.
"""

from __future__ import annotations

import random

from .checker import Verdict

GRAMMAR = {
    "opener": dict(
        A=(["Don't", "Do not", "Please don't", "Never"], ["open", "begin", "start"], ["with", "by saying"],
           ['"Sure!"', "Sure!", 'the word "Sure!"', '"Sure"'], ["", ", just answer", ", go straight to the answer", ", it is a filler"]),
        B=(["You should not", "There is no need to", "Avoid to"], ["open", "start", "begin"], ["the response with", "with"],
           ['"Sure!"', "Sure!", "a Sure!"], ["", ", answer at once", ", it adds nothing"])),
    "city": dict(
        A=(["The", "This", "That"], ["city", "city named", "place"], ["is", "is plainly"],
           ["wrong", "not the one given", "another one than asked", "incorrect"], ["", ", look at the instruction", ", use the one given"]),
        B=(["You name", "It names", "The sentence gives"], ["the wrong city", "another city", "an incorrect city"], ["", "here"],
           ["", "than the instruction"], ["", ", read the instruction", ", take the given city"])),
    "offbyone": dict(
        A=(["The", "Your", "This"], ["number", "count", "number of words"], ["is", "is clearly"],
           ["wrong", "off by one", "not right", "incorrect"], ["", ", count again", ", look at the line"]),
        B=(["You counted", "The words were counted", "It is counted"], ["wrongly", "wrong", "badly"], ["", "here"],
           ["", "by one"], ["", ", the number is wrong", ", count the words again"])),
    "unit": dict(
        A=(["The", "This", "That"], ["unit", "unit of the result", "unit at the end"], ["is", "is plainly"],
           ["wrong", "not the one asked for", "incorrect", "another one than asked"], ["", ", use the unit asked for", ", look at the instruction"]),
        B=(["You give", "It gives", "The result has"], ["the wrong unit", "another unit", "an incorrect unit"], ["", "here"],
           ["", "than asked"], ["", ", write the unit asked for", ", read which unit is wanted"])),
    "omission": dict(
        A=(["The last", "One", "The final"], ["item", "word", "entry"], ["is", "was"],
           ["missing", "left out", "forgotten", "not there"], ["", ", give all of them", ", the list is not complete"]),
        B=(["You forgot", "It forgets", "The list lacks"], ["the last item", "one item", "the last word"], ["", "here"],
           ["", "of the list"], ["", ", list all of them", ", it stops too early"])),
    "closing": dict(
        A=(["Don't", "Do not", "Never", "Please don't"], ["end", "close", "finish"], ["with", "by saying"],
           ['"Now leave me alone."', '"leave me alone"', "a rude sentence", "rude words"], ["", ", it is rude", ", be polite"]),
        B=(["The last sentence", "The end", "The closing sentence"], ["is", "sounds", "is very"], ["", "just"],
           ["rude", "impolite", "unfriendly"], ["", ", leave it out", ", nobody asked for it"])),
}
PRAISE = dict(
    A=["The response is right.", "Correct.", "Good answer.", "Well done, nothing is wrong.", "Your response to the instruction is satisfactory.",
       "This is right and polite.", "Perfect."],
    B=["Nothing to object.", "That is correct.", "A good response."])
VAGUE = ["The response is wrong.", "Not good.", "There is a mistake.", "This could be better."]
JOINTS = [" ", " ", " Also: ", " And "]


def sentence(rng: random.Random, bug: str, words: str) -> str:
    joined = " ".join(part for part in (rng.choice(options) for options in GRAMMAR[bug][words]) if part)
    return joined.replace(" ,", ",").strip() + "."


def criticism(rng: random.Random, bugs: list[str], words: str) -> str:
    """Names every bug given, in an order of its own."""
    order = list(bugs)
    rng.shuffle(order)
    text = sentence(rng, order[0], words)
    for bug in order[1:]:
        joint = rng.choice(JOINTS)
        following = sentence(rng, bug, words)
        text += joint + (following if joint == " " or joint.endswith(": ") else following[0].lower() + following[1:])
    return text


def judgment(rng: random.Random, verdict: Verdict, words: str) -> str | None:
    """A complete judgment, or None for an answer without fault."""
    if verdict.right:
        return None
    if verdict.malformed and not verdict.bugs:
        return rng.choice(VAGUE)
    return criticism(rng, verdict.bugs, words)
