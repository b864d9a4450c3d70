"""A community's first day: set up, filled, checked, its slips and posters printed."""
