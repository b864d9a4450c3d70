import gc

from config.celery import app as celery_app

__all__ = ["celery_app"]

# What is imported stays: to look for cycles in it after every 700 objects took a tenth of each start, and of each test.
gc.set_threshold(50_000, 20, 20)
