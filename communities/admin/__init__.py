"""The console's pages of reference data: places, people, accounts, and what happened."""

from communities.admin import accounts, addresses, past, people, places

__all__ = ["accounts", "addresses", "past", "people", "places"]
