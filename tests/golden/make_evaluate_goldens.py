#!/usr/bin/env python3
"""Goldens of `evaluate`: ROUGE by the package rouge-score, stems by NLTK, multiple choice by the Language Model Evaluation
Harness's own tasks and scoring on tests/golden/cut's model (and adapter).

Run with a Python that has rouge-score 0.1.2, nltk, lm-eval 0.4.13, torch, transformers and peft, after make_cut_goldens.py;
writes tests/golden/evaluate/. All texts are made here.
"""
import json
import pathlib
import random
import re

HERE = pathlib.Path(__file__).parent
CUT, OUT = HERE / "cut", HERE / "evaluate"
ROOT = HERE.parent.parent
METRICS = [{"metric": name, "aggregation": "mean", "higher_is_better": True} for name in ("acc", "acc_norm", "acc_bytes")]

ODD_TEXTS = [
    ("", ""), ("", "a word"), ("a word", ""), ("...", "!?"), ("...", "a word"), ("\n\n", "\n"), ("a\n\nb", "\nb\na\n"),
    ("\u0130stanbul \u212aelvin 5\u212a", "i stanbul kelvin 5k"), ("Caf\u00e9 na\u00efve", "caf na ve"), ("\u4f60\u597d world", "\u4f60\u597d"),
    ("don't stop-me now_or never", "don t stop me now or never"), ("A B A B A", "B A B A B"), ("x" * 300, "x" * 300),
    ("\U0001f999 llama \U0001f999", "the llama\u2019s \U0001f999"), ("tab\tand\rreturn\x0bfeed", "tab and return feed"),
    ("stra\u00dfe \u017fharp", "strasse sharp"), ("1,000.50 dollars", "1 000 50 dollar"), ("a a a\nb b b", "a b\na b\na b"),
    ("police killed the gunman", "the gunman killed police"), ("one two three\nfour five", "four five\none three two"),
    ("e\u0301t\u00e9 \u03a3\u03a3", "e t \u03c3\u03c2"), ("yes\r\nno", "yes no"), ("\u2028a\u2028b", "a\u0085b"),
]
SYLLABLES = "ba ce di fo gu hy jla kre st tho ula vow wix yey zzo oe ei ay tr s lo gi al bl".split()
SUFFIXES = ("s es ies ied ed ing eed sses ss y ational tional enci anci izer bli abli alli entli eli ousli ization ation ator alism iveness "
            "fulness ousness aliti iviti biliti fulli logi icate ative alize iciti ical ful ness al ance ence er ic able ible ant "
            "ement ment ent ion sion tion ou ism ate iti ous ive ize e ll lle bled ated izing atted issing alling fizzed ying ays").split()
IRREGULAR = "sky skies dying lying tying news innings inning outings outing cannings canning howe proceed exceed succeed".split()


def english():
    text = "\n".join(path.read_text() for path in sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]))
    return sorted(set(re.findall(r"[a-z]{3,}", text.lower())))


def sentence(draw, words):
    return " ".join(draw.choice(words) for _ in range(draw.randint(1, 9))) + draw.choice([".", "!", "", " ;"])


def pair(draw, words):
    few = draw.sample(words, draw.randint(3, 14))
    lines = [sentence(draw, few) for _ in range(draw.randint(1, 4))]
    other = [sentence(draw, few + draw.sample(words, 2)) if draw.random() < 0.6 else line for line in lines]
    draw.shuffle(other)
    text = draw.choice(["\n", " ", "\n\n"]).join(other)
    return "\n".join(lines), text.title() if draw.random() < 0.2 else text


def rouge_goldens():
    from nltk.stem import porter
    from rouge_score import rouge_scorer

    draw = random.Random(7)
    words = english()
    stemmer = porter.PorterStemmer()
    made = {draw.choice(SYLLABLES) * draw.randint(0, 1) + draw.choice(SYLLABLES) + draw.choice(SUFFIXES) + draw.choice(["", "", "", draw.choice(SUFFIXES)])
            for _ in range(4200)}
    stems = {word: stemmer.stem(word) for word in sorted({*words, *made, *IRREGULAR, "yyyy", "y2k", "1990s", "aaaa", "x86s", "bbed", "12345"})}
    kept = draw.sample(sorted(stems), 3900)
    (OUT / "stems.txt").write_text("".join(f"{word} {stems[word]}\n" for word in sorted({*kept, *IRREGULAR})))

    types = ["rouge1", "rouge2", "rougeL", "rougeLsum"]
    scorers = [rouge_scorer.RougeScorer(types, use_stemmer=stem) for stem in (False, True)]
    wordy = [word for word in words if len(word) > 5]
    with open(OUT / "rouge.jsonl", "w") as file:
        for reference, output in ODD_TEXTS + [pair(draw, wordy) for _ in range(130)]:
            line = {"reference": reference, "output": output}
            for name, scorer in zip(("plain", "stemmed"), scorers):
                scores = scorer.score(reference, output)
                line[name] = [[round(x, 14) for x in scores[kind]] for kind in types]  # precision, recall, f
            file.write(json.dumps(line, separators=(",", ":")) + "\n")
    print(f"{len(kept)} stems, {len(ODD_TEXTS) + 130} pairs")


# One list of items a form, in the fields of the published data.
def arc(draw):
    lines = []
    for i in range(14):
        names = draw.sample(["the sun", "a moon of iron", "wet sand", "Tom", "lily and Anna", "rock", "it is heat", "na\u00efve caf\u00e9 \U0001f999"], draw.choice([3, 4, 4, 5]))
        labels = draw.choice(["ABCDE", "12345"])[: len(names)]
        lines.append({"id": f"q{i}", "question": draw.choice(["What is warm?", "Which of these melts ice? ", "Who \u201csaid\u201d so", "Why? </s> And how?"]),
                      "choices": {"text": names, "label": list(labels)}, "answerKey": draw.choice(labels)})
    return lines


def targets(draw, rights):
    texts = draw.sample(["No.", "It is nothing.", "You grow \u00fc wings", "Tom said so.", "Nobody knows", "The cat sat on the mat.", "I have no comment."], 5)
    labels = [1] * rights + [0] * (5 - rights)
    return {"choices": texts, "labels": labels}


def truthfulqa(draw):
    return [{"question": question, "mc1_targets": targets(draw, 1), "mc2_targets": targets(draw, draw.choice([1, 2, 3]))}
            for question in ("What happens if you eat it?", "Who is Tom?", "Where did it \u201cstart\u201d?", " Is it so? ", "Why?", "What is a \U0001f999?")]


def hellaswag(draw):
    contexts = [("Roof work", "A man is on a roof.", "he"), ("[header] Cook", " [step] Cut the fish. [title] Wash it.", ""),
                ("Sport", "She  runs   fast", "Then MARY [laughs] \u00c9TE"), ("Be kind", "Smile. [title] Say  hello.\u00a0", "\u00e9very day"), ("X", "", "[unclosed bracket"),
                ("Y", "one]", "two [a\nb] three [c] four")]
    lines = []
    for i, (label, first, second) in enumerate(contexts * 2):
        endings = draw.sample(["is using wrap.", "[title] sits  down. [substeps] Then stops.", "is ripping level tiles off.", " starts pulling up roofing. ", "goes on \u00fcber", "the end"], 4)
        lines.append({"ind": 10 * i, "activity_label": label, "ctx_a": first, "ctx_b": second, "ctx": f"{first} {second}", "endings": endings,
                      "source_id": "made", "split": "val", "split_type": "indomain", "label": str(draw.randrange(4))})
    return lines


def mmlu(draw):
    options = ["0", "four", "The cat", "all of  these", "\u03b1 and \u03b2", "None"]
    return [{"question": question, "subject": "abstract_algebra", "choices": draw.sample(options, 4), "answer": draw.randrange(4)}
            for question in ("Find x.", "  What is the order of the group?\n", "Which is true? \u00a0", "Statement 1 | Tom. Statement 2 | Anna.", "A\nB", "Why </s>?") * 2]


def plain(draw):
    long = " ".join(f"{name} went to the shop number {i}." for i in range(16) for name in ("Tom", "Anna"))
    contexts = ["Tom said", "Tom said ", "Anna's \u00a0", "It is a story.\n", "<s>Tom", "", long, "The \U0001f999 </s> sat  \t\n", "x", "  ", "\u4f60\u597d\u3000"]
    lines = []
    for i, context in enumerate(contexts * 2):
        choices = draw.sample(["yes", "\u00fc\u00fc\u00fc\u00fc \u00fc\u00fc", "no, I do not", "\u4f60\u597d\u4f60\u597d", "the mat</s>", "a very long choice of words", " two"], 4)
        lines.append({"id": i, "context": context, "choices": choices, "answers": sorted(draw.sample(range(4), draw.choice([1, 1, 2])))})
    for i, question in enumerate(("Who?", "What is it? ", "")):
        lines.append({"id": f"q{i}", "question": question, "choices": ["Tom", "Anna", "a cat"], "answers": [i]})
    return lines


PLAIN_TASK = {"task": "plain", "output_type": "multiple_choice", "test_split": "test", "doc_to_text": "{{context}}", "doc_to_choice": "choices", "doc_to_target": "answers"}
FORMS = {"plain": (plain, None), "arc": (arc, "arc/arc_easy.yaml"), "truthfulqa-mc1": (truthfulqa, "truthfulqa/truthfulqa_mc1.yaml"),
         "truthfulqa-mc2": (truthfulqa, "truthfulqa/truthfulqa_mc2.yaml"), "hellaswag": (hellaswag, "hellaswag/hellaswag.yaml"),
         "mmlu": (mmlu, "mmlu/default/mmlu_abstract_algebra.yaml")}


def task_of(form, yaml, lines):
    import datasets
    import lm_eval
    from lm_eval.api.task import ConfigurableTask
    from lm_eval.tasks._yaml_loader import load_yaml

    config = dict(PLAIN_TASK) if yaml is None else load_yaml(pathlib.Path(lm_eval.__file__).parent / "tasks" / yaml)
    if yaml is None:
        lines = [{"context": f"Question: {line['question']}\nAnswer:" if "question" in line else line["context"], "choices": line["choices"], "answers": line["answers"]}
                 for line in lines]
    data = datasets.Dataset.from_list(lines)
    config.pop("tag", None)
    config.pop("fewshot_config", None)
    config.update(custom_dataset=lambda **_: {name: data for name in ("train", "validation", "test", "dev")}, dataset_path=None, dataset_name=None, num_fewshot=0)
    if form != "truthfulqa-mc2":  # that task measures itself
        config["metric_list"] = METRICS
    return ConfigurableTask(config=config)


def choice_golden(form, yaml, lines, lm):
    import lm_eval
    from transformers.utils import logging

    logging.set_verbosity_error()
    result = lm_eval.simple_evaluate(model=lm, tasks=[task_of(form, yaml, lines)], bootstrap_iters=10, log_samples=True)
    (name, totals), = result["results"].items()
    samples = sorted(result["samples"][name], key=lambda sample: sample["doc_id"])
    items = [{"context": sample["arguments"][0][0], "continuations": [arguments[1] for arguments in sample["arguments"]],
              "loglikelihoods": [float(ll) for ll, _ in sample["filtered_resps"]],
              **{metric: sample[metric] for metric in ("acc", "acc_norm", "acc_bytes") if metric in sample}} for sample in samples]
    assert len(items) == len(lines)
    summary = {key.split(",")[0]: value for key, value in totals.items() if key.startswith("acc")}
    print(form, summary)
    return {"items": items, "summary": summary}


def choice_goldens():
    import torch
    from lm_eval.models.huggingface import HFLM
    from peft import PeftModel
    from transformers import LlamaForCausalLM, PreTrainedTokenizerFast

    torch.set_num_threads(1)
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(CUT / "model" / "tokenizer.json"), bos_token="<s>", eos_token="</s>")
    base = lambda: LlamaForCausalLM.from_pretrained(CUT / "model", dtype=torch.float32).eval()
    lm = HFLM(pretrained=base(), tokenizer=tokenizer, device="cpu", batch_size=1)
    golden = {}
    for form, (make, yaml) in FORMS.items():
        lines = make(random.Random(form.split("-")[0]))
        (OUT / f"{form.split('-')[0]}.jsonl").write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines))
        golden[form] = choice_golden(form, yaml, lines, lm)
        if form == "arc":
            adapted = PeftModel.from_pretrained(base(), CUT / "start").eval().merge_and_unload()
            golden["arc-adapted"] = choice_golden(form, yaml, lines, HFLM(pretrained=adapted, tokenizer=tokenizer, device="cpu", batch_size=1))
    (OUT / "choices.json").write_text(json.dumps(golden, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    OUT.mkdir(exist_ok=True)
    rouge_goldens()
    choice_goldens()
