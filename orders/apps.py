from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrdersConfig(AppConfig):
    name = "orders"
    verbose_name = _("Group buys")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from orders import pipeline  # noqa: PLC0415 -- models are loaded only now
        from orders.notices import inbox, lines  # noqa: PLC0415 -- as above

        pipeline.register()
        inbox.register()
        lines.register()
