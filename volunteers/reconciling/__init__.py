"""Is it the same everywhere? Orders, allocations, the supplier's order, every file and every bag, line by line.

What is expected comes from the rows of orders alone, added up here and nowhere else; what is found
comes from the other tables and out of the bytes of the files.
"""
