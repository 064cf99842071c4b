"""Cutting Chinese into words, and what sort of word each is, by jieba's dictionary."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from math import inf, log

import jieba

STOP_TAGS = frozenset("v p c d u r m q t f y e o".split())
PARTS = re.compile(r"[\u4e00-\u9fd5a-zA-Z0-9+#&._%\-]+|.", re.DOTALL)  # runs are cut, all else stands alone
LATIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
NO_WORD = -inf  # less likely than any word


def _entries() -> Iterator[tuple[str, int, str]]:
    """The entries of jieba's dictionary: a word, how often it is met, its part of speech.

    They are read here: jieba's own tokenizer trusts a cache file that anyone may plant in the temp folder.
    """
    with jieba.Tokenizer().get_dict_file() as lines:
        for line in lines.read().decode("utf-8").splitlines():
            word, frequency, tag = line.split(" ")
            yield word, int(frequency), tag


@cache
def _tags() -> dict[str, str]:
    return {word: tag for word, _, tag in _entries()}


@cache
def _likelihoods() -> tuple[dict[str, float], dict[str, float], float]:
    """The logarithm of the probability of each character that is a word, of each longer word (NO_WORD: it only begins words), and of a character that is none.

    Characters stand apart since they are looked up most, and the few thousand of them stay in the processor's cache.
    """
    frequencies = [frequency for _, frequency, _ in _entries()]
    log_total = log(sum(frequencies))
    # Words as frequent share one number, which is at hand then.
    likelihoods = {frequency: log(frequency) - log_total for frequency in frequencies}
    found = {word: likelihoods[frequency] for word, frequency, _ in _entries()}
    for word in list(found):
        for end in range(2, len(word)):
            found.setdefault(word[:end], NO_WORD)
    characters = {word: found.pop(word) for word in list(found) if len(word) == 1}
    return characters, found, -log_total  # one that is no word counts as met once


def _likeliest(text: str) -> list[str]:
    """The run of words whose probabilities have the greatest product, Latin letters and digits between them put together."""
    characters, longer, stray = _likelihoods()
    best = [0.0] * (len(text) + 1)  # from each place on: the logarithm of that product
    ends = [0] * len(text)  # and where its first word ends
    closed = text + "\n"  # in no word: looking for longer ones ends here
    for start in range(len(text) - 1, -1, -1):
        stop = end = start + 1
        top = characters.get(text[start], NO_WORD) + best[end]
        while (likelihood := longer.get(closed[start : end + 1])) is not None:
            end += 1
            if (score := likelihood + best[end]) >= top:
                top, stop = score, end
        if top == NO_WORD:
            top, stop = stray + best[start + 1], start + 1
        best[start], ends[start] = top, stop
    found: list[str] = []
    at, in_latin = 0, False
    while at < len(text):
        word = text[at : ends[at]]
        if in_latin and word in LATIN:
            found[-1] += word
        else:
            found.append(word)
            in_latin = word in LATIN
        at = ends[at]
    return found


@lru_cache(maxsize=1 << 14)
def _cut(text: str) -> tuple[str, ...]:
    return tuple(word for part in PARTS.findall(text) for word in (_likeliest(part) if len(part) > 1 else part))


def cut(text: str) -> list[str]:
    """The words of a short text, in order, as jieba cuts it without guessing at words that it does not know."""
    return list(_cut(text))


def tag(word: str) -> str:
    """jieba's part of speech of a word (n, v, vn, ns …), x where its dictionary does not have it."""
    return _tags().get(word, "x")


def known(word: str) -> bool:
    """Whether jieba's dictionary has a word."""
    return word in _tags()
