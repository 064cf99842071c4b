"""What goes wrong through no fault of the program, and how to show it."""

import re

# Line ends, terminal controls and signs that turn the direction of text.
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


class Problem(Exception):
    """Something that the user can put right; the message is one clear line."""


def one_line(text: str) -> str:
    """The text as one line that does nothing to a terminal: each control character becomes a space.

    >>> one_line("name\\n\\x1b[31m")
    'name  [31m'
    """
    return _CONTROLS.sub(" ", text)
