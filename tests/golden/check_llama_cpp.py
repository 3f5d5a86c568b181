#!/usr/bin/env python3
"""What stet-trainer exports, in llama.cpp: base with adapter in one GGUF file, the adapter alone on the base's file, and Q8_0.

    python3 -m venv ~/llama && ~/llama/bin/pip install xllamacpp==2026.10.11549 gguf safetensors    # 34 MB, llama.cpp is in the wheel
    ~/llama/bin/python tests/golden/check_llama_cpp.py STET_TRAINER [MODEL_FOLDER…]

Models: the example's, each MODEL_FOLDER given, and the tiny random decoder of each family in tests/golden/gguf, as the folder that
`merge` makes of it. The adapter is random, on every linear layer. Of each model are compared, llama.cpp with stet-trainer on the folder:
- the ids of texts that are hard to cut, and of a chat through the model's template;
- the greedy answer of base + adapter in one file, and of the adapter on the base's file: each token is Stet's own choice after those
  before it; of a real model the text is that of `stet-trainer generate`, too;
- F32: the log-probabilities of all tokens (of large vocabularies the likeliest 1000) at every position of that answer (EXACT);
- Q8_0: the same within the format's own rounding. The weights' part of it is what Stet finds between the Q8_0 file and the folder.
  llama.cpp rounds what the weights multiply to Q8_0, too. An error of rounding is a step's 1/sqrt(12), a step largest/127 of a block:
  relative to the block's numbers crest/(127·sqrt(12)), in root mean squares, crest = largest/root mean square, which is at most
  sqrt(32). Both errors go through the same products: the second is at most sqrt(32)/crest(weights) of the first, and together,
  independent, they are at most sqrt(1 + 32/crest²) of it, in the root mean square over the answer's log-probabilities.
"""
import json
import math
import pathlib
import struct
import subprocess
import sys
import tempfile
import unicodedata
import urllib.request

import numpy as np
import xllamacpp
from gguf import GGMLQuantizationType, GGUFReader
from safetensors.numpy import load_file, save_file

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent
INSTRUCTION, TOKENS = "Introduce: name Mara Velt, job baker, city Lunden.", 24
ALPACA = ("Below is an instruction that describes a task. Write a response that appropriately completes the request.\n\n"
          "### Instruction:\n{instruction}\n\n### Response:\n")
# No "</s>": llama.cpp takes it for a token of control whatever the file says, and in Gemma's it is none.
TEXTS = ["Hello, world!", "  two spaces, 12345 and don't", "line\n\n\n  next\tTab", "Ünïcödé 🦙 日本語 e\u0301", "a <b> c [INST] hi [/INST]",
         "<|im_start|>user", "x" * 40, " ", "\n"]
CHAT = [{"role": "user", "content": "Hi  there,\n\nwho are you?"}, {"role": "assistant", "content": " A model."},
        {"role": "user", "content": "12 + 3?"}]
# float32 sums in another order. llama.cpp looks Gemma's GELU up in a table of float16: a relative error of 2^-11 in each.
EXACT = {"gelu": 1e-2, "silu": 1e-3}
# What config.json of a tiny family says otherwise than the golden. llama.cpp leaves Phi-3's window aside.
CHANGES = {"phi3": {"sliding_window": None}}
VARIANTS = {"qwen2 with YaRN": ("qwen2", {"rope_scaling": {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 32},
                                          "max_position_embeddings": 32}),
            "gemma3, windows of its own": ("gemma3", {"layer_types": [f"{'full' if i % 3 == 0 else 'sliding'}_attention" for i in range(7)]}),
            "phi3, one rope": ("phi3", {"sliding_window": None, "rope_scaling": None})}


class Stet:
    def __init__(self, trainer, work):
        self.trainer, self.work = trainer, work

    def run(self, *arguments):
        done = subprocess.run([self.trainer, *map(str, arguments)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if done.returncode != 0:
            raise SystemExit(f"stet-trainer {' '.join(map(str, arguments))}: {done.stderr}")

    def lines(self, command, lines, *arguments):
        (self.work / "in.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
        self.run(command, "--in", self.work / "in.jsonl", "--out", self.work / "out", *arguments)
        return self.work / "out"

    def ids(self, model, texts):
        out = self.lines("tokenize", [{"text": text} for text in texts], "--model", model)
        return [json.loads(line)["ids"] for line in out.read_text().splitlines()]

    def chat(self, model, messages):
        out = json.loads(self.lines("tokenize", [{"messages": messages}], "--chat", "--model", model).read_text())
        return out["prompt"], out["ids"]

    def answer(self, model, adapter):
        out = self.lines("generate", [{"id": 1, "instruction": INSTRUCTION}], "--model", model, *adapter, "--device", "cpu", "--dtype",
                         "float32", "--prompt-style", "alpaca", "--max-new-tokens", TOKENS)
        return json.loads(out.read_text())["output"]

    def logprobs(self, model, adapter, ids):
        out = self.lines("logits", [{"id": "x", "ids": ids}], "--model", model, *adapter, "--device", "cpu", "--dtype", "float32")
        return log_softmax(load_file(out)["x"])


class LlamaCpp:
    """llama.cpp's server within this process; keys and values in float32."""

    def __init__(self, path, adapter=None):
        params = xllamacpp.CommonParams()
        params.model.path = str(path)
        params.n_ctx = params.n_batch = 512
        params.n_parallel = params.cpuparams.n_threads = 1
        params.port, params.verbosity, params.warmup = 0, 0, False
        params.cache_type_k = params.cache_type_v = xllamacpp.ggml_type.GGML_TYPE_F32
        params.flash_attn_type = xllamacpp.llama_flash_attn_type.LLAMA_FLASH_ATTN_TYPE_DISABLED
        if adapter is not None:
            params.lora_adapters = [xllamacpp.CommonAdapterLoraInfo(str(adapter), 1.0)]
        self.server = xllamacpp.Server(params)

    def ask(self, path, **fields):
        request = urllib.request.Request(self.server.listening_address + path, json.dumps(fields).encode(),
                                         {"Content-Type": "application/json"})
        with urllib.request.urlopen(request) as reply:
            return json.loads(reply.read())

    def ids(self, text, chat=False):
        return self.ask("/tokenize", content=text, add_special=not chat, parse_special=chat)["tokens"]

    def complete(self, prompt, tokens, likeliest):
        return self.ask("/completion", prompt=prompt, n_predict=tokens, temperature=0, n_probs=likeliest, return_tokens=True)

    def answer(self, prompt, likeliest):
        """Its ids, its text, and by position the ids of the likeliest tokens with their log-probabilities."""
        reply = self.complete(prompt, TOKENS, 0)
        ids, steps = reply["tokens"], {}
        for k in range(len(ids)):
            # One by one: of a token that ends within a character the server says no probabilities.
            for step in self.complete(prompt + ids[:k], 1, likeliest).get("completion_probabilities", [])[:1]:
                steps[k] = (np.array([one["id"] for one in step["top_logprobs"]]),
                            np.array([one["logprob"] for one in step["top_logprobs"]]))
        return ids, reply["content"], steps


def log_softmax(logits):
    logits = logits.astype(np.float64)
    top = logits.max(-1, keepdims=True)
    return logits - top - np.log(np.exp(logits - top).sum(-1, keepdims=True))


def shapes(folder):
    """Of the weights, without their numbers: bfloat16 is nothing numpy knows."""
    with open(folder / "model.safetensors", "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
    return {name: entry["shape"] for name, entry in header.items() if name != "__metadata__"}


def make_adapter(folder, model, strength, rank=4, alpha=8):
    generator = np.random.default_rng(3)
    tensors, targets = {}, set()
    for name, shape in shapes(model).items():
        if name.endswith("proj.weight"):
            stem = "base_model.model." + name.removesuffix(".weight")
            targets.add(name.split(".")[-2])
            tensors[stem + ".lora_A.weight"] = (generator.standard_normal((rank, shape[1])) / math.sqrt(shape[1])).astype(np.float32)
            tensors[stem + ".lora_B.weight"] = (generator.standard_normal((shape[0], rank)) * strength).astype(np.float32)
    folder.mkdir()
    save_file(tensors, folder / "adapter_model.safetensors")
    config = {"peft_type": "LORA", "task_type": "CAUSAL_LM", "r": rank, "lora_alpha": alpha, "target_modules": sorted(targets)}
    (folder / "adapter_config.json").write_text(json.dumps(config))


def crest(path):
    """Of the weights' blocks, root mean square: largest over root mean square, as 8-bit numbers say it (127 is the largest)."""
    squares = []
    for tensor in GGUFReader(path).tensors:
        if tensor.tensor_type == GGMLQuantizationType.Q8_0:
            blocks = tensor.data.reshape(-1, 34)[:, 2:].view(np.int8).astype(np.float64)
            mean = (blocks**2).mean(1)
            squares.append(127**2 / mean[mean > 0])
    return math.sqrt(np.concatenate(squares).mean()) if squares else None


class Found:
    def __init__(self, name):
        self.name, self.parts, self.sound = name, [], True

    def note(self, what, good):
        self.parts.append(what if good else what + " NOT SOUND")
        self.sound = self.sound and bool(good)

    def say(self):
        print(f"{self.name}: {'; '.join(self.parts)}", flush=True)
        return self.sound


def check_ids(stet, model, llama, found):
    # llama.cpp never composes characters: for such tokenizers the texts come composed.
    composes = (json.loads((model / "tokenizer.json").read_text())["normalizer"] or {}).get("type") == "NFC"
    texts = [unicodedata.normalize("NFC", text) if composes else text for text in TEXTS]
    wrong = [text for text, ids in zip(texts, stet.ids(model, texts)) if llama.ids(text) != ids]
    found.note(f"ids of {len(TEXTS)} texts" + (f" but {wrong}" if wrong else ""), not wrong)
    if json.loads(subprocess.run([stet.trainer, "describe", "--model", str(model)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                 check=True).stdout)["chat_template"]:
        prompt, ids = stet.chat(model, CHAT)
        found.note("of a chat", llama.ids(prompt, chat=True) == ids)


def far_from(expected, start, steps):
    """Differences of log-probabilities, of all steps together."""
    return np.concatenate([logprobs - expected[start + k][ids] for k, (ids, logprobs) in steps.items()])


def check_answer(stet, model, adapter, prompt, what, llama, real, exact, found):
    likeliest = min(stet.logprobs(model, [], prompt).shape[1], 1000)
    ids, text, steps = llama.answer(prompt, likeliest)
    expected = stet.logprobs(model, adapter, prompt + ids)
    start = len(prompt) - 1
    own = all(expected[start + k].max() - expected[start + k][one] < 2 * exact for k, one in enumerate(ids))
    found.note(f"{what}: {len(ids)} tokens are Stet's", own and len(steps) > 4)
    if real:
        answer = stet.answer(model, adapter)
        found.note(f"{text!r}" + ("" if text.strip() == answer.strip() else f" but Stet says {answer!r}"), text.strip() == answer.strip())
    far = np.abs(far_from(expected, start, steps)).max()
    plain = stet.logprobs(model, [], prompt + ids)
    effect = np.abs(far_from(plain, start, steps)).max()
    found.note(f"log-probabilities differ by {far:.1e}, the adapter's effect is {effect:.1g}", far < exact < effect / 10)


def check_rounding(stet, model, adapter, prompt, path, found):
    peak = crest(path)
    if peak is None:
        return  # rows too short for its blocks
    rms = lambda numbers: math.sqrt((numbers**2).mean())
    ids, _, steps = LlamaCpp(path).answer(prompt, min(stet.logprobs(model, [], prompt).shape[1], 1000))
    expected, rounded = (stet.logprobs(*which, prompt + ids) for which in ((model, adapter), (path, [])))
    start = len(prompt) - 1
    own = rms(np.concatenate([(rounded - expected)[start + k][which] for k, (which, _) in steps.items()]))
    far, limit = rms(far_from(expected, start, steps)), math.sqrt(1 + 32 / peak**2) * own
    found.note(f"Q8_0 differs by {far:.1e}, at most {limit:.1e} (its weights' rounding {own:.1e}, crest {peak:.2f})", far < limit)


def check(stet, name, model, real):
    work, found = stet.work, Found(name)
    adapter = ["--adapter", work / "adapter"]
    make_adapter(work / "adapter", model, 0.02 if real else 0.2)
    for kind, options, out in (("F32", [], "base"), ("F32", adapter, "both"), ("Q8_0", adapter, "q8")):
        stet.run("export", "--model", model, *options, "--gguf", kind, "--out", work / f"{out}.gguf")
    stet.run("export", "--model", model, *adapter, "--gguf-adapter", "--out", work / "alone.gguf")
    config = json.loads((model / "config.json").read_text())
    exact = EXACT["gelu" if "gemma" in config["model_type"] else "silu"]
    prompt = stet.ids(model, [(ALPACA if real else "{instruction}\n").replace("{instruction}", INSTRUCTION)])[0]
    for what, files in (("one file", ["both"]), ("adapter on base", ["base", "alone"])):
        llama = LlamaCpp(*[work / f"{file}.gguf" for file in files])
        if len(files) == 1:
            check_ids(stet, model, llama, found)
        check_answer(stet, model, adapter, prompt, what, llama, real, exact, found)
    check_rounding(stet, model, adapter, prompt, work / "q8.gguf", found)
    return found.say()


def folder_of(stet, path, out):
    """A GGUF file's folder: what `merge` makes of it with an adapter that does nothing."""
    down = next(tensor for tensor in GGUFReader(path).tensors if tensor.name == "blk.0.ffn_down.weight")
    length, width = map(int, down.shape)
    nothing = stet.work / "nothing"
    nothing.mkdir()
    stem = "base_model.model.model.layers.0.mlp.down_proj"
    save_file({stem + ".lora_A.weight": np.zeros((1, length), np.float32), stem + ".lora_B.weight": np.zeros((width, 1), np.float32)},
              nothing / "adapter_model.safetensors")
    (nothing / "adapter_config.json").write_text(json.dumps({"peft_type": "LORA", "r": 1, "lora_alpha": 1, "target_modules": ["down_proj"],
                                                               "layers_to_transform": [0]}))
    stet.run("merge", "--model", path, "--adapter", nothing, "--dtype", "float32", "--out", out)
    return out


def main():
    trainer, folders = str(pathlib.Path(sys.argv[1]).resolve()), [pathlib.Path(folder).resolve() for folder in sys.argv[2:]]
    sound = True
    for model in [ROOT / "resources" / "example" / "model", *folders]:
        with tempfile.TemporaryDirectory() as work:
            sound = check(Stet(trainer, pathlib.Path(work)), model.name, model, True) and sound
    names = sorted(path.stem for path in (HERE / "gguf").glob("*.gguf") if not path.name.startswith(("parts", "llama-super")))
    for name, (golden, changes) in {**{name: (name, CHANGES.get(name, {})) for name in names}, **VARIANTS}.items():
        with tempfile.TemporaryDirectory() as work:
            stet = Stet(trainer, pathlib.Path(work))
            folder = folder_of(stet, HERE / "gguf" / f"{golden}.gguf", stet.work / "folder")
            config = json.loads((folder / "config.json").read_text())
            (folder / "config.json").write_text(json.dumps({**config, **changes}))
            sound = check(stet, name, folder, False) and sound
    sys.exit(0 if sound else 1)


if __name__ == "__main__":
    main()
