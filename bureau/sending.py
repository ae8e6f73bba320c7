"""A kept scan on its way to a browser."""

import io
from pathlib import PurePosixPath

from django.db.models.fields.files import FieldFile
from django.http import FileResponse


def scan(kept: FieldFile, *, called: str, content_type: str) -> FileResponse:
    """A scan, decrypted, under this name and the ending with which it came. Who calls has written down the look."""
    with kept.open("rb") as file:
        content = io.BytesIO(file.read())
    return FileResponse(content, filename=f"{called}{PurePosixPath(str(kept)).suffix}", content_type=content_type)
