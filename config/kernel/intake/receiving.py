"""Uploads are received into memory: a full disk of the web server refuses nobody's file, and nothing is left on it."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from config.kernel.intake.parsing.limits import MAX_BYTES


class BoundedMemoryHandler(FileUploadHandler):
    """Keeps at most 10 MB of one request, whatever comes. A file that is larger keeps its true size and loses its end:
    whoever takes it looks at the size first (uploads.check_size).
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._room = MAX_BYTES
        self._pieces: list[bytes] = []

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._pieces = []

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        kept = raw_data[: self._room]
        self._room -= len(kept)
        if kept:
            self._pieces.append(kept)

    def file_complete(self, file_size: int) -> UploadedFile[bytes]:
        content = BytesIO(b"".join(self._pieces))
        return InMemoryUploadedFile(
            file=content,
            field_name=self.field_name,
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )
