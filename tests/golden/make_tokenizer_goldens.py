#!/usr/bin/env python3
"""Small tokenizers of every kind the `tokenizers` crate reads, and what the same library's Python makes of difficult texts.

    python3 tests/golden/make_tokenizer_goldens.py        # tokenizers 0.23.3

Writes tests/golden/tokenizers/KIND/tokenizer.json and KIND/expected.json: ids and offsets (code points) of every text with
special-token texts as text ("plain"), recognised ("recognised"), with the post-processor's tokens ("added"), and the ids and
ranges of the text as a response (docs/headless.md: encode("\\n" + text) without the ids of "\\n").
"""

import json
import pathlib

from tokenizers import (AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors,
                        trainers)

HERE = pathlib.Path(__file__).parent / "tokenizers"

CORPUS = [
    "The quick brown fox jumps over the lazy dog.", "Write a list of three fruits: apples, pears and plums.",
    "Kosten: 12,50 € je Stück – größer, schöner, älter.", "El niño comió una manzana en la montaña.",
    "def add(a, b):\n    return a + b\n", "人工知能は面白い。今日は良い天気です。", "Привет, как дела? Всё хорошо.",
    "שלום עולם", "مرحبا بالعالم", "I don't think it's what she'd've said.", "1234567890 3.14159 1e-9",
]

TEXTS = [
    "", " ", "  ", "\n", "\n\n", "\t", "a", " a", "a ", "  two  spaces  ", "\nleading newline", "trailing newline\n",
    "Hello, world!", "The quick brown fox jumps over the lazy dog.", "don't can't it's", "1234567890 3.14 -7",
    "def f(x):\n\treturn x**2  # note\n", "人工知能は面白い。", "中文和English混在", "한국어 문장입니다.",
    "\U0001f600 \U0001f469\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466 \U0001f1e9\U0001f1ea \U0001f44d\U0001f3fd",
    "e\u0301 o\u0308 n\u0303 a\u0328\u0301", "\u00e9 \u00f6 \u00f1", "שלום עולם", "مرحبا بالعالم", "\u202ertl\u202c",
    "zero\u200bwidth\u00a0space\u3000wide", "\ufeffmark", "<s>typed</s>", "a</s>b", "[CLS] and [SEP] typed",
    "x<|end|>y <unk> z", "ＦＵＬＬｗｉｄｔｈ ﬁ ligature ½", "ÅNGSTRÖM ẞ ſ İ", "\U00010348 gothic \U0002070e rare",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "control \x01 and \x7f",
]

SPECIALS = ["<unk>", "<s>", "</s>", "<|end|>"]


def bytes_alphabet():
    return ["<0x%02X>" % i for i in range(256)]


def train(tokenizer, trainer):
    tokenizer.train_from_iterator(CORPUS * 3, trainer)
    return tokenizer


def word_piece():
    t = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    t.normalizer = normalizers.BertNormalizer(lowercase=True)
    t.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    t.decoder = decoders.WordPiece()
    train(t, trainers.WordPieceTrainer(vocab_size=320, special_tokens=["[UNK]", "[CLS]", "[SEP]", "</s>"]))
    t.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", t.token_to_id("[CLS]")), ("[SEP]", t.token_to_id("[SEP]"))])
    return t


def unigram():
    t = Tokenizer(models.Unigram())
    t.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    t.pre_tokenizer = pre_tokenizers.Metaspace()
    t.decoder = decoders.Sequence([decoders.ByteFallback(), decoders.Metaspace()])
    train(t, trainers.UnigramTrainer(vocab_size=220, special_tokens=SPECIALS, unk_token="<unk>"))
    # The trainer knows no bytes: they are added to what it made, as SentencePiece's converters do.
    state = json.loads(t.to_str())
    known = {piece for piece, _ in state["model"]["vocab"]}
    state["model"]["vocab"] += [[piece, -20.0] for piece in bytes_alphabet() if piece not in known]
    state["model"]["byte_fallback"] = True
    t = Tokenizer.from_str(json.dumps(state))
    t.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", t.token_to_id("</s>"))])
    return t


def bpe_bytes():
    t = Tokenizer(models.BPE())
    t.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}"
                                   r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    t.decoder = decoders.ByteLevel()
    train(t, trainers.BpeTrainer(vocab_size=400, special_tokens=SPECIALS,
                                 initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    t.post_processor = processors.Sequence([
        processors.ByteLevel(trim_offsets=False),
        processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", t.token_to_id("<s>"))])])
    return t


def bpe_metaspace():
    """As Llama 2's conversion: blanks by the normalizer, unknown characters as bytes."""
    t = Tokenizer(models.BPE(byte_fallback=True, unk_token="<unk>", fuse_unk=True))
    t.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    t.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(),
                                   decoders.Strip(content=" ", left=1, right=0)])
    train(t, trainers.BpeTrainer(vocab_size=560, special_tokens=SPECIALS + bytes_alphabet(), max_token_length=8))
    state = json.loads(t.to_str())
    state["added_tokens"] = [token for token in state["added_tokens"] if not token["content"].startswith("<0x")]
    state["model"]["byte_fallback"] = True
    t = Tokenizer.from_str(json.dumps(state))
    t.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", t.token_to_id("<s>"))])
    return t


def bpe_metaspace_first():
    """Metaspace as pre-tokenizer, a blank before the first piece alone."""
    t = Tokenizer(models.BPE(unk_token="<unk>"))
    t.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first", split=True)
    t.decoder = decoders.Metaspace(prepend_scheme="first")
    train(t, trainers.BpeTrainer(vocab_size=360, special_tokens=SPECIALS))
    t.add_special_tokens([AddedToken("<|user|>", special=True, rstrip=True)])
    return t


def word_level():
    t = Tokenizer(models.WordLevel(unk_token="<unk>"))
    t.normalizer = normalizers.Sequence([normalizers.NFD(), normalizers.StripAccents(), normalizers.Lowercase()])
    t.pre_tokenizer = pre_tokenizers.Whitespace()
    return train(t, trainers.WordLevelTrainer(vocab_size=200, special_tokens=SPECIALS))


KINDS = {"wordpiece": word_piece, "unigram-bytes": unigram, "bpe-bytes": bpe_bytes, "bpe-metaspace": bpe_metaspace,
         "bpe-metaspace-first": bpe_metaspace_first, "wordlevel": word_level}


def encoding(tokenizer, text, plain, added):
    tokenizer.encode_special_tokens = plain
    encoded = tokenizer.encode(text, add_special_tokens=added)
    return {"ids": encoded.ids, "ranges": [list(offset) for offset in encoded.offsets]}


def response(tokenizer, text):
    lead = encoding(tokenizer, "\n", True, False)["ids"]
    joined = encoding(tokenizer, "\n" + text, True, False)
    if joined["ids"][:len(lead)] != lead:
        return encoding(tokenizer, text, True, False)
    ranges = [[max(0, begin - 1), max(0, end - 1)] for begin, end in joined["ranges"][len(lead):]]
    return {"ids": joined["ids"][len(lead):], "ranges": ranges}


def main():
    for kind, make in KINDS.items():
        folder = HERE / kind
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "tokenizer.json"
        make().save(str(path), pretty=False)
        tokenizer = Tokenizer.from_file(str(path))
        cases = [{"text": text,
                  "plain": encoding(tokenizer, text, True, False),
                  "recognised": encoding(tokenizer, text, False, False),
                  "added": encoding(tokenizer, text, True, True),
                  "response": response(tokenizer, text),
                  "decoded": tokenizer.decode(encoding(tokenizer, text, True, False)["ids"], skip_special_tokens=False)}
                 for text in TEXTS]
        lines = ",\n".join(json.dumps(case, ensure_ascii=False, separators=(",", ":")) for case in cases)
        (folder / "expected.json").write_text("[\n" + lines + "\n]\n", encoding="utf-8")
        print(kind, tokenizer.get_vocab_size(), "entries,", len(cases), "texts")


if __name__ == "__main__":
    main()
