"""A QR code as a drawing, for a template to place."""

from __future__ import annotations

import io

import segno

# Modules of white around it, without which readers do not find it (ISO/IEC 18004).
QUIET = 4


def qr_svg(text: str) -> str:
    """The code with its quiet zone. Level M: a fold or a stain of a seventh does no harm."""
    drawing = io.BytesIO()
    code = segno.make(text, error="m", micro=False, boost_error=False)
    code.save(drawing, kind="svg", border=QUIET, xmldecl=False, nl=False)
    return drawing.getvalue().decode()
