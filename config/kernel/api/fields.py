"""What goes in and out: strictly typed members, none that is not known, money and times in one form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.settings import api_settings

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CLOCK = "%H:%M"
_DIGITS = re.compile(r"[0-9]{1,18}")
_MOST = 10**18 - 1


class Strict(serializers.Serializer[Any]):
    """An input that refuses members it does not know: nothing is set by accident, no typing error goes unseen."""

    default_error_messages = {"unknown": _("This member is not known here.")}

    @classmethod
    def read(cls, data: Any) -> dict[str, Any]:
        """The values that `data` stands for. Raises ValidationError."""
        try:
            values: dict[str, Any] = _reader(cls).run_validation(data)
        except serializers.ValidationError as error:
            if isinstance(error.detail, dict):
                raise
            members = {api_settings.NON_FIELD_ERRORS_KEY: error.detail}
            raise serializers.ValidationError(members) from error
        return values

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            unknown = sorted(str(name) for name in data.keys() - self.fields.keys())
            if unknown:
                sentence = self.error_messages["unknown"]
                raise serializers.ValidationError(
                    {name[:100]: [sentence] for name in unknown[:20]}, "unknown"
                )
        return super().to_internal_value(data)


@cache
def _reader(shape: type[Strict]) -> Strict:
    """One for all requests and threads: to validate leaves nothing on it, to make one copies every field."""
    return shape()


class Whole(serializers.IntegerField):
    """A JSON number without a fraction. Not `"1"`, not `1.0`, not `true`."""

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            self.fail("invalid")
        return data


class YesNo(serializers.BooleanField):
    """`true` or `false`. Not `"true"`, not `1`."""

    def to_internal_value(self, data: Any) -> bool:
        if type(data) is not bool:
            self.fail("invalid", input=data)
        return data


class Digits(serializers.IntegerField):
    """A whole number ≥ 0 in a query: plain digits only."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_value": _MOST, **kwargs})

    def to_internal_value(self, data: Any) -> int:
        if not _DIGITS.fullmatch(str(data)):
            self.fail("invalid")
        return int(data)


class Text(serializers.CharField):
    """A JSON string without control characters, line breaks excepted; blanks around it are taken off."""

    default_error_messages = {"control": _("Control characters are not allowed.")}

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        text = super().to_internal_value(data)
        if any(unicodedata.category(sign) == "Cc" and sign != "\n" for sign in text):
            self.fail("control")
        return text


class TextInSchema(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    """`Text` tells in the schema what it refuses: Unicode's category Cc but for the line feed."""

    target_class = Text

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        shape = auto_schema._map_serializer_field(self.target, direction, bypass_extensions=True)
        return {**shape, "pattern": r"^[^\u0000-\u0009\u000b-\u001f\u007f-\u009f]*$"}


class Day(serializers.DateField):
    """`2022-04-21` as a JSON string."""

    def to_internal_value(self, data: Any) -> date:
        if not isinstance(data, str) or not _DAY.fullmatch(data):
            self.fail("invalid", format="YYYY-MM-DD")
        day: date = super().to_internal_value(data)
        return day


class PublicId(serializers.UUIDField):
    """A UUID as a JSON string with hyphens."""

    def to_internal_value(self, data: Any) -> UUID:
        if not isinstance(data, str) or not _UUID.fullmatch(data):
            self.fail("invalid", value=data)
        return UUID(data)


class Fen(serializers.IntegerField):
    """An amount in fen (1 yuan = 100 fen)."""


@extend_schema_field({"type": "string", "pattern": r"^-?[0-9]+\.[0-9]{2}$", "example": "12.30"})
class Yuan(serializers.CharField):
    """The same amount for people: yuan with two decimals."""


@extend_schema_field(OpenApiTypes.DATETIME)
class Moment(serializers.CharField):
    """A time with the offset of its community's zone; make it by `local`."""


# Not the schema's own `time`: that has seconds and an offset.
@extend_schema_field(
    {"type": "string", "pattern": r"^([01][0-9]|2[0-3]):[0-5][0-9]$", "example": "22:00"}
)
class ClockTime(serializers.TimeField):
    """A time of day as on a clock on the wall: `22:00`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(format=_CLOCK, input_formats=[_CLOCK], **options)


def local(moment: datetime | None, zone: str) -> str | None:
    """`2022-04-21T08:00:00+08:00`; whole seconds. None stays None."""
    if moment is None:
        return None
    return moment.astimezone(ZoneInfo(zone)).isoformat(timespec="seconds")
