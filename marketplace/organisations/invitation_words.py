"""What people write into a mail of the platform: it must hold nothing that a mail program makes a link of."""

import re
import unicodedata

from django.utils.translation import gettext_lazy as _

from marketplace.core.refusals import Refused

# An address of any protocol, a number of a machine, a mail box, or letters that end as the name of a domain
LINK = re.compile(
    r"[a-z][a-z0-9+.-]*:/+|www\.|\d{1,3}(?:\.\d{1,3}){3}|[^\s@]@[^\s@]"
    r"|[^\W_][\w-]*\.(?:[a-z][a-z0-9-]+|中国|中國|公司|网络|網絡|网址|在线|商城|集团|手机|网店)",
    re.IGNORECASE,
)
LOOKS_OTHER = str.maketrans({".": "．", ":": "：", "@": "＠"})


class LinkInWords(Refused):
    message = _(
        "No web or e-mail addresses here (found near “%(found)s”): the mail comes from the platform, and its only link "
        "is that of the invitation. After a full stop, leave a space."
    )
    field = "words"


def _plain(text: str) -> str:
    """Return the text as a mail program may read it: usual width, nothing invisible."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign) != "Cf")


def unlinked_words(text: str) -> str:
    """Return the words on one line. Raises LinkInWords where a mail program would make a link of some of them."""
    words = " ".join(text.split())
    if found := LINK.search(_plain(words)):
        raise LinkInWords(found=found[0][:40])
    return words


def unlinked(text: str) -> str:
    """Return what nobody checked, such as a name, so that no mail program makes a link of it."""
    return _plain(text).translate(LOOKS_OTHER) if LINK.search(_plain(text)) else text
