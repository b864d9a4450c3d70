"""The address on every slip and poster: /m/."""

from django.urls import path

from orders.phone import views

app_name = "phone"
urlpatterns = [path("", views.show, name="page")]
