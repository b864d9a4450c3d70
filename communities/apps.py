from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommunitiesConfig(AppConfig):
    name = "communities"
    verbose_name = _("Communities and people")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.contrib import admin  # noqa: PLC0415 -- models are loaded only now
        from django.contrib.auth.models import Group  # noqa: PLC0415 -- as above
        from knox.models import AuthToken  # noqa: PLC0415 -- as above

        from communities import forgetting, sentences  # noqa: PLC0415 -- as above
        from communities.groups import delivering  # noqa: PLC0415 -- as above
        from communities.joining import sending  # noqa: PLC0415 -- as above
        from communities.mailing import sending as mailing  # noqa: PLC0415 -- as above
        from communities.roster.kind import ROSTER  # noqa: PLC0415 -- as above
        from communities.signing_in import LogInForm  # noqa: PLC0415 -- as above
        from config.kernel.intake import kinds  # noqa: PLC0415 -- as above

        kinds.register(ROSTER)
        delivering.register_stage()
        admin.site.login_form = LogInForm
        sending.register()
        forgetting.register()
        sentences.register()
        mailing.register_stage()
        # Rights follow from memberships, and hashes of tokens are nobody's business.
        for model in (Group, AuthToken):
            if admin.site.is_registered(model):
                admin.site.unregister(model)
