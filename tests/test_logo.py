"""A logo is what its content says, small, and drawn anew."""

from io import BytesIO

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from lotsen import logo


def drawn(kind: str = "PNG", size: tuple[int, int] = (900, 300), **options) -> bytes:
    written = BytesIO()
    picture = Image.new("RGB", (1, 1), "#2044aa").resize(size) if size[0] < 10_000 else Image.new("1", size)
    picture.save(written, kind, **options)
    return written.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_is_kept_as_a_small_png(kind):
    kept = Image.open(BytesIO(logo.read(drawn(kind))))
    assert (kept.format, kept.size) == ("PNG", (600, 200))
    assert Image.open(BytesIO(logo.read(drawn(kind, (40, 20))))).size == (40, 20)


def test_nothing_else_that_was_in_the_file_is_kept():
    said = PngInfo()
    said.add_text("Comment", "taken at home")
    for content in (drawn(pnginfo=said), drawn() + b"<script>alert(1)</script>"):
        kept = logo.read(content)
        assert b"taken at home" not in kept
        assert b"script" not in kept
        assert Image.open(BytesIO(kept)).info == {}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "logo_unreadable"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "logo_unreadable"),
        (drawn("GIF"), "logo_unreadable"),
        (drawn()[:200], "logo_unreadable"),
        (drawn("JPEG")[:300], "logo_unreadable"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 200_001, "logo_too_big"),
        (drawn(size=(5000, 900)), "logo_size"),
        (drawn(size=(10_000, 9_000)), "logo_size"),
        (drawn(size=(20_000, 10_000)), "logo_unreadable"),
        (drawn(size=(300, 8)), "logo_size"),
    ],
    ids=range(10),
)
def test_what_is_no_logo_is_refused(content, code):
    with pytest.raises(logo.Unusable) as refused:
        logo.read(content)
    assert refused.value.code == code
