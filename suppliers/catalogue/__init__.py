"""A supplier's price list, from xlsx or csv to products."""
