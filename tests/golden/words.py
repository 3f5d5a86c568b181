"""Contrast D6 lights up whole words (docs/method.md): which tokens are one, and what each of them then counts."""


def words_of(text, ranges):
    """Per token the number of its word, None without a letter or digit (docs/method.md, D6)."""
    numbers, count, before = [], 0, None
    for begin, end in ranges:
        piece = text[begin:end]
        if not any(c.isalnum() for c in piece):
            numbers.append(None)
            before = None
            continue
        spaced = lambda c: c.isalnum() and ord(c) < 0x2E80  # no Thai in these texts
        goes_on = before is not None and (begin < before[1] or (begin == before[1] and spaced(piece[0]) and spaced(text[begin - 1])))
        count += 0 if goes_on else 1
        numbers.append(count)
        before = (begin, end)
    return numbers


def words_together(values, words):
    result = values.clone()
    for i, word in enumerate(words):
        if word is None:
            result[i] = values[i] / 4 if values[i] > 0 else values[i]
        else:
            result[i] = max(values[k] for k in range(len(words)) if words[k] == word)
    return result
