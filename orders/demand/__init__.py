"""Wishes outside of a round: surveys before it, single requests beside it."""
