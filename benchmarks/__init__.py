"""Measures of the program against a limit measured in the same run: `make bench`."""
