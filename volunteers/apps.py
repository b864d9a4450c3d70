from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VolunteersConfig(AppConfig):
    name = "volunteers"
    verbose_name = _("Volunteers' work")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from volunteers import forgetting, pipeline  # noqa: PLC0415 -- models are loaded only now

        pipeline.register()
        forgetting.register()
