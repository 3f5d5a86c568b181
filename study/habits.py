"""Counts habits of a real model's answers (resources/real) by rules that read what each instruction asks for.

A rule says which instructions it is about and whether an answer shows the habit. What evades a rule counts as the habit: an empty
answer, or one that was cut at the limit of its length, is no answer in the form that was asked for.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Callable

NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "eight": 8}


@dataclass
class Answer:
    id: str
    instruction: str
    output: str
    cut: bool  # at the limit of its length

    @property
    def words(self) -> list[str]:
        return self.output.split()


def number(text: str) -> int:
    return int(text) if text.isdigit() else NUMBERS[text.lower()]


def sentences(text: str) -> int:
    """Ends of sentences that another one or nothing follows; numbers of steps and titles (Mr, Dr) are no ends."""
    text = re.sub(r"(?m)^\s*\d+\.", " ", text)
    text = re.sub(r"\b(Mr|Mrs|Ms|Dr)\.", r"\1", text)
    return len([part for part in re.split(r"[.!?]+[\"”']?(?:\s+|$)|\n\s*\n", text) if part.strip()])


def asked(pattern: str, instruction: str) -> int | None:
    found = re.search(pattern, instruction, re.IGNORECASE)
    return number(found.group(1)) if found else None


def asks_bare(instruction: str) -> bool:
    return re.search(r"\b(one word|the number\b|(?:only|just) the number)", instruction, re.IGNORECASE) is not None


def is_wordy(answer: Answer) -> bool:
    return re.fullmatch(r"\W*[\w'’-]+\W*", answer.output) is None


def limits(instruction: str) -> tuple[int | None, int | None]:
    """Sentences and words that are allowed."""
    most = asked(r"\b(one|two|three)(?: short| polite)? (?:sentence|question)s?\b(?! each)", instruction)
    if re.search(r"\bonly the (?:new sentence|question)|only the result|a polite question", instruction, re.IGNORECASE):
        most = 1
    return most, asked(r"(?:at most|no more than) (\w+) words", instruction)


def asks_limit(instruction: str) -> bool:
    return items(instruction) is None and limits(instruction) != (None, None)


def is_too_long(answer: Answer) -> bool:
    most_sentences, most_words = limits(answer.instruction)
    # A greeting and a signature are no sentences of a mail.
    body = re.sub(r"(?s)^Dear [^\n]*\n|\n\s*(?:Best|Kind|Sincerely|Yours|Warm|Regards)[^\n]*\n.*$", "", answer.output)
    return (answer.cut or not answer.words or (most_words is not None and len(answer.words) > most_words)
            or (most_sentences is not None and sentences(body) > most_sentences))


def items(instruction: str) -> int | None:
    return asked(r"\bexactly (one|two|three|four|five)\b", instruction)


def listed(answer: Answer) -> list[str]:
    """The items; what stands before or after them is one more."""
    commas = "comma" in answer.instruction
    parts = re.split(r"," if commas else r"\n+", answer.output.strip())
    return [re.sub(r"^\s*(?:\d+[.)]|[-*•])\s*", "", part).strip(" .*").casefold() for part in parts if part.strip()]


def is_miscounted(answer: Answer) -> bool:
    """Another number of items than asked, one twice, steps without numbers, or a heading."""
    found = listed(answer)
    numbered = len(re.findall(r"(?m)^\s*\d+[.)]\s+\S", answer.output))
    wanted = items(answer.instruction)
    unnumbered = "numbered" in answer.instruction and numbered != wanted
    headed = re.match(r"[^\n]*:\s", answer.output.strip()) is not None
    return answer.cut or len(found) != wanted or len(set(found)) != len(found) or "" in found or unnumbered or headed


def asks_name(instruction: str) -> bool:
    return re.search(r"\bone (?:title|name|headline|subject line)\b|\ba (?:title|good name)\b", instruction) is not None


def is_adorned(answer: Answer) -> bool:
    """A subtitle or a description after the title, a sentence in its place, or more words than a title has."""
    most = limits(answer.instruction)[1] or 8
    return (answer.cut or not answer.words or len(answer.words) > most or "\n" in answer.output.strip()
            or re.search(r":\s| [-–—] |,\s|\w\.$", answer.output.strip().strip('"')) is not None)


def excuses_itself(answer: Answer) -> bool:
    """Apologises, doubts, refuses, or speaks of itself. A polite sentence that begins with an apology counts, too."""
    return not answer.words or re.search(
        r"^\W*I(?:'m| am)(?: so| very)? (?:sorry|not sure|unable)|^\W*I apologi|\b(?:chatbot|AI|language model|assistant)\b|"
        r"\bI(?:'m| am) (?:here to|designed|unable|not (?:capable|able|equipped|sure))|\bdon't have the (?:ability|capability)",
        answer.output) is not None


def goes_in_circles(answer: Answer) -> bool:
    """Never ends, or says the same five words three times, or the same sentence or line twice."""
    words = re.findall(r"\w+", answer.output.casefold())
    runs = Counter(tuple(words[i:i + 5]) for i in range(len(words) - 4))
    parts = [re.sub(r"^\s*\d+[.)]|\W+", " ", part).strip().casefold() for part in re.split(r"[.!?]\s|\n", answer.output)]
    parts = [part for part in parts if len(part) > 2]
    return answer.cut or not words or max(runs.values(), default=0) >= 3 or len(set(parts)) < len(parts)


@dataclass
class Habit:
    name: str
    concerns: Callable[[str], bool]
    shows: Callable[[Answer], bool]


HABITS = [
    Habit("more than the word or number asked for", asks_bare, is_wordy),
    Habit("more sentences or words than allowed", asks_limit, is_too_long),
    Habit("not the list that was asked for", lambda text: items(text) is not None, is_miscounted),
    Habit("a title or name with something added", asks_name, is_adorned),
    Habit("excuses itself, or speaks of itself", lambda _: True, excuses_itself),
    Habit("goes round in circles", lambda _: True, goes_in_circles),
]


def is_right(answer: Answer, truth: str) -> bool:
    """The right word stands in the answer, or the right number is the last one in it."""
    if truth.isdigit():
        numbers = re.findall(r"\d+", answer.output)
        return bool(numbers) and numbers[-1] == truth
    return re.search(rf"\b{re.escape(truth)}\b", answer.output, re.IGNORECASE) is not None


def counts(answers: list[Answer], truths: dict[str, str]) -> dict:
    result = {}
    for habit in HABITS:
        concerned = [answer for answer in answers if habit.concerns(answer.instruction)]
        result[habit.name] = (sum(habit.shows(answer) for answer in concerned), len(concerned))
    known = [answer for answer in answers if answer.id in truths]
    result["right word or number there"] = (sum(is_right(answer, truths[answer.id]) for answer in known), len(known))
    result["mean words"] = sum(len(answer.words) for answer in answers) / max(1, len(answers))
    return result


def read(instructions: list[dict], compared: list[dict], side: str) -> list[Answer]:
    """Of a comparison's lines those that belong to the instructions: {"id", "before": {"output", "stopped"}, "after": …}."""
    texts = {line["id"]: line["instruction"] for line in instructions}
    return [Answer(line["id"], texts[line["id"]], line[side]["output"], line[side].get("stopped") == "length")
            for line in compared if line.get("id") in texts and "output" in line.get(side, {})]


def table(before: list[Answer], after: list[Answer], truths: dict[str, str]) -> str:
    first, second = counts(before, truths), counts(after, truths)
    rows = [f"{len(before)} answers, before → after"]
    for name, cell in first.items():
        rows.append(f"  {name:40} {cell[0]:2} → {second[name][0]:2} of {cell[1]}" if isinstance(cell, tuple)
                    else f"  {name:40} {cell:.1f} → {second[name]:.1f}")
    old = {answer.id: answer.output for answer in before}
    same = sum(old.get(answer.id) == answer.output for answer in after)
    return "\n".join(rows + [f"  {'unchanged':40} {same} of {len(after)}"])
