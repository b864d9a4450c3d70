from tests.api.conftest import _own_buckets

__all__ = ["_own_buckets"]
