"""What a person types of a group robot. Address and secret go in and never come out again."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from communities.access import communities_of
from communities.groups.events import events
from communities.models import Community, GroupRobot, User
from communities.roles import COORDINATORS
from volunteers.desk.forms import Named


class RobotForm(forms.Form):
    """`wishes` holds what add_robot and change_robot take; empty address and secret leave what there is."""

    community = Named(label=_("Community"), queryset=Community.objects.none())
    name = forms.CharField(label=_("Name of the group"), max_length=40)
    address = forms.CharField(
        label=_("Address of the robot (Webhook)"),
        max_length=400,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    secret = forms.CharField(
        label=_("Secret for signing"),
        required=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_(
            "DingTalk and Feishu, where the group asks for signatures. A group that asks for a keyword takes 集单."
        ),
    )
    forget_secret = forms.BooleanField(label=_("No signature any more"), required=False)
    events = forms.MultipleChoiceField(
        label=_("What it says"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, *args: Any, user: User, robot: GroupRobot | None = None, **rest: Any
    ) -> None:
        super().__init__(*args, **rest)
        choices = [(event.topic, event.name) for event in events()]
        self.fields["events"].choices = choices  # type: ignore[attr-defined]
        if robot is None:
            self._for_a_new_one(user, [topic for topic, _name in choices])
            return
        self.initial.update(name=robot.name, events=robot.events)
        del self.fields["community"]
        self.fields["address"].required = False
        self.fields["address"].help_text = _(
            "Kept, and not shown again. Paste another one to replace it."
        )
        if robot.secret_encrypted is None:
            del self.fields["forget_secret"]

    def _for_a_new_one(self, user: User, topics: list[str]) -> None:
        places = communities_of(user, COORDINATORS).order_by("name", "pk")
        self.fields["community"].queryset = places  # type: ignore[attr-defined]
        self.initial["community"] = places[0].pk if len(places[:2]) == 1 else None
        self.initial["events"] = topics
        del self.fields["forget_secret"]

    @property
    def wishes(self) -> dict[str, Any]:
        """By the names of the verbs."""
        rest = dict(self.cleaned_data)
        return {"topics": rest.pop("events"), **rest}
