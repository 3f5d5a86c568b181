"""Which words light up under their own judgment, on any model and any file of judgments: every contrast against the
truth, beside what another response's judgment lights up. The headless interface does the scoring (docs/evidence.md)."""

from __future__ import annotations

import hashlib
import json
import math
import os
import re
import subprocess
import tempfile

from .measure import TRAINER, _lines, _write

OTHERS = 4
LAMBDAS = (1.1, 1.5, 2.0)
RATES = (0.02, 0.01, 0.005)
SHARES = (0.02, 0.05, 0.10)
CONTEXTS = ("plain", "judged", "praised", "correction")
QUOTED = re.compile("|".join([r'"([^"\n]{2,300})"', "“([^”\n]{2,300})”", "‘([^’\n]{2,300})’", r"`([^`\n]{2,300})`",
                              r"(?<!\w)'([^'\n]{2,300}?)'(?!\w)"]))


def read(path):
    """Criticised records of a CUT file (an array) or of JSON Lines, each with the number of its line, from 0."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    records = json.loads(text) if text.lstrip().startswith("[") else [json.loads(line) for line in text.splitlines() if line.strip()]
    return [{**record, "line": line} for line, record in enumerate(records)
            if record.get("output") and record.get("judgment") and "$ERROR$" not in record["judgment"]]


def quoted_spans(output, judgment):
    """Where the words that the judgment quotes stand in the output: (begin, end) in code points, whole words only."""
    spans = set()
    for match in QUOTED.finditer(judgment):
        words = next(group for group in match.groups() if group is not None).strip().rstrip(".,;:!?…").strip()
        if len(words) > 1:
            before, after = (r"\b" if words[i].isalnum() else "" for i in (0, -1))
            spans |= {place.span() for place in re.finditer(before + re.escape(words) + after, output, re.IGNORECASE)}
    return sorted(spans)


def truth_spans(record):
    marked = [(mark["begin"], mark["end"]) for mark in record.get("marks") or [] if mark["mark"] == "flag"]
    return marked or quoted_spans(record["output"], record["judgment"])


def ring(records, seed=42):
    """The order of docs/method.md, in which a response's other judgments follow its own."""
    return sorted(records, key=lambda record: hashlib.sha256(f"{seed}:{record['line']}".encode()).hexdigest())


def others(ordered, place, count=OTHERS):
    found = []
    for step in range(1, len(ordered)):
        judgment = ordered[(place + step) % len(ordered)]["judgment"]
        if judgment != ordered[place]["judgment"] and judgment not in found:
            found.append(judgment)
        if len(found) == count:
            break
    return found


def contrasts(own, judged_by_others):
    """Scores per contrast, higher = rather flagged: under the own judgment, and under each other judgment as if it were
    the own (D5's mean is then that of the remaining ones). own: log-probabilities by context."""
    plain, praised, correction = own["plain"], own["praised"], own["correction"]

    def odds(value):
        value = min(value, -1e-6)
        return value - math.log(-math.expm1(value))

    def less(a, b):
        return [x - y for x, y in zip(a, b)]

    def as_if(judged, rest):
        scores = {"D1": less(judged, plain), "D2": less(judged, praised),
                  "D3": less(map(odds, judged), map(odds, plain))}
        if rest:
            scores["D5"] = less(judged, [sum(column) / len(rest) for column in zip(*rest)])
        return scores

    mine = as_if(own["judged"], judged_by_others)
    mine["D4"] = less(plain, correction)
    mine["−log p (placebo)"] = [-value for value in plain]
    if judged_by_others:
        mine["another's judgment (placebo)"] = less(judged_by_others[0], plain)
    theirs = [as_if(judged, judged_by_others[:k] + judged_by_others[k + 1:]) for k, judged in enumerate(judged_by_others)]
    return mine, theirs


def auc(scores, truth):
    """The chance that a true token stands above another; ties count half. None without both kinds."""
    positives = sum(truth)
    if not positives or positives == len(truth):
        return None
    order = sorted(range(len(scores)), key=scores.__getitem__)
    ranks, begin = 0.0, 0
    while begin < len(order):
        end = begin
        while end < len(order) and scores[order[end]] == scores[order[begin]]:
            end += 1
        ranks += sum(truth[k] for k in order[begin:end]) * (begin + 1 + end) / 2
        begin = end
    return (ranks - positives * (positives + 1) / 2) / (positives * (len(truth) - positives))


def above(share, values):
    """The value that at most this share of the values exceeds."""
    return sorted(values, reverse=True)[min(len(values) - 1, int(share * len(values)))]


def above_alone(share, pairs):
    """The smallest threshold from 0 on that at most this share of the pairs (another's score, own score) straddles: lit by
    another's judgment and not by the own. Where answers share mistakes, what both light up is no false alarm."""
    allowed = share * len(pairs)
    if _straddles(0.0, pairs) <= allowed:
        return 0.0
    crossing = [pair for pair in pairs if pair[0] > pair[1]]
    steps = sorted([(own, 1) for _, own in crossing] + [(other, -1) for other, _ in crossing])
    straddling = 0
    for k, (score, step) in enumerate(steps):
        straddling += step
        whole = k + 1 == len(steps) or steps[k + 1][0] > score
        if whole and score > 0 and straddling <= allowed:
            return score
    return math.inf


def _straddles(threshold, pairs):
    return sum(other > threshold >= own for other, own in pairs)


def at(threshold, own, truth, pairs):
    flagged = [score > threshold for score in own]
    right = sum(flag and true for flag, true in zip(flagged, truth))
    return {"lambda": math.exp(min(threshold, 700)), "precision": right / sum(flagged) if any(flagged) else None,
            "recall": right / sum(truth), "own": sum(flagged) / len(flagged),
            "others": sum(other > threshold for other, _ in pairs) / len(pairs) if pairs else None,
            "others_alone": _straddles(threshold, pairs) / len(pairs) if pairs else None}


def row(responses):
    """responses: [(own scores, truth, [scores under each other judgment])]."""
    own = [score for scores, _, _ in responses for score in scores]
    truth = [flag for _, flags, _ in responses for flag in flags]
    pairs = [pair for scores, _, lists in responses for other in lists for pair in zip(other, scores)]
    single = [value for value in (auc(scores, flags) for scores, flags, _ in responses) if value is not None]
    result = {"auc": auc(own, truth), "auc_per_response": sum(single) / len(single) if single else None,
              "by_share": {share: at(above(share, own), own, truth, pairs) for share in SHARES},
              "by_lambda": {value: at(math.log(value), own, truth, pairs) for value in LAMBDAS}, "by_rate": {}, "by_rate_alone": {}}
    if pairs:
        theirs = [other for other, _ in pairs]
        result["by_rate"] = {rate: at(above(rate, theirs), own, truth, pairs) for rate in RATES}
        result["by_rate_alone"] = {rate: at(above_alone(rate, pairs), own, truth, pairs) for rate in RATES}
    return result


def _scored(model, lines, *options):
    with tempfile.TemporaryDirectory() as folder:
        source, out = os.path.join(folder, "in.jsonl"), os.path.join(folder, "out.jsonl")
        _write(source, lines)
        subprocess.run([TRAINER, "score", "--model", model, "--in", source, "--out", out, "--marks", "ignore", *options],
                       check=True, stderr=subprocess.DEVNULL)
        return {line["id"]: line for line in _lines(out) if "id" in line}


def detection(model, path, limit=None, count=OTHERS, style="auto"):
    """The table's rows by contrast. limit: so many responses, the first of the ring that have a truth."""
    ordered = ring(read(path))
    places = [place for place, record in enumerate(ordered) if truth_spans(record)][:limit]
    if not places:
        raise SystemExit(f"{path}: no judgment quotes words that stand in its answer and nothing is marked, so there is "
                         "no truth to compare with; mark spans, or take another file")
    own, foreign = [], []
    for place in places:
        line = {key: ordered[place][key] for key in ("instruction", "input", "output") if ordered[place].get(key)}
        own.append({**line, "id": str(place), "judgment": ordered[place]["judgment"]})
        foreign += [{**line, "id": f"{place} {k}", "judgment": text} for k, text in enumerate(others(ordered, place, count))]
    options = ("--prompt-style", style, "--contrast", "D6")
    scores, under_others = _scored(model, own, "--contexts", ",".join(CONTEXTS), *options), _scored(model, foreign, *options)
    gathered, tokens, positives = {}, 0, 0
    for place in places:
        score = scores.get(str(place))
        rest = [under_others.get(f"{place} {k}") for k in range(count)]
        # A text that is too long is cut in one context and not in another: those rows do not compare.
        rest = [other for other in rest if other and score and len(other["tokens"]) == len(score["tokens"])]
        if not score or not rest:
            continue
        spans = truth_spans(ordered[place])
        truth = [any(begin < token["end"] and token["begin"] < end for begin, end in spans) for token in score["tokens"]]
        mine, theirs = contrasts(score["logprob"], [other["logprob"]["judged"] for other in rest])
        mine["D6"] = score["log_ratio"]
        for scores_of_one, other in zip(theirs, rest):
            scores_of_one["D6"] = other["log_ratio"]
        tokens, positives = tokens + len(truth), positives + sum(truth)
        for name, values in mine.items():
            gathered.setdefault(name, []).append((values, truth, [one[name] for one in theirs if name in one]))
    return {"responses": len(places), "tokens": tokens, "true_share": positives / max(1, tokens),
            "contrasts": {name: row(gathered[name]) for name in sorted(gathered)}}


def _number(value, form=".2f"):
    return "–" if value is None else format(value, form)


def table(result):
    def cells(found):
        line = f"{_number(found['precision'])} / {_number(found['recall'])}, flagged {found['own']:.1%}"
        return line if found["others"] is None else line + f", by others {found['others']:.1%}, by others alone {found['others_alone']:.1%}"

    lines = [f"{result['responses']} responses, {result['tokens']} tokens, {result['true_share']:.1%} of them true; precision / recall"]
    for name, found in result["contrasts"].items():
        lines.append(f"{name}: AUC {_number(found['auc'], '.3f')}, per response {_number(found['auc_per_response'], '.3f')}; "
                     + ", ".join(f"{share:.0%} flagged {_number(one['precision'])} / {_number(one['recall'])}"
                                 for share, one in found["by_share"].items()))
        if "placebo" not in name:
            lines += [f"  λ {value:<4} {cells(one)}" for value, one in found["by_lambda"].items()]
        for kind, title in (("by_rate", "by others"), ("by_rate_alone", "by others alone")):
            lines += [f"  {rate:.1%} {title}: λ {one['lambda']:.2f}, {cells(one)}" for rate, one in found[kind].items()]
    return "\n".join(lines)
