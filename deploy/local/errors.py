class StackError(Exception):
    """The embedded stack cannot do what was asked; the message, in French, is for the user."""
