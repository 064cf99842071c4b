"""Cutting Chinese into words, and what sort of word each is, by jieba and its dictionary."""

from __future__ import annotations

import tempfile
from functools import cache, lru_cache

import jieba

STOP_TAGS = frozenset("v p c d u r m q t f y e o".split())


@cache
def _tokenizer() -> jieba.Tokenizer:
    """A tokenizer of our own: jieba's shared one trusts a cache file that anyone may plant in the temp folder."""
    jieba.setLogLevel("ERROR")
    tokenizer = jieba.Tokenizer()
    with tempfile.TemporaryDirectory() as private:
        tokenizer.tmp_dir = private
        tokenizer.initialize()
    return tokenizer


@cache
def _tags() -> dict[str, str]:
    with jieba.Tokenizer().get_dict_file() as lines:
        return {word: tag for word, _, tag in (line.decode("utf-8").split(" ") for line in lines.read().splitlines())}


@lru_cache(maxsize=1 << 14)
def _cut(text: str) -> tuple[str, ...]:
    return tuple(_tokenizer().cut(text, HMM=False))


def cut(text: str) -> list[str]:
    """The words of a short text, in order."""
    return list(_cut(text))


def tag(word: str) -> str:
    """jieba's part of speech of a word (n, v, vn, ns …), x where its dictionary does not have it."""
    return _tags().get(word, "x")


def known(word: str) -> bool:
    """Whether jieba's dictionary has a word."""
    return word in _tags()
