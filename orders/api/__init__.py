"""Rounds over REST, by audience: residents order, suppliers pull."""
