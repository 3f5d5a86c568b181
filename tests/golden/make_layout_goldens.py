#!/usr/bin/env python3
"""Goldens of layouts: settings with the sizes of published models, as their config.json spells them, with the parameters, tensor
names and shapes that Transformers gives them (made without weights), the context length they state, and what each layer sees.

Run with a Python that has torch and transformers; writes tests/golden/layouts.json.
"""
import hashlib
import json
import pathlib

import torch
from transformers import AutoModelForCausalLM
from transformers.models.auto.configuration_auto import CONFIG_MAPPING
from transformers.utils import logging

logging.set_verbosity_error()
OUT = pathlib.Path(__file__).parent / "layouts.json"


def sizes(kind, architecture, hidden, inner, layers, heads, kv, vocab, positions, eps, **more):
    return dict(model_type=kind, architectures=[architecture], hidden_size=hidden, intermediate_size=inner,
                num_hidden_layers=layers, num_attention_heads=heads, num_key_value_heads=kv, vocab_size=vocab,
                max_position_embeddings=positions, rms_norm_eps=eps, **more)


LLAMA3 = {"factor": 8.0, "high_freq_factor": 4.0, "low_freq_factor": 1.0, "original_max_position_embeddings": 8192,
          "rope_type": "llama3"}
LLAMA, MISTRAL = "LlamaForCausalLM", "MistralForCausalLM"
CONFIGS = {
    "Llama 2 7B": sizes("llama", LLAMA, 4096, 11008, 32, 32, 32, 32000, 4096, 1e-5, rope_scaling=None, pretraining_tp=1,
                        hidden_act="silu", torch_dtype="float16", tie_word_embeddings=False),
    "Llama 3.1 8B": sizes("llama", LLAMA, 4096, 14336, 32, 32, 8, 128256, 131072, 1e-5, rope_theta=500000.0, rope_scaling=LLAMA3,
                          attention_bias=False, mlp_bias=False, torch_dtype="bfloat16"),
    "Llama 3.2 1B": sizes("llama", LLAMA, 2048, 8192, 16, 32, 8, 128256, 131072, 1e-5, rope_theta=500000.0, head_dim=64,
                          rope_scaling={**LLAMA3, "factor": 32.0}, tie_word_embeddings=True, torch_dtype="bfloat16"),
    "Mistral 7B v0.1": sizes("mistral", MISTRAL, 4096, 14336, 32, 32, 8, 32000, 32768, 1e-5, rope_theta=10000.0,
                             sliding_window=4096, torch_dtype="bfloat16"),
    "Mistral 7B v0.3": sizes("mistral", MISTRAL, 4096, 14336, 32, 32, 8, 32768, 32768, 1e-5, rope_theta=1e6, sliding_window=None),
    "Mistral Nemo 12B": sizes("mistral", MISTRAL, 5120, 14336, 40, 32, 8, 131072, 1024000, 1e-5, rope_theta=1e6, head_dim=128,
                              sliding_window=None),
    "Qwen2.5 0.5B": sizes("qwen2", "Qwen2ForCausalLM", 896, 4864, 24, 14, 2, 151936, 32768, 1e-6, rope_theta=1e6,
                          tie_word_embeddings=True, use_sliding_window=False, sliding_window=32768, max_window_layers=24),
    "Qwen2.5 7B": sizes("qwen2", "Qwen2ForCausalLM", 3584, 18944, 28, 28, 4, 152064, 32768, 1e-6, rope_theta=1e6,
                        use_sliding_window=False, sliding_window=131072, max_window_layers=28),
    "Qwen3 0.6B": sizes("qwen3", "Qwen3ForCausalLM", 1024, 3072, 28, 16, 8, 151936, 40960, 1e-6, rope_theta=1e6, head_dim=128,
                        tie_word_embeddings=True, attention_bias=False, use_sliding_window=False, sliding_window=None,
                        max_window_layers=28),
    "Qwen3 8B": sizes("qwen3", "Qwen3ForCausalLM", 4096, 12288, 36, 32, 8, 151936, 40960, 1e-6, rope_theta=1e6, head_dim=128,
                      attention_bias=False, use_sliding_window=False, sliding_window=None, max_window_layers=36),
    "Gemma 2 2B": sizes("gemma2", "Gemma2ForCausalLM", 2304, 9216, 26, 8, 4, 256000, 8192, 1e-6, head_dim=256, rope_theta=10000.0,
                        hidden_act="gelu_pytorch_tanh", hidden_activation="gelu_pytorch_tanh", query_pre_attn_scalar=256,
                        sliding_window=4096, attn_logit_softcapping=50.0, final_logit_softcapping=30.0),
    "Gemma 2 27B": sizes("gemma2", "Gemma2ForCausalLM", 4608, 36864, 46, 32, 16, 256000, 8192, 1e-6, head_dim=128,
                         rope_theta=10000.0, query_pre_attn_scalar=144, sliding_window=4096, attn_logit_softcapping=50.0,
                         final_logit_softcapping=30.0),
    "Gemma 3 1B": sizes("gemma3_text", "Gemma3ForCausalLM", 1152, 6912, 26, 4, 1, 262144, 32768, 1e-6, head_dim=256,
                        rope_theta=1000000, rope_local_base_freq=10000, rope_scaling=None, query_pre_attn_scalar=256,
                        sliding_window=512, sliding_window_pattern=6, attn_logit_softcapping=None, final_logit_softcapping=None),
    "Phi-3-mini 4k": sizes("phi3", "Phi3ForCausalLM", 3072, 8192, 32, 32, 32, 32064, 4096, 1e-5, rope_theta=10000.0,
                           rope_scaling=None, sliding_window=2047, original_max_position_embeddings=4096,
                           auto_map={"AutoConfig": "configuration_phi3.Phi3Config",
                                     "AutoModelForCausalLM": "modeling_phi3.Phi3ForCausalLM"}),
    "Phi-4-mini": sizes("phi3", "Phi3ForCausalLM", 3072, 8192, 32, 24, 8, 200064, 131072, 1e-5, rope_theta=10000.0,
                        partial_rotary_factor=0.75, original_max_position_embeddings=4096, sliding_window=262144,
                        tie_word_embeddings=True, rope_scaling={"type": "longrope", "short_factor": [1] * 48,
                                                                "long_factor": [1 + n for n in range(48)]}),
    "OLMo 2 7B": sizes("olmo2", "Olmo2ForCausalLM", 4096, 11008, 32, 32, 32, 100352, 4096, 1e-6, rope_theta=500000),
    "Granite 3.1 2B": sizes("granite", "GraniteForCausalLM", 2048, 8192, 40, 32, 8, 49152, 131072, 1e-5, rope_theta=5000000.0,
                            attention_multiplier=0.015625, embedding_multiplier=12.0, logits_scaling=8.0,
                            residual_multiplier=0.22, tie_word_embeddings=True),
}


def layout(config):
    settings = {name: value for name, value in json.loads(json.dumps(config)).items() if name != "auto_map"}
    with torch.device("meta"):
        model = AutoModelForCausalLM.from_config(CONFIG_MAPPING[config["model_type"]].from_dict(settings))
    parameters = dict(model.named_parameters())
    lines = [f"{name} {list(value.shape)}" for name, value in sorted(parameters.items())]
    window = getattr(model.config, "sliding_window", None)
    types = getattr(model.config, "layer_types", None) or ["sliding_attention" if window else "full_attention"] * \
        model.config.num_hidden_layers
    return {"parameters": sum(value.numel() for value in parameters.values()),
            "tensors": len(lines), "sha256": hashlib.sha256("\n".join(lines).encode()).hexdigest(),
            "sliding_layers": sum(kind == "sliding_attention" for kind in types) if window else 0}


def main():
    rows = [{"name": name, "config": config, **layout(config)} for name, config in CONFIGS.items()]
    OUT.write_text(json.dumps(rows, indent=1) + "\n")
    for row in rows:
        print(f"{row['name']:18} {row['parameters']:>14,} parameters in {row['tensors']} tensors, {row['sliding_layers']} layers with a window")


if __name__ == "__main__":
    main()
