"""Cutting Chinese into words, and what sort of word each is, by jieba's dictionary."""

from __future__ import annotations

import re
import tempfile
from functools import cache, lru_cache
from math import inf, log

import jieba

STOP_TAGS = frozenset("v p c d u r m q t f y e o".split())
PARTS = re.compile(r"[\u4e00-\u9fd5a-zA-Z0-9+#&._%\-]+|.", re.DOTALL)  # runs are cut, all else stands alone
LATIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")


@cache
def _frequencies() -> tuple[dict[str, int], float]:
    """How often each word is met (0: it only begins words), and the logarithm of how often all together.

    A tokenizer of our own reads them: jieba's shared one trusts a cache file that anyone may plant in the temp folder.
    """
    jieba.setLogLevel("ERROR")
    tokenizer = jieba.Tokenizer()
    with tempfile.TemporaryDirectory() as private:
        tokenizer.tmp_dir = private
        tokenizer.initialize()
    return tokenizer.FREQ, log(tokenizer.total)


@cache
def _tags() -> dict[str, str]:
    with jieba.Tokenizer().get_dict_file() as lines:
        return {word: tag for word, _, tag in (line.decode("utf-8").split(" ") for line in lines.read().splitlines())}


def _likeliest(text: str) -> list[str]:
    """The run of words whose probabilities have the greatest product, Latin letters and digits between them put together."""
    frequencies, log_total = _frequencies()
    best = [0.0] * (len(text) + 1)  # from each place on: the logarithm of that product
    ends = [0] * len(text)  # and where its first word ends
    for start in range(len(text) - 1, -1, -1):
        end = start + 1
        best[start], ends[start] = best[end] - log_total, end  # a character that is no word counts as met once
        top = -inf
        while end <= len(text) and (frequency := frequencies.get(text[start:end])) is not None:
            if frequency and (score := log(frequency) - log_total + best[end]) >= top:
                best[start], ends[start], top = score, end, score
            end += 1
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
