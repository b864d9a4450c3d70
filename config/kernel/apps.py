from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KernelConfig(AppConfig):
    name = "config.kernel"
    label = "kernel"
    verbose_name = _("Records of the system")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from config.kernel import forgetting, idempotency  # noqa: PLC0415 -- as below
        from config.kernel.intake import erasing, stages  # noqa: PLC0415 -- models are not loaded before

        stages.register()
        forgetting.register(idempotency.RULE, erasing.RULE)
