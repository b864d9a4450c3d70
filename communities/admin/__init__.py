"""The console's pages of reference data: places, people, accounts, and what happened."""

from communities.admin import accounts, past, people, places

__all__ = ["accounts", "past", "people", "places"]
