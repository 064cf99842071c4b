"""Words are cut as jieba cuts them."""

from __future__ import annotations

from pathlib import Path

import jieba
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import words

MIXED = st.text(st.sampled_from("全国各地公安机关开展专项行动一二十人次和的aQ7+.%-·“”，。 　"), max_size=30)


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> jieba.Tokenizer:
    """jieba itself, with a cache of its own."""
    jieba.setLogLevel("ERROR")
    found = jieba.Tokenizer()
    found.tmp_dir = str(tmp_path_factory.mktemp("jieba"))
    return found


@pytest.mark.parametrize("text", ["", "局", "湖州市公安局组织民警走访企业3家", "5G、QQ群和IP地址，共6.45万人次（12%）"])
def test_a_text_is_cut_as_jieba_cuts_it(text: str, tokenizer: jieba.Tokenizer) -> None:
    assert words.cut(text) == list(tokenizer.cut(text, HMM=False))


def test_the_pages_of_seeds_are_cut_as_jieba_cuts_them(tokenizer: jieba.Tokenizer) -> None:
    for path in (Path(__file__).parent.parent / "seeds").glob("*.txt"):
        for line in path.read_text(encoding="utf-8").split("\n"):
            assert words.cut(line) == list(tokenizer.cut(line, HMM=False))


@given(MIXED)
def test_any_characters_are_cut_as_jieba_cuts_them(tokenizer: jieba.Tokenizer, text: str) -> None:
    assert words.cut(text) == list(tokenizer.cut(text, HMM=False))
