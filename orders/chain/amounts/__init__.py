"""Numbers: how many, of which unit and size, and which of them say something else. Pure."""
