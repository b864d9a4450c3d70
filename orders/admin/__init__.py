"""Looking into rounds. Nothing here is edited: a state changes through the desk's actions only."""

from orders.admin import past, rounds, supply

__all__ = ["past", "rounds", "supply"]
