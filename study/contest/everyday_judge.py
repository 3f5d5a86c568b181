"""Habits of a small chat model in its answers to everyday instructions: where they stand, and a judge who names them there.

The rules were written after reading SmolLM2's answers to every third instruction, before anything was trained. What evades a
rule counts as the habit wherever a rule can tell: an empty answer shows every habit it could show.
"""

from __future__ import annotations

import random
import re

Span = tuple[int, int]

REPEATS, ITSELF, CIRCLES, STOCK, LISTS, LONG = ("repeats the question", "speaks of itself", "goes in circles", "stock phrase",
                                                "list or markup", "more sentences than asked")
HEADLINE = REPEATS

_OPENER = re.compile(r"^[\"“]?(?:(?:To|In order to|When|If|For|As for|Before|While) [^,.:;\n]{2,100}[,:]|[A-Z][a-z]+ing\b[^,.:;\n]{2,100}[,:.]?)")
_FIRST_PERSON = re.compile(
    r"\b(?:chatbot|AI|language model|virtual assistant|assistance service)\b|\bI(?:'m| am) (?:so |very )?(?:sorry|not sure|here to|designed|"
    r"unable|glad|excited|not (?:equipped|able|capable))|\bI (?:can't|cannot|don't have|can only|apologi[sz]e)\b")
_STOCK = re.compile(
    r"\b(?:a (?:wide )?(?:variety|range) of|classic example of|a testament to|stark contrast|a sight to behold|in the heart of|start(?:ing)? by|"
    r"don't forget to|make sure (?:to|that|you)|be sure to|it(?:'s| is) (?:also )?(?:essential|important|crucial)|on the other hand|"
    r"simple yet effective|a must-\w+|plays? a (?:crucial|vital|key) role|in summary|in conclusion|overall,|additionally,|finally,)",
    re.IGNORECASE)
_MARKUP = re.compile(r"(?m)^[ \t]*(?:\d+[.)]|[-*•])(?=\s|\*)|\*\*")
_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?]+[\"”')]*|\n|$)")
_COUNTS = (("two or three sentences", 3), ("one or two sentences", 2), ("three sentences", 3), ("two sentences", 2))


def _sentences(text: str) -> list[Span]:
    plain = re.sub(r"(?m)^[ \t]*\d+[.)]", lambda match: " " * len(match[0]), text)
    return [match.span() for match in _SENTENCE.finditer(plain) if re.search(r"\w", match[0])]


def _repeats(instruction: str, output: str) -> list[Span]:
    """An introduction that says the question's words again."""
    opener = _OPENER.match(output)
    asked = {word for word in re.findall(r"\w{4,}", instruction.casefold())}
    if opener and asked & set(re.findall(r"\w{4,}", opener[0].casefold())):
        return [opener.span()]
    return []


def _itself(output: str) -> list[Span]:
    return [(begin, end) for begin, end in _sentences(output) if _FIRST_PERSON.search(output, begin, end)]


def _circles(output: str) -> list[Span]:
    """From the second time on, five words that stand there already."""
    words = list(re.finditer(r"\w+", output))
    seen, found = set(), []
    for k in range(len(words) - 4):
        five = tuple(word[0].casefold() for word in words[k:k + 5])
        if five in seen:
            begin, end = words[k].start(), words[k + 4].end()
            if found and begin <= found[-1][1]:
                found[-1] = (found[-1][0], end)
            else:
                found.append((begin, end))
        seen.add(five)
    return found


def _long(instruction: str, output: str) -> list[Span]:
    allowed = next((count for words, count in _COUNTS if words in instruction.casefold()), None)
    found = _sentences(output)
    return [(found[allowed][0], len(output))] if allowed and len(found) > allowed else []


def concerns(habit: str, line: dict) -> bool:
    """Whether the habit could show: only who is asked what to do can begin by repeating what is to be done."""
    return habit != REPEATS or line["id"].split("-")[0] in ("how", "plan", "advice")


def habits(line: dict) -> dict[str, list[Span]]:
    """By habit, where it stands in the output (code points, end exclusive); what isn't there is left out."""
    instruction, output = line["instruction"], line["output"]
    found = {REPEATS: _repeats(instruction, output) if concerns(REPEATS, line) else [], ITSELF: _itself(output),
             CIRCLES: _circles(output), STOCK: [match.span() for match in _STOCK.finditer(output)],
             LISTS: [match.span() for match in _MARKUP.finditer(output)], LONG: _long(instruction, output)}
    if not output.strip():
        found = {habit: [(0, 0)] for habit in found if concerns(habit, line)}
    elif line.get("stopped") == "length" and not found[CIRCLES] and not found[LONG]:
        found[LONG] = [(_sentences(output)[-1][0], len(output))]  # no end was in sight
    return {habit: spans for habit, spans in found.items() if spans}


WORDINGS = {
    REPEATS: ['Don\'t repeat my question: {q} says nothing.', 'You begin with {q}, which only says again what I asked.', 'Leave out {q} and begin with the answer.',
              'I know what I asked; {q} is a waste of words.', 'The introduction {q} is not needed.', 'Start with what to do, not with {q}.',
              '{q} repeats the question.', 'Why say {q}? I asked for exactly that. Go straight to the point.'],
    ITSELF: ['Nobody asked about you: {q} has to go.', '{q} is no answer but an excuse.', 'Don\'t speak of yourself, as in {q}.', 'You refuse with {q}, though the task is simple.',
             'I want help, not {q}.', 'Drop the excuse {q} and do what was asked.', 'Saying {q} helps nobody.', 'It talks about itself: {q}.'],
    CIRCLES: ['You say {q} again.', '{q} stands there more than once.', 'It goes in circles: {q} is repeated.', 'The same words come twice: {q}.',
              'Don\'t repeat {q}; once was enough.', 'The repetition of {q} must go.', 'Saying {q} over and over adds nothing.', '{q} was said before.'],
    STOCK: ['{q} is padding.', 'Leave out the stock phrase {q}.', 'Words like {q} say nothing.', 'I could do without {q}.', '{q} is an empty phrase.',
            'Don\'t write {q}, it sounds like a brochure.', 'Plain words would be better than {q}.', 'The phrase {q} only fills space.'],
    LISTS: ['I asked for sentences, not for a list with {q}.', 'No lists and no markup, please: {q} has no place here.', 'Write plain sentences without {q}.', 'The list ({q}) is not what I wanted.',
            'Don\'t use {q}; sentences were asked for.', 'A list was not asked for, so {q} is wrong.', 'Plain text, please, no {q}.', 'Why {q}? I wanted sentences.'],
    LONG: ['Too long: everything from {q} on must go.', 'I asked for fewer sentences; {q} and what follows is too much.', 'It should have ended before {q}.', 'More sentences than I wanted, stop before {q}.',
           'From {q} on it is longer than allowed.', 'You were to be brief, {q} is one sentence too many.', 'Keep to the number of sentences: leave out {q} and the rest.', 'The answer does not end where it should; {q} is too much.'],
}


def _quote(output: str, spans: list[Span]) -> str:
    begin, end = spans[0]
    words = output[begin:end].split(" ")
    return '"' + " ".join(words[:8]).strip().rstrip(".,:;") + '"'


def judgment(rng: random.Random, line: dict) -> str | None:
    """A complete judgment that quotes the words; None where no habit shows."""
    found = list(habits(line).items())
    rng.shuffle(found)
    sentences = [rng.choice(WORDINGS[habit]).format(q=_quote(line["output"], spans)) for habit, spans in found]
    return " ".join(sentences) or None
