"""Which household is meant by what a person wrote: a pure reading of Shanghai's notations against a register."""
