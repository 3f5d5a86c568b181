"""The world: tasks with one right answer each, and habits (bugs) that spoil answers independently of one another.

Every buggy family has three bugs, drawn independently, so that a criticism does not name one by its mere polarity.
A bug knows its root: the smallest stretch of the answer (code points) that is wrong.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

FIRST = """Mara Oda Lena Tomas Ivo Petra Nils Rosa Emil Greta Anton Clara Hugo Irma Jonas Karin Ludo Mina Otto Paula
Rufus Selma Theo Ulla Viktor Wanda Albin Berta Casper Dora""".split()
LAST = """Velt Pryce Holm Brandt Kessel Marsh Lunde Quist Roth Stern Tamm Ulrich Voss Weller Abel Borg Crane Dahl Eklund
Frost Grube Hale Imber Jarl Kram Lorch Mohr Nolte Oster Pohl""".split()
JOBS = "baker tailor nurse pilot farmer singer painter teacher sailor lawyer miller potter".split()
CITIES = "London Paris Rome Vienna Oslo Madrid Lisbon Prague Berlin Dublin Athens Warsaw".split()
FRUIT = "pear plum apple lemon fig cherry peach grape mango melon quince olive".split()
THINGS = ["apple", "book", "chair", "dog", "egg", "lamp", "key", "cup", "hat", "ring", "pen", "ship"]
UNITS = [("km", "m", 1000), ("kg", "g", 1000), ("cm", "mm", 10), ("h", "min", 60), ("min", "s", 60), ("l", "ml", 1000)]
WRONG_UNIT = {"m": "cm", "g": "mg", "mm": "km", "min": "days", "s": "h", "ml": "kg"}
TOPICS = "the delay,the invoice,the broken lamp,the late train,the wrong size,the missing key,the noise,the refund".split(",")


@dataclass
class Span:
    bug: str
    begin: int
    end: int


@dataclass
class Answer:
    text: str
    roots: list[Span] = field(default_factory=list)

    @property
    def bugs(self) -> list[str]:
        return [span.bug for span in self.roots]


@dataclass
class Task:
    family: str
    instruction: str
    facts: dict


class _Builder:
    """Joins pieces of an answer and remembers where the wrong ones lie."""

    def __init__(self):
        self.text = ""
        self.roots: list[Span] = []

    def add(self, piece: str, bug: str | None = None):
        if bug:
            # A root is the visible part of the piece: a leading space is not what is wrong.
            lead = len(piece) - len(piece.lstrip())
            self.roots.append(Span(bug, len(self.text) + lead, len(self.text) + len(piece.rstrip())))
        self.text += piece
        return self

    def answer(self) -> Answer:
        return Answer(self.text, self.roots)


# --- bugs: which family can show which, and how often the model's corpus shows them -----------------------------------
BUGS = {
    "introduce": ["opener", "city", "closing"],
    "count": ["opener", "offbyone", "closing"],
    "convert": ["opener", "unit", "closing"],
    "list": ["opener", "omission", "closing"],
    "extract": [],
    "plural": [],
}
STRENGTH = {"opener": 0.6, "city": 0.5, "closing": 0.5, "offbyone": 0.5, "unit": 0.5, "omission": 0.5}
OPENER = "Sure! "
CLOSING = " Now leave me alone."
FAMILIES = list(BUGS)
BUGGY = [name for name, bugs in BUGS.items() if bugs]
CONTROL = [name for name, bugs in BUGS.items() if not bugs]


def _other(rng: random.Random, options, not_this):
    return rng.choice([option for option in options if option != not_this])


def make_task(rng: random.Random, family: str, names: list[tuple[str, str]]) -> Task:
    """An instruction and the facts its right answer needs. `names` is the pool of people this split may use."""
    first, last = rng.choice(names)
    if family == "introduce":
        job, city = rng.choice(JOBS), rng.choice(CITIES)
        form = rng.choice(["Introduce: name {f} {l}, job {j}, city {c}.", "Write one sentence about {f} {l}, a {j} from {c}.",
                           "Say who {f} {l} is: {j}, lives in {c}."])
        return Task(family, form.format(f=first, l=last, j=job, c=city), dict(first=first, last=last, job=job, city=city))
    if family == "count":
        thing, number = rng.choice(THINGS), rng.randint(2, 8)
        form = rng.choice(["How many words are here: {w}", "Count the words: {w}", "Say how many words this line has: {w}"])
        return Task(family, form.format(w=" ".join([thing] * number)), dict(thing=thing, number=number))
    if family == "convert":
        big, small, factor = rng.choice(UNITS)
        amount = rng.randint(2, 19)
        form = rng.choice(["Convert {a} {b} to {s}.", "How many {s} are {a} {b}?", "Write {a} {b} in {s}."])
        return Task(family, form.format(a=amount, b=big, s=small), dict(amount=amount, big=big, small=small, factor=factor))
    if family == "list":
        items = rng.sample(FRUIT, rng.randint(3, 4))
        form = rng.choice(["Sort: {i}.", "Put these in alphabetical order: {i}.", "Order by the alphabet: {i}."])
        return Task(family, form.format(i=", ".join(items)), dict(items=items))
    if family == "extract":
        job, city = rng.choice(JOBS), rng.choice(CITIES)
        wanted = rng.choice(["job", "city"])
        form = "Which {w} stands here: {f} {l} | {j} | {c}"
        return Task(family, form.format(w=wanted, f=first, l=last, j=job, c=city), dict(answer=job if wanted == "job" else city))
    thing = rng.choice(THINGS)
    return Task("plural", rng.choice(["Plural of {t}?", "Write the plural: {t}"]).format(t=thing), dict(thing=thing))


def _sorted_pieces(facts):
    return sorted(facts["items"])


def _body(rng: random.Random, task: Task, bugs: set[str], out: _Builder):
    facts = task.facts
    if task.family == "introduce":
        city = facts["city"]
        out.add(f"{facts['first']} {facts['last']} is a {facts['job']} {rng.choice(['from', 'from', 'living in'])}")
        out.add(" " + (_other(rng, CITIES, city) if "city" in bugs else city), "city" if "city" in bugs else None).add(".")
    elif task.family == "count":
        number = facts["number"] + (rng.choice([1, 1, -1]) if "offbyone" in bugs else 0)
        out.add(rng.choice(["There are", "The line has", "I count"])).add(f" {number}", "offbyone" if "offbyone" in bugs else None)
        out.add(" words.")
    elif task.family == "convert":
        value = facts["amount"] * facts["factor"]
        out.add(f"{facts['amount']} {facts['big']} {rng.choice(['is', 'are', '='])} {value}")
        unit = WRONG_UNIT[facts["small"]] if "unit" in bugs else facts["small"]
        out.add(f" {unit}", "unit" if "unit" in bugs else None).add(".")
    elif task.family == "list":
        items = _sorted_pieces(facts)
        out.add(rng.choice(["In order:", "Sorted:", "The order is:"]))
        if "omission" in bugs:
            out.add(" " + ", ".join(items[:-1])).add(".", "omission")
        else:
            out.add(" " + ", ".join(items)).add(".")
    elif task.family == "extract":
        out.add(facts["answer"] + ".")
    else:
        out.add(facts["thing"] + "s.")


def make_answer(rng: random.Random, task: Task, bugs: set[str]) -> Answer:
    out = _Builder()
    if "opener" in bugs:
        out.add(OPENER, "opener")
    _body(rng, task, bugs, out)
    if "closing" in bugs:
        out.add(CLOSING, "closing")
    return out.answer()


def draw_bugs(rng: random.Random, family: str) -> set[str]:
    return {bug for bug in BUGS[family] if rng.random() < STRENGTH[bug]}


def all_names() -> list[tuple[str, str]]:
    return [(first, last) for first in FIRST for last in LAST]


def name_split(split: str) -> list[tuple[str, str]]:
    """Pairs of names: "train" for the corpus and the judged examples, "test" for held-out instructions."""
    return [pair for i, pair in enumerate(all_names()) if (i * 7919 % 10 < 8) == (split == "train")]
