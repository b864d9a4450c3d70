"""Calls to people who have no other way: who calls whom, and what came of it."""
