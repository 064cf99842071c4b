"""What goes wrong through no fault of the program."""


class Problem(Exception):
    """Something that the user can put right; the message is one clear line."""
