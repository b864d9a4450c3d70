"""The waiting list of what is sold out: joined and left by residents, served by itself as pieces come free."""
