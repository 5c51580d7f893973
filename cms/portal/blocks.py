"""What pages are built of. A block with live data asks cms/portal/figures.py; nobody types a figure."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from cms.portal import figures, tiles
from cms.portal.places import FOR_ORGANISATIONS, Place, address, works_alone
from marketplace.core import clock

RICH = ["h2", "h3", "bold", "ol", "ul", "link", "document-link", "hr", "blockquote"]
TONES = [("way", _("Information")), ("go", _("Good news")), ("wait", _("Deadline")), ("stop", _("Warning"))]


class ToneBlock(blocks.ChoiceBlock):
    """The colour of a notice; its name is no word of the text and is not searched."""

    def get_searchable_content(self, value: Any) -> list[str]:
        return []


class LinkValue(blocks.StructValue):
    """A link that knows where it leads."""

    @property
    def href(self) -> str:
        """Return the address of the page or place; "" where neither can be opened."""
        page = self.get("page")
        if page is not None:
            return page.url or "" if page.live else ""
        return address(self["place"]) if self.get("place") else ""


class LinkBlock(blocks.StructBlock):
    """Words, and a page or a place of the platform: words that lead nowhere would not be shown."""

    label = blocks.CharBlock(label=pgettext_lazy("link", "Words"), max_length=40)
    page = blocks.PageChooserBlock(label=_("Page"), required=False)
    place = blocks.ChoiceBlock(label=_("or place of the platform"), choices=Place.choices, required=False)

    class Meta:
        icon = "link"
        label = _("Link")
        value_class = LinkValue

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        leads = bool(cleaned["page"] or cleaned["place"])
        if cleaned["label"] and not leads:
            problem = _("Choose a page or a place of the platform: without one the link is not shown.")
            raise blocks.StructBlockValidationError({"page": ValidationError(problem)})
        if leads and not cleaned["label"]:
            raise blocks.StructBlockValidationError({"label": ValidationError(_("A link needs words to be shown."))})
        return cleaned


class MaybeLinkBlock(LinkBlock):
    """A link that may be left out: then nothing of it is filled in."""

    label = blocks.CharBlock(label=pgettext_lazy("link", "Words"), max_length=40, required=False)

    class Meta:
        icon = "link"
        label = _("Link")


class HeroBlock(blocks.StructBlock):
    """The head of the home page: what this is, the search box, and the stream of what happened."""

    heading = blocks.TextBlock(label=_("Heading"), rows=2, help_text=_("At most two lines"))
    lead = blocks.TextBlock(label=_("Sentence below"), rows=3)
    placeholder = blocks.CharBlock(label=_("Example in the search box"), required=False, max_length=60)
    words = blocks.ListBlock(blocks.CharBlock(max_length=30), label=_("Words to try"), default=[])
    with_stream = blocks.BooleanBlock(label=_("Show the stream"), required=False, default=True)

    class Meta:
        icon = "search"
        label = _("Head with search")
        template = "cms/blocks/hero.html"

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context)
        if value["with_stream"]:
            context |= {"stages": figures.stream()}
        return context


class DoorBlock(blocks.StructBlock):
    """The entrance of one role."""

    audience = blocks.CharBlock(label=_("For whom"), max_length=40)
    main = LinkBlock(label=_("Title and target"))
    sentence = blocks.TextBlock(label=_("Sentence"), rows=2)
    links = blocks.ListBlock(LinkBlock(), label=_("Direct links"), max_num=4)

    class Meta:
        icon = "user"
        label = _("Entrance")


class DoorsBlock(blocks.StructBlock):
    """Entrances by role."""

    doors = blocks.ListBlock(DoorBlock(), label=_("Entrances"), min_num=1, max_num=6)

    class Meta:
        icon = "group"
        label = _("Entrances by role")
        template = "cms/blocks/doors.html"

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """Leave out for staff who act for no organisation what is done for one; they have a door of their own."""
        context = super().get_context(value, parent_context)
        is_alone = works_alone((parent_context or {}).get("request"))
        doors = [door for door in value["doors"] if not (is_alone and door["main"]["place"] in FOR_ORGANISATIONS)]
        shown = [
            {
                "door": door,
                "links": [link for link in door["links"] if not (is_alone and link["place"] in FOR_ORGANISATIONS)],
            }
            for door in doors
        ]
        return context | {"doors": shown, "is_alone": is_alone}


class _Live(blocks.StructBlock):
    """A block whose content is asked for when it is shown."""

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        return super().get_context(value, parent_context) | self.live(value)

    def live(self, value: Any) -> dict[str, Any]:
        """Return what the block's template prints beside what the editor typed."""
        raise NotImplementedError


class AuctionBlock(_Live):
    """The session of 瓯来拍 that runs, or the next one."""

    class Meta:
        icon = "date"
        label = _("Session of Ou Auction")
        template = "cms/blocks/auction.html"

    def live(self, value: Any) -> dict[str, Any]:
        return {"band": figures.auction_band(), "sessions_href": address(Place.SESSIONS)}


class NewestBlock(_Live):
    """Newest outcomes beside newest needs."""

    rows = blocks.IntegerBlock(label=_("Rows"), default=5, min_value=1, max_value=10)

    class Meta:
        icon = "list-ul"
        label = _("Newest outcomes and needs")
        template = "cms/blocks/newest.html"

    def live(self, value: Any) -> dict[str, Any]:
        most = value["rows"]
        return {
            "outcomes": figures.newest_outcomes(most),
            "needs": figures.newest_needs(most),
            "listed": figures.listed(),
            "outcomes_href": address(Place.OUTCOMES),
            "needs_href": address(Place.NEEDS),
        }


class ClustersBlock(_Live):
    """The district's industries with what is offered to them."""

    class Meta:
        icon = "tag"
        label = _("Industries")
        template = "cms/blocks/clusters.html"

    def live(self, value: Any) -> dict[str, Any]:
        return {"clusters": figures.clusters()}


class FiguresBlock(_Live):
    """This year's figures, each with a way to the records."""

    class Meta:
        icon = "order"
        label = _("Figures of this year")
        template = "cms/blocks/figures.html"

    def live(self, value: Any) -> dict[str, Any]:
        return {"tiles": tiles.tiles(), "year": clock.today().year, "board_href": tiles.board_of_this_year()}


class NewsBlock(_Live):
    """The newest news."""

    rows = blocks.IntegerBlock(label=_("Rows"), default=3, min_value=1, max_value=10)

    class Meta:
        icon = "doc-full"
        label = _("News")
        template = "cms/blocks/news.html"

    def live(self, value: Any) -> dict[str, Any]:
        return figures.news(value["rows"])


class NoticeBlock(blocks.StructBlock):
    """A short notice in a colour that says how urgent it is."""

    tone = ToneBlock(label=_("Kind"), choices=TONES, default="way")
    strong = blocks.CharBlock(label=_("First words"), required=False, max_length=40)
    text = blocks.TextBlock(label=_("Text"), rows=2)
    link = MaybeLinkBlock(label=_("Link"), required=False)

    class Meta:
        icon = "info-circle"
        label = _("Notice")
        template = "cms/blocks/notice.html"


class PictureBlock(blocks.StructBlock):
    """A picture with what it shows."""

    image = ImageChooserBlock(label=_("Picture"))
    alt = blocks.CharBlock(label=_("What it shows, for those who do not see it"), max_length=160)
    caption = blocks.CharBlock(label=_("Caption"), required=False, max_length=160)

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "cms/blocks/picture.html"


class DocumentsBlock(blocks.StructBlock):
    """Documents to download."""

    heading = blocks.CharBlock(label=_("Heading"), required=False, max_length=60)
    files = blocks.ListBlock(DocumentChooserBlock(), label=_("Documents"))

    class Meta:
        icon = "doc-full-inverse"
        label = _("Documents")
        template = "cms/blocks/documents.html"


class TextBody(blocks.StreamBlock):
    """What news and general pages are built of."""

    text = blocks.RichTextBlock(label=_("Text"), features=RICH, template="cms/blocks/text.html")
    picture = PictureBlock()
    documents = DocumentsBlock()
    notice = NoticeBlock()


class HomeBody(TextBody):
    """What the home page is built of."""

    hero = HeroBlock()
    doors = DoorsBlock()
    auction = AuctionBlock()
    newest = NewestBlock()
    clusters = ClustersBlock()
    figures = FiguresBlock()
    news = NewsBlock()
