"""Uploads are received into memory and bounded; what is too large keeps its size, so that it can be refused."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from config.kernel.intake.parsing.limits import MAX_BYTES


def post(**files: bytes) -> dict[str, tuple[int | None, bytes]]:
    """Size as it is told, and bytes as they are kept."""
    given = {name: SimpleUploadedFile(f"{name}.csv", content) for name, content in files.items()}
    request = RequestFactory().post("/", given)
    return {name: (file.size, file.read()) for name, file in request.FILES.items()}  # type: ignore[union-attr]


def test_file_of_any_size_that_may_be_taken_is_kept_whole() -> None:
    content = bytes(range(256)) * (MAX_BYTES // 256)

    assert post(file=content) == {"file": (MAX_BYTES, content)}
    assert post(file=b"a") == {"file": (1, b"a")}


def test_file_that_is_too_large_keeps_its_size_and_loses_its_end() -> None:
    size, kept = post(file=b"a" * (MAX_BYTES + 12_345))["file"]

    assert (size, len(kept)) == (MAX_BYTES + 12_345, MAX_BYTES)


def test_several_files_share_the_room_of_one_request() -> None:
    kept = post(one=b"1" * (MAX_BYTES - 5), two=b"2" * 100, three=b"3" * 100)

    assert [size for size, _content in kept.values()] == [MAX_BYTES - 5, 100, 100]
    assert sum(len(content) for _size, content in kept.values()) == MAX_BYTES
