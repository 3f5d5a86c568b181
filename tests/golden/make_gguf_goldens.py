#!/usr/bin/env python3
"""GGUF files of every architecture, number type and tokenizer that is read, and what other programs make of them.

    python3 tests/golden/make_gguf_goldens.py        # torch 2.11, transformers 5.24, gguf 0.19, tokenizers 0.23.3

Writes tests/golden/gguf/:
- blocks.safetensors: random blocks of each type ("Q4_K.blocks", bytes) and the numbers `gguf` makes of them ("Q4_K.numbers").
- NAME.gguf, NAME.safetensors ("ids", "logits"): a tiny random decoder of Transformers, written as llama.cpp's converter writes it
  (conversion/*.py: names, q and k of llama and granite paired, Gemma's norms plus one, Llama 3's and LongRoPE's factors as tensors), and
  the logits of that decoder with the numbers the file really holds. float32, CPU. Texts are longer than windows and original contexts.
  Where Transformers reads the architecture from GGUF itself and all the file says, its logits are checked to be the same.
- parts-0000N-of-00003.gguf: one of them in parts.
- tokenizers/NAME.gguf without tensors, NAME-ids.json: ids of difficult texts. Of `tokenizer.ggml.pre` names that Transformers knows its own
  reading; else the `tokenizers` library with the pre-tokenizer of the original model (digits one by one, composed form).
"""
import json
import pathlib
import shutil

import gguf
import numpy as np
import torch
from gguf import GGMLQuantizationType as Q
from safetensors.torch import save_file
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
from transformers import AutoConfig, AutoModelForCausalLM
from transformers.utils import logging

from make_tokenizer_goldens import CORPUS, TEXTS

logging.set_verbosity_error()
logging.disable_progress_bar()

OUT = pathlib.Path(__file__).parent / "gguf"
QUANTISED = [Q.Q8_0, Q.Q4_0, Q.Q4_1, Q.Q5_0, Q.Q5_1, Q.Q4_K, Q.Q5_K, Q.Q6_K]
# Where a block has its float16 scales; elsewhere any bytes will do.
SCALES = {Q.Q8_0: [0], Q.Q4_0: [0], Q.Q4_1: [0, 2], Q.Q5_0: [0], Q.Q5_1: [0, 2], Q.Q4_K: [0, 2], Q.Q5_K: [0, 2], Q.Q6_K: [208]}
VOCABULARY, LENGTH, HIDDEN = 288, 32, 32


def random_blocks(kind, count, generator, scale=None):
    blocks = generator.integers(0, 256, (count, gguf.GGML_QUANT_SIZES[kind][1]), dtype=np.uint8)
    for at in SCALES[kind]:
        halves = generator.integers(0, 0x7C00, count, dtype=np.uint16)  # every finite one, subnormal ones, too
        halves |= generator.integers(0, 2, count, dtype=np.uint16) << 15
        if scale is not None:
            halves = (generator.standard_normal(count) * scale).astype(np.float16).view(np.uint16)
        blocks[:, at:at + 2] = halves.view(np.uint8).reshape(count, 2)
    return blocks


def make_blocks():
    generator = np.random.default_rng(7)
    tensors = {}
    for kind in QUANTISED:
        blocks = random_blocks(kind, 12, generator)
        tensors[f"{kind.name}.blocks"] = torch.from_numpy(blocks)
        tensors[f"{kind.name}.numbers"] = torch.from_numpy(gguf.dequantize(blocks, kind).reshape(-1))
    every = np.arange(65536, dtype=np.uint16)
    for kind, dtype in ((Q.F16, torch.float16), (Q.BF16, torch.bfloat16)):
        halves = torch.from_numpy(every[::31].copy()).view(dtype)
        halves = halves[torch.isfinite(halves.float())]
        tensors[f"{kind.name}.blocks"] = halves.view(torch.uint8)
        tensors[f"{kind.name}.numbers"] = halves.float()
    numbers = torch.randn(16, generator=torch.Generator().manual_seed(1))
    tensors["F32.blocks"], tensors["F32.numbers"] = numbers.clone().view(torch.uint8), numbers
    save_file(tensors, OUT / "blocks.safetensors")


# Tokenizers -----------------------------------------------------------------------------------------------------------

def byte_level_vocabulary(size):
    """Merges learned without cutting the text, so that where it is cut shows in the ids."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    trainer = trainers.BpeTrainer(vocab_size=size, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
    tokenizer.train_from_iterator([*CORPUS, *TEXTS] * 2, trainer)
    model = json.loads(tokenizer.to_str())["model"]
    tokens = sorted(model["vocab"], key=model["vocab"].get)
    return tokens, [" ".join(merge) for merge in model["merges"]]


def write_byte_level(writer, pre, size, bos=False):
    tokens, merges = byte_level_vocabulary(size - 4)
    tokens = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"] + tokens + ["<think>"]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(pre)
    writer.add_token_list(tokens)
    writer.add_token_types([3, 3, 3] + [1] * (len(tokens) - 4) + [4])
    writer.add_token_merges(merges)
    writer.add_bos_token_id(0)
    writer.add_eos_token_id(2)
    writer.add_add_bos_token(bos)
    return len(tokens)


def write_sentence_piece(writer, size, space_prefix=True):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.Replace(" ", "\u2581")
    trainer = trainers.BpeTrainer(vocab_size=size, show_progress=False)
    tokenizer.train_from_iterator([*CORPUS, *TEXTS] * 2, trainer)
    vocabulary = tokenizer.get_vocab()
    specials = ["<pad>", "</s>", "<s>", "<unk>"]
    pieces = [piece for piece in sorted(vocabulary, key=vocabulary.get) if piece not in [*specials, "\n\n"]][:size - 262]
    tokens = specials + [f"<0x{i:02X}>" for i in range(256)] + pieces + ["\n\n", "<end_of_turn>"]
    types = [3, 3, 3, 2] + [6] * 256 + [1] * len(pieces) + [4, 3]
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(tokens)
    # SentencePiece's scores: a longer piece, learned later, has a lower one; those of specials mean nothing.
    writer.add_token_scores([0.0] * 260 + [-float(i) for i in range(len(pieces))] + [-1000.0] * 2)
    writer.add_token_types(types)
    writer.add_bos_token_id(2)
    writer.add_eos_token_id(1)
    writer.add_unk_token_id(3)
    writer.add_pad_token_id(0)
    writer.add_add_bos_token(True)
    writer.add_add_space_prefix(space_prefix)
    return len(tokens)


def their_ids(path):
    """As Transformers reads the file."""
    from transformers import AutoTokenizer
    tokenizer = AutoTokenizer.from_pretrained(path.parent, gguf_file=path.name)
    return tokenizer._tokenizer


def original(path, normalizer, pre_tokenizer):
    """The same vocabulary with the parts of the model's original tokenizer."""
    tokenizer = their_ids(path)
    if normalizer is not None:
        tokenizer.normalizer = normalizer
    if pre_tokenizer is not None:
        tokenizer.pre_tokenizer = pre_tokenizer
    return tokenizer


def digits():
    return pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)])


def make_tokenizers():
    folder = OUT / "tokenizers"
    folder.mkdir()
    cases = {name: ("gpt2", name, "llama", None, None) for name in ("llama-bpe", "tekken", "gpt-4o", "dbrx", "gpt-2")}
    cases["qwen2"] = ("gpt2", "qwen2", "qwen2", normalizers.NFC(), None)
    cases["smollm"] = ("gpt2", "smollm", "llama", None, digits())
    cases["refact"] = ("gpt2", "refact", "llama", None, digits())
    cases["sentencepiece"] = ("llama", "", "llama", None, None)
    cases["sentencepiece-phi3"] = ("llama", "", "phi3", None, None)
    cases["sentencepiece-gemma"] = ("llama", "", "gemma2", None, None)
    for name, (kind, pre, architecture, normalizer, pre_tokenizer) in cases.items():
        path = folder / f"{name}.gguf"
        writer = gguf.GGUFWriter(path, architecture)
        bos = pre in ("llama-bpe", "tekken")
        write_byte_level(writer, pre, 640, bos) if kind == "gpt2" else \
            write_sentence_piece(writer, 760, space_prefix=architecture != "gemma2")
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.close()
        tokenizer = original(path, normalizer, pre_tokenizer)
        expected = [{"text": text, "ids": tokenizer.encode(text, add_special_tokens=True).ids} for text in TEXTS]
        (folder / f"{name}-ids.json").write_text(json.dumps(expected, ensure_ascii=False, indent=0) + "\n")


# Models ---------------------------------------------------------------------------------------------------------------

BASE = dict(model_type="llama", vocab_size=VOCABULARY, hidden_size=HIDDEN, intermediate_size=64, num_hidden_layers=2,
            num_attention_heads=4, num_key_value_heads=2, head_dim=8, max_position_embeddings=128, tie_word_embeddings=False,
            rms_norm_eps=1e-5, rope_theta=10000.0, bos_token_id=0, eos_token_id=2)
GEMMA = dict(query_pre_attn_scalar=8, sliding_window=9, tie_word_embeddings=True)
LONG = dict(rope_type="longrope", rope_theta=10000.0, short_factor=[1.0, 1.25, 1.5], long_factor=[1.25, 2.5, 4.0],
            partial_rotary_factor=0.75, original_max_position_embeddings=24)
LLAMA3 = dict(rope_type="llama3", rope_theta=500000.0, factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
              original_max_position_embeddings=8192)
# name: (architecture, types of the matrices in turn, what config.json says, whether Transformers reads it so itself)
CASES = {
    "llama": ("llama", [Q.Q8_0], dict(rope_parameters=LLAMA3, max_position_embeddings=131072), False),
    "llama-tied": ("llama", [Q.F16, Q.F32], dict(tie_word_embeddings=True, num_key_value_heads=4), True),
    "llama-super": ("llama", [Q.Q8_0], dict(intermediate_size=256, num_hidden_layers=3), True),
    "llama-biases": ("llama", [Q.Q5_0], dict(attention_bias=True, mlp_bias=True), False),
    "mistral": ("llama", [Q.Q4_0], dict(model_type="mistral", sliding_window=None, rope_theta=1e6), True),
    "qwen2": ("qwen2", [Q.Q4_0, Q.Q8_0], dict(model_type="qwen2", tie_word_embeddings=True), True),
    "qwen3": ("qwen3", [Q.Q5_0], dict(model_type="qwen3", head_dim=16), False),
    "gemma2": ("gemma2", [Q.Q4_1], dict(GEMMA, model_type="gemma2", attn_logit_softcapping=5.0, final_logit_softcapping=12.0), False),
    "gemma3": ("gemma3", [Q.Q5_1], dict(GEMMA, model_type="gemma3_text", num_hidden_layers=7, rope_parameters={
        "full_attention": dict(rope_type="linear", factor=8.0, rope_theta=1e6),
        "sliding_attention": dict(rope_type="default", rope_theta=10000.0)}), False),
    "phi3": ("phi3", [Q.Q8_0], dict(model_type="phi3", num_key_value_heads=4, sliding_window=11, rope_parameters=LONG,
                                    original_max_position_embeddings=24), False),
    "olmo2": ("olmo2", [Q.BF16], dict(model_type="olmo2"), False),
    "granite": ("granite", [Q.F16], dict(model_type="granite", embedding_multiplier=6.0, logits_scaling=0.6,
                                         residual_multiplier=0.4, attention_multiplier=0.15), False),
}


def make_model(fields):
    settings = dict(BASE, **fields)
    if "rope_parameters" in settings:
        del settings["rope_theta"]
    config = AutoConfig.for_model(settings.pop("model_type"), pad_token_id=0, **settings)
    model = AutoModelForCausalLM.from_config(config, dtype=torch.float32).eval()
    for name, parameter in model.named_parameters():
        spread = 0.3 if "norm" in name or name.endswith("bias") else 0.15
        torch.nn.init.normal_(parameter, 0.0, spread)
        if "norm" in name and "gemma" not in config.model_type:
            parameter.data += 1
    return model, config


def paired(rows, heads):
    return rows.reshape(heads, 2, rows.shape[0] // heads // 2, *rows.shape[1:]).swapaxes(1, 2).reshape(rows.shape)


def unpaired(rows, heads):
    return rows.reshape(heads, rows.shape[0] // heads // 2, 2, *rows.shape[1:]).swapaxes(1, 2).reshape(rows.shape)


def changes(architecture, name, config):
    """What the converter does to a tensor, and its undoing."""
    if architecture in ("llama", "granite") and (".q_proj." in name or ".k_proj." in name):
        heads = config.num_attention_heads if ".q_proj." in name else config.num_key_value_heads
        return (lambda rows: paired(rows, heads)), (lambda rows: unpaired(rows, heads))
    if architecture.startswith("gemma") and name.endswith("norm.weight"):
        return (lambda norm: norm + np.float32(1)), (lambda norm: norm - np.float32(1))
    return (lambda x: x), (lambda x: x)


def write_settings(writer, config, architecture):
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    head = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    rope = config.rope_parameters
    full = rope.get("full_attention", rope)
    writer.add_rope_freq_base(full["rope_theta"])
    if architecture in ("qwen3", "gemma2", "gemma3"):
        writer.add_key_length(head)
        writer.add_value_length(head)
    if architecture in ("llama", "granite"):
        writer.add_rope_dimension_count(head)
    if architecture in ("gemma2", "gemma3", "phi3"):
        writer.add_sliding_window(config.sliding_window)
    if architecture == "gemma2":
        writer.add_attn_logit_softcapping(config.attn_logit_softcapping)
        writer.add_final_logit_softcapping(config.final_logit_softcapping)
    if full["rope_type"] == "linear":
        writer.add_rope_scaling_type(gguf.RopeScalingType.LINEAR)
        writer.add_rope_scaling_factor(full["factor"])
    if architecture == "phi3":
        writer.add_rope_dimension_count(int(full["partial_rotary_factor"] * head))
        writer.add_rope_scaling_orig_ctx_len(full["original_max_position_embeddings"])
        writer.add_tensor("rope_factors_long.weight", np.array(full["long_factor"], dtype=np.float32))
        writer.add_tensor("rope_factors_short.weight", np.array(full["short_factor"], dtype=np.float32))
    if architecture == "granite":
        writer.add_attention_scale(config.attention_multiplier)
        writer.add_embedding_scale(config.embedding_multiplier)
        writer.add_residual_scale(config.residual_multiplier)
        writer.add_logit_scale(config.logits_scaling)
    if full["rope_type"] == "llama3":
        writer.add_tensor("rope_freqs.weight", llama3_factors(full, head))


def llama3_factors(rope, head):
    """As LlamaModel.generate_extra_tensors of llama.cpp."""
    frequencies = 1.0 / (rope["rope_theta"] ** (torch.arange(0, head, 2, dtype=torch.float32) / head))
    context, low, high, factor = 8192, rope["low_freq_factor"], rope["high_freq_factor"], rope["factor"]
    factors = []
    for frequency in frequencies:
        wavelength = 2 * torch.pi / frequency
        smooth = (context / wavelength - low) / (high - low)
        factors.append(1 if wavelength < context / high else factor if wavelength > context / low
                       else 1 / ((1 - smooth) / factor + smooth))
    return np.array(factors, dtype=np.float32)


def write_tensor(writer, name, values, kind, generator):
    """The tensor as the file holds it, and its numbers."""
    if values.ndim == 1:
        kind = Q.F32
    if kind in (Q.Q4_K, Q.Q5_K, Q.Q6_K):  # the package only reads these
        rows, length = values.shape
        data = random_blocks(kind, rows * length // 256, generator, scale=0.0005).reshape(rows, -1)
    else:
        data = gguf.quantize(values, kind)
    writer.add_tensor(name, data, raw_dtype=kind)
    return gguf.dequantize(data, kind).reshape(values.shape).astype(np.float32)


def make_case(name, architecture, kinds, fields, theirs):
    torch.manual_seed(len(name) * 31 + ord(name[0]))
    generator = np.random.default_rng(len(name))
    model, config = make_model(fields)
    path = OUT / f"{name}.gguf"
    writer = gguf.GGUFWriter(path, architecture)
    writer.add_name("tiny")  # Transformers takes "mistral" in a name for an architecture that it then does not know
    write_settings(writer, config, architecture)
    if architecture in ("gemma2", "gemma3"):
        assert write_sentence_piece(writer, VOCABULARY, space_prefix=False) == VOCABULARY
    else:
        assert write_byte_level(writer, "qwen2", VOCABULARY) == VOCABULARY
    writer.add_chat_template("{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}")
    names = gguf.get_tensor_name_map(getattr(gguf.MODEL_ARCH, architecture.upper()), config.num_hidden_layers)
    state, held = model.state_dict(), {}
    for index, (tensor, values) in enumerate(state.items()):
        if tensor == "lm_head.weight" and config.tie_word_embeddings:
            continue
        stem, end = tensor.rsplit(".", 1)
        convert, back = changes(architecture, tensor, config)
        kind = kinds[index % len(kinds)]
        if name == "llama-super" and "down_proj" in tensor:
            kind = [Q.Q4_K, Q.Q5_K, Q.Q6_K][int(tensor.split(".")[2])]
        written = write_tensor(writer, f"{names.get_name(stem)}.{end}", convert(values.numpy()), kind, generator)
        held[tensor] = torch.from_numpy(np.ascontiguousarray(back(written)))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    model.load_state_dict(held, strict=False)
    ids = torch.randint(3, VOCABULARY, (1, LENGTH), generator=torch.Generator().manual_seed(5))
    with torch.no_grad():
        logits = model(ids).logits[0]
        if theirs:
            read = AutoModelForCausalLM.from_pretrained(OUT, gguf_file=path.name, dtype=torch.float32).eval()
            difference = (read(ids).logits[0] - logits).abs().max().item()
            assert difference < 1e-4, (name, difference)
    save_file({"ids": ids[0].contiguous(), "logits": logits.contiguous()}, OUT / f"{name}.safetensors")
    print(name, path.stat().st_size, f"logits up to {logits.abs().max():.2f}")


def make_parts():
    """llama-tied in three, as llama.cpp's gguf-split writes them."""
    whole = gguf.GGUFReader(OUT / "llama-tied.gguf")
    tensors = list(whole.tensors)
    for part in range(3):
        writer = gguf.GGUFWriter(OUT / f"parts-{part + 1:05}-of-00003.gguf", "llama")
        writer.add_uint16("split.no", part)
        writer.add_uint16("split.count", 3)
        writer.add_int32("split.tensors.count", len(tensors))
        for key, field in whole.fields.items() if part == 0 else ():
            if not key.startswith("GGUF.") and key != "general.architecture":
                kind = field.types[0]
                writer.add_key_value(key, field.contents(), kind, field.types[-1] if kind == gguf.GGUFValueType.ARRAY else None)
        for tensor in tensors[part::3]:
            writer.add_tensor(tensor.name, tensor.data, raw_dtype=tensor.tensor_type)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()


def main():
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir()
    make_blocks()
    make_tokenizers()
    for name, case in CASES.items():
        make_case(name, *case)
    make_parts()


if __name__ == "__main__":
    main()
