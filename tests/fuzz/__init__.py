"""The API under schemathesis: every case of the schema, and many that are none, against a running server.

A short campaign runs in `make test`; `make fuzz` (`python -m tests.fuzz`) runs the long one on servers of its own.
"""
