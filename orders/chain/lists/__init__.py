"""A pasted list as a whole: its top with menu, prices and limits, its pieces and doors, its sums. Pure."""
