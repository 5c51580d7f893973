"""What the API takes and gives, as OpenAPI describes it. A test holds real answers against it.

Amounts are integer fen; instants are UTC with microseconds, as in the public record.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

LARGEST = 2**53 - 1  # every JSON reader knows it exactly
LAST_SEQ = 999_999_999

Fen = Annotated[int, Field(description="Integer fen (1 yuan = 100 fen).")]
Instant = Annotated[str, Field(json_schema_extra={"format": "date-time"}, description="UTC, microseconds.")]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Bid(_Shape):
    """One bid. It cannot be withdrawn, unless it is sealed and bidding still runs."""

    amount: Annotated[int, Field(strict=True, ge=1, le=LARGEST, description="Integer fen (1 yuan = 100 fen).")]
    confirmed: Annotated[
        bool,
        Field(strict=True, description="That the first bid of an organisation, or one far above the price, is meant."),
    ] = False


class Nothing(_Shape):
    """An empty object: `{}`."""


class Receipt(_Shape):
    """Proof of an accepted bid, signed with Ed25519 over the canonical JSON of its fields without the last two."""

    v: int
    lot: str
    seq: int
    hash: str
    alias: str
    amount: Fen
    arrived_at: Instant
    signature: Annotated[str, Field(description="Base64.")]
    public_key: Annotated[str, Field(description="Base64; also the header X-Receipt-Key of the record.")]


class Accepted(_Shape):
    """An accepted bid. The same key and amount always give this very body again."""

    accepted: bool
    lot: str
    seq: Annotated[int, Field(description="Place in the public record.")]
    hash: str
    alias: Annotated[str, Field(description="Number of the bidder in this lot.")]
    amount: Fen
    arrived_at: Annotated[str, Field(description="When the bid entered the platform: the moment that counts.")]
    ends_at: Annotated[str, Field(description="End of the lot after this bid.")]
    receipt: Receipt


class SealedReceipt(_Shape):
    """Proof of a sealed bid, signed as a Receipt is. Keep it: amount and nonce are readable nowhere else.

    `commitment` is the SHA-256 of the canonical JSON of alias, amount, lot, nonce and v, and stands in the record.
    """

    v: int
    kind: Annotated[str, Field(description="sealed or sealed_replaced")]
    lot: str
    alias: str
    amount: Fen
    nonce: Annotated[str, Field(description="64 hexadecimal digits.")]
    commitment: str
    arrived_at: Instant
    signature: Annotated[str, Field(description="Base64.")]
    public_key: Annotated[str, Field(description="Base64; also the header X-Receipt-Key of the record.")]


class Sealed(_Shape):
    """A bid taken in on a lot of sealed bids. The same key and amount always give this very body again."""

    accepted: bool
    lot: str
    kind: Annotated[str, Field(description="sealed, or sealed_replaced where it takes the place of an earlier one")]
    alias: str
    commitment: str
    arrived_at: Annotated[str, Field(description="When the bid entered the platform: the moment that counts.")]
    ends_at: Annotated[str, Field(description="End of the lot; sealed bids never move it.")]
    amount: Fen
    nonce: str
    receipt: SealedReceipt


class WithdrawalReceipt(_Shape):
    """Proof that a sealed bid does not count any more, signed as a Receipt is."""

    v: int
    kind: Annotated[str, Field(description="sealed_withdrawn")]
    lot: str
    alias: str
    commitment: Annotated[str, Field(description="Of the bid that was withdrawn.")]
    arrived_at: Instant
    signature: Annotated[str, Field(description="Base64.")]
    public_key: Annotated[str, Field(description="Base64; also the header X-Receipt-Key of the record.")]


class Withdrawn(_Shape):
    """A sealed bid taken back. The same key always gives this very body again."""

    accepted: bool
    lot: str
    kind: str
    alias: str
    commitment: str
    arrived_at: Instant
    ends_at: Instant
    receipt: WithdrawalReceipt


class Event(_Shape):
    """One entry of the public record."""

    seq: int
    kind: Annotated[
        str,
        Field(
            description="opened, bid, priority_match, extended, suspended, resumed, called, voided, closed, result, "
            "withdrawn, postponed, rescheduled; of sealed bids, all after the close: sealed, sealed_replaced, "
            "sealed_withdrawn, revealed"
        ),
    ]
    source: Annotated[str, Field(description="online, or floor: entered or done by the auctioneer in the hall.")]
    alias: str
    amount: Fen | None
    arrived_at: Instant
    hash: str
    call: Annotated[int | None, Field(description="Of called: 1, 2 or 3.")]
    voids: Annotated[int | None, Field(description="Of voided: the number of the bid that does not count any more.")]
    ends_at: Annotated[Instant | None, Field(description="Of opened, extended, resumed, rescheduled: the end it sets.")]
    amount_text: str


class Frame(_Shape):
    """Where a lot stands: the same in the stream, in its fallback and in the page.

    Of a lot of sealed bids only that bidding runs: until its close seq is 0, head and events are empty.
    """

    lot: str
    format: Annotated[str, Field(description="english, sealed or hybrid")]
    seq: Annotated[int, Field(description="Number of the last event; ask with since= this number next time.")]
    state: str
    price: Fen | None
    leader: Annotated[str, Field(description="Number of the leading bidder, or empty.")]
    next: Annotated[list[int], Field(description="Fen: the least accepted; of open bids two more that a tap may bid.")]
    starts_at: Annotated[Instant, Field(description="Beginning of the bidding; new times of a postponed lot move it.")]
    ends_at: Instant
    practice: Annotated[bool, Field(description="True in practice and rehearsals: nothing counts, no money is real.")]
    extensions: int
    calls: Annotated[int, Field(description="How often the price was called in the hall; a bid begins anew.")]
    called_at: Instant | None
    head: Annotated[str, Field(description="Hash of the last event.")]
    price_text: str
    next_texts: list[str]
    raise_texts: list[str]
    server_time: Instant
    events: Annotated[list[Event], Field(description="Events after since=, oldest first.")]
