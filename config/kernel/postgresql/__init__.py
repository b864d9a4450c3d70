"""Django's PostgreSQL backend with a cheaper look at a kept connection. Django finds it by the name of this package."""
