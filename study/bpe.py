"""A byte-level BPE trainer that writes a Hugging Face tokenizer.json. Digits and newlines are tokens of their own."""

from __future__ import annotations

import collections
import json
import re

# What merges are learned within: GPT-2's splitting without contractions, with single digits and newlines. Finer than the
# one that is written below, whose name GGUF knows: no merge reaches over a cut of this one, so that both give the same ids
# (but for a contraction with letters right behind it, "'dde").
PATTERN = r" ?[A-Za-z]+|\d|\n| ?[^\sA-Za-z\d]|\s"


def byte_characters() -> dict[int, str]:
    """GPT-2's printable stand-ins for the 256 bytes."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    table, extra = {b: chr(b) for b in printable}, 0
    for byte in range(256):
        if byte not in table:
            table[byte] = chr(256 + extra)
            extra += 1
    return table


def train(texts, vocab_size: int):
    """(vocabulary by token, merges), most frequent pair first; ties by the pair's text, so the result is one."""
    table = byte_characters()
    words = collections.Counter()
    for text in texts:
        for word in re.findall(PATTERN, text):
            words["".join(table[b] for b in word.encode())] += 1
    vocabulary = ["<s>", "</s>"] + sorted(table.values(), key=ord)
    split = {word: list(word) for word in words}
    merges = []
    while len(vocabulary) < vocab_size:
        pairs = collections.Counter()
        for word, count in words.items():
            pieces = split[word]
            for pair in zip(pieces, pieces[1:]):
                pairs[pair] += count
        if not pairs:
            break
        best = min(pairs.items(), key=lambda item: (-item[1], item[0]))[0]
        merges.append(best)
        vocabulary.append(best[0] + best[1])
        for word, pieces in split.items():
            if best[0] in pieces:
                split[word] = _merge(pieces, best)
    return {token: i for i, token in enumerate(vocabulary)}, merges


def _merge(pieces, pair):
    merged, i = [], 0
    while i < len(pieces):
        if i + 1 < len(pieces) and (pieces[i], pieces[i + 1]) == pair:
            merged.append(pair[0] + pair[1])
            i += 2
        else:
            merged.append(pieces[i])
            i += 1
    return merged


def tokenizer_json(vocabulary, merges) -> str:
    special = lambda i, text: {"id": i, "content": text, "single_word": False, "lstrip": False, "rstrip": False,
                               "normalized": False, "special": True}
    begin = {"SpecialToken": {"id": "<s>", "type_id": 0}}
    return json.dumps({
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": [special(0, "<s>"), special(1, "</s>")],
        "normalizer": None,
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
            {"type": "Digits", "individual_digits": True},
            {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": False, "use_regex": True}]},
        "post_processor": {"type": "TemplateProcessing", "single": [begin, {"Sequence": {"id": "A", "type_id": 0}}],
                           "pair": [begin, {"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
                           "special_tokens": {"<s>": {"id": "<s>", "ids": [0], "tokens": ["<s>"]}}},
        "decoder": {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True},
        "model": {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None, "end_of_word_suffix": None,
                  "fuse_unk": False, "byte_fallback": False, "ignore_merges": False, "vocab": vocabulary,
                  "merges": [f"{a} {b}" for a, b in merges]},
    }, ensure_ascii=False, indent=0)
