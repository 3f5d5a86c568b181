"""The same CUT steps by Stet and by Transformers with PEFT, one after another on one machine: useful tokens a second.

    tests/bench/against_peft.py MODEL EXAMPLES.jsonl [--trainer build/release/bin/stet-trainer] [--steps 4] [--rounds 2]
                                [--device cpu|cuda] [--dtype float32|bfloat16] [--threads 2] [--budget 1024]

MODEL is a Hugging Face folder, EXAMPLES lines of Stet's with judgments. Needs torch, transformers and peft from PyPI in
an environment of one's own (pip install torch transformers peft). PEFT's side is tuned: both contexts of many examples
in one padded batch within the budget, logits at response positions alone, nothing computed twice, a fused AdamW. Both
sides begin with the same kind of adapter (rank 16 on the MLP, B zero), so that the losses of the first step say whether
they did the same work; the run ends with exit 1 where they differ by more than 2 %. Useful tokens are those of the
texts, not of padding. Medians over the rounds; what else runs on the machine runs in both."""
import argparse, json, math, pathlib, statistics, subprocess, sys, tempfile, time

import torch
from peft import LoraConfig, get_peft_model
from tokenizers import Tokenizer
from transformers import AutoModelForCausalLM

BEGIN = "Below is an instruction that describes a task. Write a response "
PLAIN = BEGIN + "that appropriately completes the request.\n\n### Instruction:\n{i}\n\n### Response:\n"
JUDGED = BEGIN + ("to the instruction and the response should match the corresponding judgment.\n\n### Instruction:\n{i}"
                  "\n\n### Judgment:\n{j}\n\n### Response:\n")
BATCH, RANK, LAMBDA, RATE = 8, 16, 1.1, 1e-4


class Texts:
    """Token ids of an example in its contexts, and how many of them are the response."""

    def __init__(self, model, end):
        self.tokenizer, self.end = Tokenizer.from_file(f"{model}/tokenizer.json"), end

    def sequences(self, example):
        instruction = example["instruction"] + ("\n" + example["input"] if example.get("input") else "")
        judgment = example.get("judgment")
        prompts = [PLAIN.replace("{i}", instruction)]
        if judgment is not None:
            prompts.append(JUDGED.replace("{i}", instruction).replace("{j}", judgment))
        rows = []
        for prompt in prompts:
            begin = self.tokenizer.encode(prompt).ids
            answer = self.tokenizer.encode(example["output"], add_special_tokens=False).ids + [self.end]
            rows.append((begin + answer, len(answer)))
        return rows


def cut_loss(plain, judged):
    """L = (L1 + L2) / 2 with flags of the step (arXiv 2312.14591, Eq. 5 to 7)."""
    flagged = (judged.detach() - plain.detach()) > math.log(LAMBDA)
    unlikely = torch.log(-torch.expm1(plain.clamp(max=-1e-6)))
    return (-torch.where(flagged, unlikely, plain).mean() - judged.mean()) / 2


class Peft:
    def __init__(self, arguments, dtype):
        model = AutoModelForCausalLM.from_pretrained(arguments.model, dtype=dtype, attn_implementation="sdpa").to(arguments.device)
        config = LoraConfig(r=RANK, lora_alpha=RANK, lora_dropout=0.0, target_modules=["gate_proj", "up_proj", "down_proj"], task_type="CAUSAL_LM")
        self.model = get_peft_model(model, config).train()
        self.trained = [p for p in self.model.parameters() if p.requires_grad]
        self.optimizer = torch.optim.AdamW(self.trained, lr=RATE, weight_decay=0, fused=True)
        self.device, self.budget = arguments.device, arguments.budget

    def groups(self, items):
        """Longest first, so that little is padded; rows times the longest within the budget."""
        groups, longest, rows = [], 0, 0
        for item in sorted(items, key=lambda item: -max(len(ids) for ids, _ in item)):
            length = max(longest, *(len(ids) for ids, _ in item))
            if not groups or (rows + len(item)) * length > self.budget:
                groups.append([])
                length, rows = max(len(ids) for ids, _ in item), 0
            groups[-1].append(item)
            longest, rows = length, rows + len(item)
        return groups

    def log_probs(self, group):
        rows = [row for item in group for row in item]
        length = max(len(ids) for ids, _ in rows)
        ids = torch.zeros(len(rows), length, dtype=torch.long)
        mask = torch.zeros_like(ids)
        for k, (tokens, _) in enumerate(rows):
            ids[k, :len(tokens)], mask[k, :len(tokens)] = torch.tensor(tokens), 1
        hidden = self.model.base_model.model.model(ids.to(self.device), attention_mask=mask.to(self.device)).last_hidden_state.flatten(0, 1)
        places = torch.cat([torch.arange(k * length + len(t) - n - 1, k * length + len(t) - 1) for k, (t, n) in enumerate(rows)])
        targets = torch.tensor([t for tokens, n in rows for t in tokens[-n:]], device=self.device)
        logits = self.model.base_model.model.lm_head(hidden[places.to(self.device)]).float()
        picked = torch.log_softmax(logits, -1).gather(-1, targets[:, None])[:, 0]
        return picked.split([n for _, n in rows])

    def step(self, items):
        self.optimizer.zero_grad()
        total = 0.0
        for group in self.groups(items):
            values, loss = iter(self.log_probs(group)), 0
            for item in group:
                loss = loss + (-next(values).mean() if len(item) == 1 else cut_loss(next(values), next(values)))
            (loss / len(items)).backward()
            total += loss.item()
        torch.nn.utils.clip_grad_norm_(self.trained, 1.0)
        self.optimizer.step()
        return total / len(items)

    def run(self, batches):
        seconds, losses = [], []
        for batch in batches:
            begin = time.perf_counter()
            losses.append(self.step(batch))
            seconds.append(time.perf_counter() - begin)
        return seconds, losses


def run_stet(arguments, lines):
    with tempfile.TemporaryDirectory() as folder:
        settings = {"model": str(pathlib.Path(arguments.model).resolve()), "objective": "cut", "flags": "current", "imitate": 1,
                    "empty_flags": "imitate", "lambda": LAMBDA, "epochs": 1, "positive_ratio": -1, "shuffle": False, "batch_size": BATCH,
                    "prompt_style": "alpaca", "device": arguments.device, "dtype": arguments.dtype, "threads": arguments.threads,
                    "lora": {"r": RANK, "alpha": RANK, "dropout": 0}, "optimizer": {"lr": RATE}}
        pathlib.Path(folder, "round.json").write_text(json.dumps(settings))
        pathlib.Path(folder, "examples.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
        done = subprocess.run([arguments.trainer, "round", folder], capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"stet-trainer: {done.stderr[-500:]}")
        steps = [json.loads(line) for line in open(f"{folder}/log.jsonl")]
        return [step["seconds"] for step in steps], [step["loss"] for step in steps]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model"), parser.add_argument("examples")
    parser.add_argument("--trainer", default="build/release/bin/stet-trainer")
    parser.add_argument("--steps", type=int, default=4), parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--device", default="cpu"), parser.add_argument("--dtype", default="float32")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads()), parser.add_argument("--budget", type=int, default=1024)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    lines = [json.loads(line) for line in open(arguments.examples)][:BATCH * arguments.steps]
    config = json.load(open(f"{arguments.model}/config.json"))
    end = config["eos_token_id"]
    texts = Texts(arguments.model, end[0] if isinstance(end, list) else end)
    items = [texts.sequences(line) for line in lines]
    batches = [items[i:i + BATCH] for i in range(0, len(items), BATCH)]
    tokens = sum(len(ids) for item in items for ids, _ in item)
    seconds, losses = {"PEFT": [], "Stet": []}, {}
    for _ in range(arguments.rounds):
        for name, run in (("PEFT", lambda: Peft(arguments, getattr(torch, arguments.dtype)).run(batches)), ("Stet", lambda: run_stet(arguments, lines))):
            took, lost = run()
            seconds[name].append(sum(took))
            losses[name] = lost
            print(f"{name}: {tokens / sum(took):.0f} useful tokens/s, {len(took)} steps of {tokens / len(took):.0f} tokens; first losses "
                  + ", ".join(f"{x:.4f}" for x in lost[:2]), flush=True)
    rates = {name: tokens / statistics.median(list_) for name, list_ in seconds.items()}
    print(json.dumps({"tokens": tokens, "tokens_per_second": rates, "ratio": rates["Stet"] / rates["PEFT"]}))
    if abs(losses["Stet"][0] / losses["PEFT"][0] - 1) > 0.02:
        sys.exit(f"The first step's losses differ: {losses['Stet'][0]} and {losses['PEFT'][0]}; the two did not do the same work")


main()
