#!/usr/bin/env python3
"""Goldens of chat templates: what Transformers renders for templates written the way the main families write theirs.

Run with a Python that has transformers, tokenizers and jinja2 (TZ=UTC), after make_cut_goldens.py; writes tests/golden/chat/.
The templates are our own: each uses the constructs of the family it is named after, none is a copy. prompts.json holds the
ids of whole prompts, and of answers as they stand in a whole conversation; kinds.json the same for every kind of
tokenizer.json, with special tokens that take white space with them and special tokens that people typed; ends.json the
special token that a template writes behind an answer; tokens.json the special tokens that a folder names; added.json the
ids of texts with tokens that stand only in the files beside tokenizer.json; snippets.json what Jinja and Python make of each line of snippets.txt (the inside of an
expression, or a template).
"""
import json
import pathlib
import shutil
import tempfile
from unittest import mock

import transformers
from tokenizers import Tokenizer
from transformers.utils import chat_template_utils

OUT = pathlib.Path(__file__).parent / "chat"
NOW = 1735732800  # 2025-01-01 12:00 UTC

TEMPLATES = {
    # A loop over messages with role and content between markers.
    "chatml": """{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}""",
    # A default system text, the first message looked at apart, `loop.first`, negated conditions.
    "qwen2-like": """{% for message in messages %}
    {%- if loop.first and messages[0].role != 'system' %}
        {{- '<|im_start|>system\\nYou help.<|im_end|>\\n' }}
    {%- endif %}
    {{- '<|im_start|>' ~ message.role ~ '\\n' ~ message.content | trim ~ '<|im_end|>\\n' }}
{% endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
{%- endif %}
""",
    # Namespaces, a reverse walk, splitting at a marker, string methods, a switch that is given or not.
    "qwen3-like": """{%- set ns = namespace(last=-1, found=false) %}
{%- for message in messages[::-1] %}
    {%- set index = (messages|length - 1) - loop.index0 %}
    {%- if not ns.found and message.role == 'user' and message.content is string and not (message.content.startswith('<tool>') and message.content.endswith('</tool>')) %}
        {%- set ns.last = index %}
        {%- set ns.found = true %}
    {%- endif %}
{%- endfor %}
{%- for message in messages %}
    {%- set content = message.content %}
    {%- if message.role == 'assistant' and '</think>' in content %}
        {%- set reasoning = content.split('</think>')[0].rstrip('\\n').split('<think>')[-1].lstrip('\\n') %}
        {%- set content = content.split('</think>')[-1].lstrip('\\n') %}
        {%- if loop.index0 > ns.last and reasoning %}
            {%- set content = '<think>\\n' + reasoning.strip('\\n') + '\\n</think>\\n\\n' + content %}
        {%- endif %}
    {%- endif %}
    {{- '<|im_start|>' + message.role + '\\n' + content + '<|im_end|>' + '\\n' }}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
    {%- if enable_thinking is defined and enable_thinking is false %}
        {{- '<think>\\n\\n</think>\\n\\n' }}
    {%- endif %}
{%- endif %}
""",
    # Alternation is demanded, the system text goes into the first user turn, BOS and EOS written out for every pair.
    "llama2-like": """{% set start = 1 if messages[0]['role'] == 'system' else 0 %}{% for message in messages[start:] %}{% set expected = 'user' if loop.index0 % 2 == 0 else 'assistant' %}{% if message['role'] != expected %}{{ raise_exception('A ' ~ expected ~ ' was expected, not a ' + message['role']) }}{% endif %}{% set content = message['content'].strip() %}{% if loop.first and start %}{% set content = '<<SYS>>\\n' + messages[0]['content'] + '\\n<</SYS>>\\n\\n' + content %}{% endif %}{% if expected == 'user' %}{{ bos_token ~ '[INST] ' ~ content ~ ' [/INST]' }}{% else %}{{ ' ' ~ content ~ ' ' ~ eos_token }}{% endif %}{% endfor %}""",
    # Dates, tools given as null, macros of none, filters in pipes.
    "llama3-like": """{{- bos_token }}
{%- if not date_string is defined %}
    {%- if strftime_now is defined %}
        {%- set date_string = strftime_now("%d %b %Y") %}
    {%- else %}
        {%- set date_string = "26 Jul 2024" %}
    {%- endif %}
{%- endif %}
{%- if not tools is defined %}
    {%- set tools = none %}
{%- endif %}
{%- if messages[0]['role'] == 'system' %}
    {%- set system_message = messages[0]['content']|trim %}
    {%- set messages = messages[1:] %}
{%- else %}
    {%- set system_message = "" %}
{%- endif %}
{{- "<|start_header_id|>system<|end_header_id|>\\n\\n" }}
{%- if tools is not none %}
    {{- "Environment: ipython\\n" }}
    {%- for t in tools %}
        {{- t | tojson(indent=4) }}
        {{- "\\n\\n" }}
    {%- endfor %}
{%- endif %}
{{- "Today Date: " + date_string + "\\n\\n" }}
{{- system_message }}
{{- "<|eot_id|>" }}
{%- for message in messages %}
    {%- if not (message.role == 'tool' or 'tool_calls' in message) %}
        {{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n'+ message['content'] | trim + '<|eot_id|>' }}
    {%- elif 'tool_calls' in message %}
        {%- if not message.tool_calls|length == 1 %}
            {{- raise_exception("One tool-call at once!") }}
        {%- endif %}
        {%- set call = message.tool_calls[0].function %}
        {{- '{"name": "' + call.name + '", "parameters": ' }}{{- call.arguments | tojson }}{{- "}<|eot_id|>" }}
    {%- else %}
        {{- "<|start_header_id|>ipython<|end_header_id|>\\n\\n" }}
        {%- if message.content is mapping or message.content is iterable %}{{- message.content | tojson }}{%- else %}{{- message.content }}{%- endif %}
        {{- "<|eot_id|>" }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}
{%- endif %}
""",
    # selectattr, list, map, set across scopes, `loop.last`, no generation prompt at all.
    "mistral-like": """{%- set asked = messages | selectattr("role", "equalto", "user") | map(attribute="content") | list %}
{%- set house_rules = messages | selectattr("role", "equalto", "system") | map(attribute="content") | join("\\n") %}
{{- bos_token }}
{%- for message in messages | rejectattr("role", "equalto", "system") %}
    {%- if message["role"] == "user" %}
        {{- "[INST]" + ((house_rules + "\\n\\n") if house_rules and message["content"] == asked[-1] else "") + message["content"] + "[/INST]" }}
    {%- elif message["role"] == "assistant" and not loop.last %}
        {{- message["content"] + eos_token }}
    {%- else %}
        {{- raise_exception("A " ~ message["role"] ~ " can't speak here") }}
    {%- endif %}
{%- endfor %}
""",
    # Roles renamed by a dictionary, the system text refused, trim.
    "gemma-like": """{%- set names = {'assistant': 'model', 'user': 'user'} -%}
{{ bos_token }}{% for message in messages %}{% if message.role not in names %}{{ raise_exception('The role ' + message.role + ' is not known') }}{% endif %}<turn>{{ names[message.role] }}
{{ message.content | trim }}</turn>
{% endfor %}{% if add_generation_prompt %}<turn>model
{% endif %}""",
    # Lines and indentation that trim_blocks and lstrip_blocks must take away.
    "phi3-like": """{% for message in messages %}
    {% if message['role'] == 'system' and message['content'] %}
<|system|>
{{ message['content'] }}<|end|>
    {% elif message['role'] == 'user' %}
<|user|>
{{ message['content'] }}<|end|>
    {% else %}
<|assistant|>
{{ message['content'] }}<|end|>
    {% endif %}
{% endfor %}
{% if add_generation_prompt %}
<|assistant|>
{% else %}
{{ eos_token }}
{% endif %}
""",
    # generation blocks, loop controls.
    "olmo-like": """{{ bos_token }}
{%- for message in messages %}
{%- if message.role == 'tool' %}{% continue %}{% endif %}
{%- if message.role == 'assistant' %}
<|assistant|>
{% generation %}{{ message.content }}{{ eos_token }}{% endgeneration %}

{%- else %}
<|{{ message.role }}|>
{{ message.content }}
{%- endif %}
{%- if loop.index > 5 %}{% break %}{% endif %}
{%- endfor %}
{%- if add_generation_prompt %}

<|assistant|>
{%- endif %}
""",
    # Macros with defaults, recursion over structures, tojson with options, dict methods.
    "granite-like": """{%- macro block(role, text, end='<|end_of_text|>') -%}
<|start_of_role|>{{ role }}<|end_of_role|>{{ text }}{{ end }}
{% endmacro -%}
{%- for message in messages -%}
    {%- if message.content is string -%}
        {{- block(message.role, message.content) -}}
    {%- else -%}
        {{- block(message.role, message.content | tojson(sort_keys=True, separators=(',', ':'))) -}}
    {%- endif -%}
    {%- for key, value in message.items() if key not in ['role', 'content'] %}
        {{- block('extra ' ~ key, value | tojson(ensure_ascii=True), end='') -}}
    {%- endfor -%}
{%- endfor -%}
{%- if add_generation_prompt -%}<|start_of_role|>assistant<|end_of_role|>{%- endif -%}""",
    # What Python prints.
    "python-values": """{{ true }} {{ none }} {{ 1.0 }} {{ 0.5 }} {{ [1, 'a', none, true, 1.5] }} {{ {'a': 1, 'b': [false]} }} {{ 'x' ~ true ~ none ~ 2.0 }} {{ [true, none] | join(',') }} {{ 7 // 2 }} {{ 7 / 2 }} {{ -7 % 3 }} {{ 2 ** 3 }} {{ 'ab' * 2 }} {{ 'abc'[::-1] }} {{ messages | length }} {{ missing }} {{ missing is defined }} {{ messages[0].nothing is none }} {{ messages[0].get('nothing', 'else') }} {{ 'abc' is sequence }} {{ {} is sequence }} {{ messages is sequence }} {{ true is number }} {{ 1 is integer }} {{ true is integer }} {{ range(3) | list }} {{ 'A b'.lower() }} {{ ' a '.strip() }} {{ 'a-b'.replace('-', '+') }} {{ 'a,b'.split(',') }} {{ 'title case'.title() }} {{ [3, 1, 2] | sort }} {{ "it's" }} {{ ["it's"] }} {{ 'a' in 'abc' }} {{ ('a', 'b') | first }} {{ [[1, 2], [3]] | sum(start=[]) }}""",
    # What Python reads of a text in quotes, a line that goes on behind a backslash above all; and methods of str.
    "python-texts": """{%- set rules = "You answer.\\
You don't make up anything, \\"not one\\" thing.\\
" %}{{ rules }}{{ 'a\\/b \\d \\a\\v|\\x41\\101\\u00e9\\U0001f999 \\\\' }}{{ "\\\\\\
c" }}
{{ 'a,b,c'.rsplit(',', 1) }} {{ ' a  b c '.rsplit() }} {{ ' a  b c '.rsplit(none, 1) }} {{ ' a  b c '.rsplit(maxsplit=1) }} {{ 'a,b,c'.rsplit(',') }} {{ 'a=b=c'.partition('=') }} {{ 'a=b=c'.rpartition('=') }} {{ 'abc'.partition('=') }} {{ 'abc'.rpartition('=') }} {{ '<think>x'.removeprefix('<think>') }} {{ 'x</s>'.removesuffix('</s>') }} {{ 'x'.removesuffix('</s>') }} {{ 'hé>llo'.index('l') }} {{ 'hé>llo'.rindex('l') }} {{ '-7'.zfill(4) }} {{ '7'.ljust(3) }}|{{ '7'.rjust(3, '.') }} {{ 'ab'.center(5, '*') }} {{ 'Ab'.swapcase() }} {{ "they're bill's 2nd".title() }}""",
    # Lines that end as on Windows.
    "crlf": "{% for message in messages %}\r\n{{ message.role }}\r\n{% endfor %}\r\nend\r\n",
    # Braces and tags that are text.
    "raw-and-comments": """{# a comment {% if %} #}{% raw %}{{ not replaced }} {% endraw %}{{ '{{' }}{{ messages[0].content }}{{ "{% generation" }}
  {%+ if true %}kept indent{% endif +%}
end""",
}

USER = {"role": "user", "content": "What is 2 + 2?"}
CHATS = {
    "one": [USER],
    "system": [{"role": "system", "content": "  Be brief.\n"}, USER],
    "turns": [USER, {"role": "assistant", "content": "<think>\nEasy.\n</think>\n\n4"}, {"role": "user", "content": "  And 3 + 3? "}],
    "unordered": [{"role": "assistant", "content": "Hello"}, USER],
    "chinese": [{"role": "user", "content": "请把“2 + 2”算出来。🦙 <b>&amp;</b> {{ x }} {% if %}"}],
    "empty": [{"role": "user", "content": ""}],
    "tool": [USER, {"role": "assistant", "content": "", "tool_calls": [{"function": {"name": "add", "arguments": {"a": 2, "b": 2.0, "note": "é<>&'\"\n"}}}]},
             {"role": "tool", "content": {"result": 4, "ok": True, "none": None, "list": []}}],
}
TOOLS = [{"type": "function", "function": {"name": "add", "description": "Adds <two> numbers & more", "parameters": {"type": "object", "properties": {}}}}]


def render(template, context):
    real = chat_template_utils.datetime

    class Frozen(real):
        @classmethod
        def now(cls, tz=None):
            return real.fromtimestamp(NOW, tz)

    with mock.patch.object(chat_template_utils, "datetime", Frozen):
        compiled = chat_template_utils._compile_jinja_template(template)
        return compiled.render(**{key: value for key, value in context.items() if key != "now"})


def cases():
    for name, template in TEMPLATES.items():
        for chat, messages in CHATS.items():
            for prompt in (True, False):
                for tools in ((None, TOOLS) if name == "llama3-like" else (None,)):
                    context = {"messages": messages, "tools": tools, "documents": None, "add_generation_prompt": prompt,
                               "bos_token": "<s>", "eos_token": "</s>", "now": NOW}
                    if name == "qwen3-like" and chat == "turns":
                        context["enable_thinking"] = False
                    case = {"name": f"{name} {chat}{' prompt' if prompt else ''}{' tools' if tools else ''}", "template": name, "context": context}
                    try:
                        case["text"] = render(template, context)
                    except Exception as error:  # what a template raises, and what it trips over
                        case["error"] = str(error)
                    yield case


def make_tokenizer():
    """The tokenizer of tests/golden/cut with its last two tokens exchanged for <|im_start|> and <|im_end|>."""
    tokenizer = json.loads((OUT.parent / "cut" / "model" / "tokenizer.json").read_text(encoding="utf-8"))
    vocabulary = tokenizer["model"]["vocab"]
    first = len(vocabulary) - 2
    tokenizer["model"]["vocab"] = {token: i for token, i in vocabulary.items() if i < first}
    tokenizer["model"]["merges"] = tokenizer["model"]["merges"][:-2]
    for i, text in enumerate(["<|im_start|>", "<|im_end|>"]):
        tokenizer["added_tokens"].append({**tokenizer["added_tokens"][0], "id": first + i, "content": text})
    (OUT / "tokenizer.json").write_text(json.dumps(tokenizer, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


def prompts():
    tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_file=str(OUT / "tokenizer.json"), bos_token="<s>", eos_token="</s>")
    plain = Tokenizer.from_file(str(OUT / "tokenizer.json"))
    special = [i for i, token in tokenizer.added_tokens_decoder.items() if token.special]
    for name in ("chatml", "qwen2-like", "llama2-like", "gemma-like", "phi3-like"):
        for messages in (CHATS["one"], CHATS["chinese"], CHATS["turns"]):
            for answer in ("4", "It is four.\n", " 好的"):
                def ids(chat, prompt):
                    return tokenizer.apply_chat_template(chat, chat_template=TEMPLATES[name], add_generation_prompt=prompt, return_dict=False)

                prompt = ids(messages, True)
                case = {"template": name, "messages": messages, "output": answer, "prompt": prompt}
                whole = ids(messages + [{"role": "assistant", "content": answer}], False)
                stripped = name in ("qwen2-like", "llama2-like", "gemma-like") and answer != answer.strip()
                # The answer as it stands in the whole conversation, where the prompt's ids are its beginning.
                if whole[: len(prompt)] == prompt and not stripped:
                    end = next(n for n in range(len(prompt), len(whole) + 1)
                               if tokenizer.decode(whole[len(prompt):n]).lstrip(" ") == answer.lstrip(" "))
                    case["response"] = whole[len(prompt):end]
                    case["end"] = next((i for i in whole[end:] if i in special), tokenizer.eos_token_id)
                yield case
    # Special tokens that people wrote are text: pieces between the template's own, read without special tokens.
    written = "Say <|im_end|> and </s> twice<|im_end|>"
    plain.encode_special_tokens = True
    text = lambda piece: plain.encode(piece, add_special_tokens=False).ids
    start, end = (tokenizer.convert_tokens_to_ids(token) for token in ("<|im_start|>", "<|im_end|>"))
    ids = [start] + text("user\n" + written) + [end] + text("\n") + [start] + text("assistant\n")
    yield {"template": "chatml", "messages": [{"role": "user", "content": written}], "output": "</s>", "prompt": ids,
           "response": text("assistant\n</s>")[len(text("assistant\n")):], "end": end}


# How special tokens are found: as they stand, with the white space behind or before them, in the normalised text.
MANNERS = {"plain": {}, "rstrip": {"rstrip": True}, "lstrip": {"lstrip": True}, "both": {"lstrip": True, "rstrip": True},
           "normalized": {"normalized": True}}
KIND_TEMPLATES = {
    "phi": """{% for m in messages %}{{ '<|' + m.role + '|>\\n' + m.content + '<|end|>\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>\\n' }}{% endif %}""",
    # The prompt ends in a special token.
    "bare": """<s>{% for m in messages %}{{ '<|' + m.role + '|>' + m.content }}{% if m.role == 'assistant' %}</s>{% endif %}{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}""",
    "llama": """{% for m in messages %}{% if m.role == 'user' %}<s>[INST] {{ m.content | trim }} [/INST]{% else %}{{ ' ' ~ m.content ~ ' </s>' }}{% endif %}{% endfor %}""",
    # White space around the special tokens.
    "wide": """{% for m in messages %}{{ '<|' + m.role + '|> \\n ' + m.content + ' \\n <|end|> ' }}{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}""",
}
# What people type, and the special token in it, which the template must not use.
TYPED = {"phi": [("Hi there", None), ("a </s> b", "</s>"), ("</s>", "</s>"), ("  x<s>y ", "<s>")],
         "bare": [("Hi there", None), ("a <|end|> b", "<|end|>"), ("<|end|>", "<|end|>")],
         "llama": [("Hi there", None), ("a <|end|> b", "<|end|>"), ("<|end|> <|end|>", "<|end|>")],
         "wide": [("Hi there", None), ("a </s> b", "</s>"), (" </s>", "</s>")]}
ANSWERS = ["Hello you", "12 apples\n\n- x", "好的。"]


def kind_tokenizer(kind, manner):
    """The tokenizer.json of make_tokenizer_goldens.py with special tokens for roles, all found in the same manner."""
    tokenizer = json.loads((OUT.parent / "tokenizers" / kind / "tokenizer.json").read_text(encoding="utf-8"))
    added = [token for token in tokenizer["added_tokens"] if token["content"] != "<|user|>"]
    known = {token["content"]: token["id"] for token in added}
    vocabulary = tokenizer["model"]["vocab"]
    following = max(list(known.values()) + [len(vocabulary) - 1]) + 1
    for text in ("<s>", "</s>", "<|end|>", "<|user|>", "<|assistant|>"):
        if text not in known:
            added.append({"id": following, "content": text, "special": True})
            following += 1
    tokenizer["added_tokens"] = [{"id": token["id"], "content": token["content"], "single_word": False, "lstrip": False,
                                  "rstrip": False, "normalized": False, **MANNERS[manner], "special": True} for token in added]
    return tokenizer


def kind_ids(tokenizer, typed, template, messages, prompt):
    """A special token that people typed is text: read by a tokenizer that doesn't know it as one, all ids being the same."""
    def other(token):
        return [token] if token["content"] != typed else [] if typed in vocabulary else [{**token, "content": "qqtypedqq"}]

    vocabulary = dict.fromkeys(entry if isinstance(entry, str) else entry[0] for entry in tokenizer["model"]["vocab"])
    known = {**tokenizer, "added_tokens": [one for token in tokenizer["added_tokens"] for one in other(token)]}
    fast = transformers.PreTrainedTokenizerFast(tokenizer_object=Tokenizer.from_str(json.dumps(known)))
    return fast.apply_chat_template(messages, chat_template=template, add_generation_prompt=prompt, return_dict=False)


def kind_cases(kind, manner, tokenizer):
    ends = [token["id"] for token in tokenizer["added_tokens"] if token["content"] in ("</s>", "<|end|>")]
    for name, template in KIND_TEMPLATES.items():
        for written, typed in TYPED[name]:
            messages = [{"role": "user", "content": written}]
            prompt = kind_ids(tokenizer, typed, template, messages, True)
            case = {"template": name, "written": written, "prompt": prompt, "responses": {}}
            for answer in ANSWERS:
                whole = kind_ids(tokenizer, typed, template, messages + [{"role": "assistant", "content": answer}], False)
                # Where the prompt is no beginning of the whole, an answer has ids of its own.
                end = next((n for n in range(len(prompt), len(whole)) if whole[n] in ends), None)
                begins = whole[: len(prompt)] == prompt and (name != "wide" or manner in ("rstrip", "both"))
                if begins and end is not None:
                    # The template's own white space between answer and end belongs to neither.
                    case["responses"][answer] = {"ids": whole[len(prompt) : end], "whole": name in ("phi", "bare")}
            yield case


def kinds():
    for kind in ("bpe-bytes", "bpe-metaspace", "bpe-metaspace-first", "unigram-bytes", "wordpiece"):
        for manner in MANNERS:
            tokenizer = kind_tokenizer(kind, manner)
            yield {"kind": kind, "manner": manner, "added_tokens": tokenizer["added_tokens"],
                   "cases": list(kind_cases(kind, manner, tokenizer))}


# By name: a template, and the special token that it writes behind an answer (None: it writes none).
ALTERNATE = """{% for m in messages %}{% if (m.role == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Take turns') }}{% endif %}{% endfor %}"""
def roles(end):
    return """{% for m in messages %}{{ '<|' + m.role + '|>' + m.content }}""" + end + "{% endfor %}"


ENDS = {
    "gemma": ("""<bos>{% for m in messages %}{{ '<start_of_turn>' + ('model' if m.role == 'assistant' else m.role) + '\n' + m.content | trim + '<end_of_turn>\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<start_of_turn>model\n' }}{% endif %}""", "<end_of_turn>"),
    "phi3": ("""{% for m in messages %}{{ '<|' + m.role + '|>\n' + m.content + '<|end|>\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>\n' }}{% else %}{{ eos_token }}{% endif %}""", "<|end|>"),
    "chatml, own system text": ("""{% for m in messages %}{% if loop.first and m.role != 'system' %}{{ '<|im_start|>system\nYou help.<|im_end|>\n' }}{% endif %}{{ '<|im_start|>' + m.role + '\n' + m.content + '<|im_end|>\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}""", "<|im_end|>"),
    "a line end before it": ("""{% for m in messages %}{{ '<|im_start|>' + m.role + '\n' + m.content + '\n<|im_end|>\n' }}{% endfor %}""", "<|im_end|>"),
    "a space before it": ("""{% for m in messages %}{% if m.role == 'user' %}{{ '<bos>[INST] ' + m.content + ' [/INST]' }}{% else %}{{ ' ' + m.content | trim + ' </s>' }}{% endif %}{% endfor %}""", "</s>"),
    "an answer can't be last": ("""<bos>{% for m in messages %}{% if m.role == 'user' %}{{ '[INST]' + m.content + '[/INST]' }}{% elif loop.last %}{{ raise_exception('A user speaks last') }}{% else %}{{ m.content + '</s>' }}{% endif %}{% endfor %}""", "</s>"),
    "only before another turn": ("""{% for m in messages %}{{ '<|im_start|>' + m.role + '\n' + m.content }}{% if not loop.last %}<|im_end|>\n{% endif %}{% endfor %}{% if add_generation_prompt %}{{ '<|im_end|>\n<|im_start|>assistant\n' }}{% endif %}""", "<|im_end|>"),
    "only at the very end": (roles("{% if loop.last and m.role == 'assistant' %}</s>{% endif %}") + "{% if add_generation_prompt %}<|assistant|>{% endif %}", "</s>"),
    "the prompt is always written": ("""{% for m in messages %}{{ '<|' + m.role + '|>' + m.content + '<|end|>' }}{% endfor %}<|assistant|>""", "<|end|>"),
    "a system text is wanted": ("""{% if messages[0].role != 'system' %}{{ raise_exception('A system text comes first') }}{% endif %}{% for m in messages %}{{ '<|' + m.role + '|>' + m.content + '<|end|>' }}{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}""", "<|end|>"),
    "one question alone": ("""{% if messages | length > 2 %}{{ raise_exception('One question') }}{% endif %}{{ '<|user|>' + messages[0].content + '<|assistant|>' }}{% if messages | length > 1 %}{{ messages[1].content + '<|end|>' }}{% endif %}""", "<|end|>"),
    "turns in order": (ALTERNATE + roles("<|end|>"), "<|end|>"),
    "the end that begins": ("""{% for m in messages %}{{ m.content + eos_token }}{% endfor %}""", "</s>"),
    "a thought before the answer": ("""{% for m in messages %}{% set c = m.content.split('</think>')[-1].lstrip('\n') if m.role == 'assistant' else m.content %}{{ '<|im_start|>' + m.role + '\n' + c + '<|im_end|>\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n<think>\n\n</think>\n\n' }}{% endif %}""", "<|im_end|>"),
    "words": ("""{% for m in messages %}{{ '### ' + m.role + ':\n' + m.content + '\n\n' }}{% endfor %}{% if add_generation_prompt %}{{ '### assistant:\n' }}{% endif %}""", None),
    "roles alone": (roles("") + "{% if add_generation_prompt %}<|assistant|>{% endif %}", None),
    "roles alone, own system text": ("<bos><|system|>You help." + roles("") + "{% if add_generation_prompt %}<|assistant|>{% endif %}", None),
    "roles alone, the prompt is always written": (roles("") + "<|assistant|>", None),
    "nobody may speak": ("""{{ raise_exception('No') }}""", None),
}
END_TOKENS = ["<bos>", "</s>", "<|end|>", "<|im_start|>", "<|im_end|>", "<start_of_turn>", "<end_of_turn>", "<|system|>",
              "<|user|>", "<|assistant|>", "[INST]", "[/INST]"]


def end_tokenizer():
    tokenizer = json.loads((OUT.parent / "tokenizers" / "bpe-bytes" / "tokenizer.json").read_text(encoding="utf-8"))
    known = {token["content"]: token["id"] for token in tokenizer["added_tokens"]}
    following = len(tokenizer["model"]["vocab"])
    for text in END_TOKENS:
        if text not in known:
            tokenizer["added_tokens"].append({**tokenizer["added_tokens"][0], "id": following, "content": text})
            following += 1
    return tokenizer


def ends():
    tokenizer = end_tokenizer()
    fast = transformers.PreTrainedTokenizerFast(tokenizer_object=Tokenizer.from_str(json.dumps(tokenizer)), eos_token="</s>", bos_token="<bos>")
    special = {token["id"] for token in tokenizer["added_tokens"]}
    system, user, answer = ({"role": role, "content": role[0] + "qz"} for role in ("system", "user", "assistant"))
    cases = []
    for name, (template, end) in ENDS.items():
        # What Transformers makes of whole conversations: the first special token behind the answer, in ids.
        found = []
        for chat in ([user, answer], [system, user, answer], [user, answer, user]):
            try:
                ids = fast.apply_chat_template(chat, chat_template=template, return_dict=False)
            except Exception:  # the template's own
                continue
            text = [fast.decode(ids[:n]) for n in range(len(ids) + 1)]
            behind = next(n for n in range(len(ids) + 1) if "aqz" in text[n])
            found.append(next((fast.convert_ids_to_tokens(i) for i in ids[behind:] if i in special), None))
        # Where the template writes no end there is nothing, or what begins the next turn.
        assert end in found if end else set(found) <= {None, "<|user|>", "<|assistant|>"}, (name, found)
        cases.append({"name": name, "template": template, "end": end, "id": end and fast.convert_tokens_to_ids(end)})
    return {"kind": "bpe-bytes", "added_tokens": tokenizer["added_tokens"], "cases": cases}


def added_token(content, **flags):
    return {"content": content, "lstrip": False, "normalized": False, "rstrip": False, "single_word": False, "special": True, **flags}


# Beside a tokenizer.json whose last id is LAST: tokenizer_config.json, special_tokens_map.json, added_tokens.json.
def added_folders(last):
    tokens = lambda *list: {str(last + 1 + i): token for i, token in enumerate(list)}
    four = tokens(added_token("<|plain|>"), added_token("<|left|>", lstrip=True), added_token("<|right|>", rstrip=True),
                  added_token("<|both|>", lstrip=True, rstrip=True))
    other = tokens(added_token("<|Normal|>", normalized=True), added_token("wordy", single_word=True), added_token("plainly", special=False, normalized=True))
    return {
        "config alone": ({"added_tokens_decoder": four}, None, None),
        "normalized, single words, not special": ({"added_tokens_decoder": other}, None, None),
        "other flags": ({"added_tokens_decoder": {"2": added_token("</s>", rstrip=True), "3": added_token("<|end|>", lstrip=True)}}, None, None),
        "named and not special": ({"eos_token": "<|plain|>", "added_tokens_decoder": tokens(added_token("<|plain|>", special=False))}, None, None),
        "named alone": ({"eos_token": "<|plain|>", "bos_token": "quick"}, None, None),
        "named beside a list": ({"eos_token": "<|plain|>", "pad_token": "</s>", "added_tokens_decoder": {"2": added_token("</s>", rstrip=True)}}, None, None),
        "an extra list": ({"extra_special_tokens": ["<|plain|>", "<|left|>"], "added_tokens_decoder": four}, None, None),
        "a list of older folders": ({"additional_special_tokens": ["<|plain|>", "<|right|>"]}, None, None),
        "a name of its own": ({"image_token": "<|plain|>", "added_tokens_decoder": {}}, None, None),
        "added_tokens.json": ({"eos_token": "<|plain|>"}, None, {"<|plain|>": last + 1, "<|left|>": last + 2}),
        "special_tokens_map.json": (None, {"eos_token": {key: value for key, value in added_token("<|right|>", rstrip=True).items() if key != "special"}}, None),
        "not beside a list": ({"added_tokens_decoder": {}}, {"eos_token": "<|plain|>"}, {"<|left|>": last + 1}),
    }


ADDED_TEXTS = ["a <|plain|> b", "a <|left|> b <|right|> c <|both|> d", "a</s> b <|end|>  c", "<|Normal|> <|normal|>",
               "a wordy wordyer word", "is plainly so, plainlyer", "The quick brown fox", "<|plain|><|right|> \n x"]


def added():
    for kind in ("bpe-bytes", "bpe-metaspace", "wordlevel"):
        path = OUT.parent / "tokenizers" / kind / "tokenizer.json"
        last = max(Tokenizer.from_file(str(path)).get_vocab().values())
        for name, files in added_folders(last).items():
            with tempfile.TemporaryDirectory() as folder:
                shutil.copy(path, folder)
                for file, content in zip(("tokenizer_config", "special_tokens_map", "added_tokens"), files):
                    if content is not None:
                        (pathlib.Path(folder) / f"{file}.json").write_text(json.dumps(content), encoding="utf-8")
                tokenizer = transformers.PreTrainedTokenizerFast.from_pretrained(folder)
            yield {"kind": kind, "name": name, "config": files[0], "map": files[1], "added": files[2],
                   "special": sorted(token.content for token in tokenizer.added_tokens_decoder.values() if token.special),
                   "texts": {text: tokenizer(text, add_special_tokens=False)["input_ids"] for text in ADDED_TEXTS}}


def snippets():
    context = {"messages": CHATS["turns"], "tools": None, "documents": None, "add_generation_prompt": True, "bos_token": "<s>",
               "eos_token": "</s>", "now": NOW}
    for line in (OUT / "snippets.txt").read_text(encoding="utf-8").splitlines():
        source = line if line.startswith("{{") or "{%" in line else "{{ " + line + " }}"
        try:
            yield {"source": source, "text": render(source, context)}
        except Exception as error:
            yield {"source": source, "error": str(error)}


# tokenizer_config.json and special_tokens_map.json; None: the file isn't there.
END = {"content": "</s>", "lstrip": False, "normalized": False, "rstrip": False, "single_word": False}
FOLDERS = {
    "config alone": ({"bos_token": "<s>", "eos_token": {"__type": "AddedToken", **END}}, None),
    "map alone": ({}, {"bos_token": "<s>", "eos_token": END}),
    "map without config": (None, {"bos_token": "<s>", "eos_token": END}),
    "map over config": ({"bos_token": "<|im_start|>", "eos_token": "<|im_end|>"}, {"eos_token": END, "pad_token": "</s>"}),
    "map takes away": ({"bos_token": "<s>", "eos_token": "</s>"}, {"bos_token": None}),
    "config with its added tokens": ({"bos_token": "<s>", "added_tokens_decoder": {}}, {"bos_token": "</s>", "eos_token": END}),
    "neither": ({}, None),
}


def folder_tokens():
    for name, (config, special) in FOLDERS.items():
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder)
            shutil.copy(OUT / "tokenizer.json", path)
            for file, content in (("tokenizer_config", config), ("special_tokens_map", special)):
                if content is not None:
                    (path / f"{file}.json").write_text(json.dumps(content), encoding="utf-8")
            tokens = transformers.PreTrainedTokenizerFast.from_pretrained(folder).special_tokens_map
        yield {"name": name, "config": config, "map": special, "tokens": tokens}


def main():
    OUT.mkdir(exist_ok=True)
    make_tokenizer()
    for name, content in (("templates", {"transformers": transformers.__version__, "templates": TEMPLATES, "cases": list(cases())}),
                          ("prompts", list(prompts())),
                          ("ends", ends()),
                          ("tokens", list(folder_tokens())),
                          ("added", list(added())),
                          ("snippets", {"messages": CHATS["turns"], "now": NOW, "cases": list(snippets())}),
                          ("kinds", {"templates": KIND_TEMPLATES, "tokenizers": list(kinds())})):
        with open(OUT / f"{name}.json", "w", encoding="utf-8") as file:
            json.dump(content, file, ensure_ascii=False, indent=None if name in ("kinds", "added") else 0)
            file.write("\n")


if __name__ == "__main__":
    main()
