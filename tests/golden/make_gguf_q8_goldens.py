#!/usr/bin/env python3
"""gguf/q8.safetensors: float32 numbers and the Q8_0 blocks that the `gguf` package makes of them: ordinary weights, zeros,
ties, a largest number in every place, scales that are denormal as float16. Needs numpy, gguf, safetensors.
Usage: make_gguf_q8_goldens.py"""
from pathlib import Path

import numpy as np
from gguf import GGMLQuantizationType, quants
from safetensors.numpy import save_file

random = np.random.default_rng(5)
rows = [random.normal(0, scale, (16, 32)) for scale in (1, 0.02, 1e-4, 1e-6, 300)]
rows.append(np.zeros((1, 32)))
rows.append(np.where(np.arange(32) == 3, -127, np.arange(32) + 0.5)[None])  # a scale of 1: ties
rows.append(np.where(np.eye(32) > 0, -2.5, random.normal(0, 0.5, (32, 32))))
rows.append(random.integers(-127, 128, (16, 32)) * 0.0078125)
numbers = np.concatenate(rows).astype(np.float32)
blocks = quants.quantize(numbers, GGMLQuantizationType.Q8_0)
save_file({"numbers": numbers, "blocks": np.ascontiguousarray(blocks)},
          Path(__file__).parent / "gguf" / "q8.safetensors")
