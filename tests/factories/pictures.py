"""Pictures as people upload them: real ones, with what a camera writes into them where a test asks for it."""

from io import BytesIO

from PIL import Image


def picture_bytes(form, *, size=(8, 6), **told):
    """Return a picture with some detail in one of Pillow's formats; `told` is what is written beside its pixels."""
    written = BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(written, form, **told)
    return written.getvalue()
