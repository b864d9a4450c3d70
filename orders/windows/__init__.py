"""The life of a window: drafting, opening, closing, cancelling."""
