from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SuppliersConfig(AppConfig):
    name = "suppliers"
    verbose_name = _("Suppliers and goods")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from config.kernel.intake import kinds  # noqa: PLC0415 -- models are not loaded before
        from suppliers.catalogue.kind import CATALOGUE  # noqa: PLC0415 -- as above

        kinds.register(CATALOGUE)
