from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrdersConfig(AppConfig):
    name = "orders"
    verbose_name = _("Group buys")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from config.kernel.intake import kinds  # noqa: PLC0415 -- models are loaded only now
        from orders import forgetting, pipeline  # noqa: PLC0415 -- models are loaded only now
        from orders.intake.kind import ORDERS  # noqa: PLC0415 -- as above
        from orders.notices import demand, inbox, lines, wording  # noqa: PLC0415 -- as above

        pipeline.register()
        inbox.register()
        lines.register()
        kinds.register(ORDERS)
        demand.register()
        wording.register()
        forgetting.register()
