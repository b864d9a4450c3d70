"""Settings of a very small project, so that `up` is tried apart from what the applications need."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

from config import env

SECRET_KEY = env.text("SECRET_KEY")
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
DATABASES = {"default": env.database()}
INSTALLED_APPS = ["django.contrib.contenttypes", "config.embedded"]
ROOT_URLCONF = __name__
USE_TZ = True
CELERY_BROKER_URL = env.text("REDIS_URL")
CELERY_TASK_IGNORE_RESULT = True


def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


urlpatterns = [path("healthz", healthz)]
