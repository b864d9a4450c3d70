"""Between us and the supplier: check, release, undo, take off, pull, acknowledge."""
