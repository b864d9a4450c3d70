"""The edge of the REST API: one error shape, commands with idempotency, limits, pages."""
