"""An office's logo: a small PNG or JPEG by its content, whatever it is called, drawn anew: nothing else is in it."""

import warnings
from io import BytesIO
from typing import Final

from lotsen.rules.errors import DomainError

MAX_BYTES: Final = 200_000
#: In pixels: what is opened at all, and what is kept.
_LARGEST: Final = 4_000_000
_KEPT: Final = (600, 200)
_SMALLEST: Final = 16
#: What a file that is all there ends with.
_END: Final = {"PNG": b"IEND\xaeB`\x82", "JPEG": b"\xff\xd9"}


class Unusable(DomainError):
    """The file is no logo; the code says why."""

    code = "logo_unreadable"


def read(content: bytes) -> bytes:
    """Return a file's picture as a PNG of at most 600 by 200 pixels, without anything else. Raises `Unusable`."""
    from PIL import Image  # noqa: PLC0415 -- slow to import, and an office has one logo

    if len(content) > MAX_BYTES:
        raise Unusable("logo_too_big")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of oversized pictures: looked at below, before anything is unpacked
            picture = Image.open(BytesIO(content), formats=("PNG", "JPEG"))
        if picture.width * picture.height > _LARGEST or min(picture.size) < _SMALLEST:
            raise Unusable("logo_size")
        if _END[picture.format or ""] not in content:  # by itself Pillow may draw the rest grey: it is told so globally
            raise Unusable
        drawn = picture.convert("RGBA")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise Unusable from error
    drawn.thumbnail(_KEPT)
    drawn.info.clear()
    written = BytesIO()
    drawn.save(written, "PNG", optimize=True)
    return written.getvalue()
