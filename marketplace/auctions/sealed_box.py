"""The box one sealed bid lies in until the close: made in the web process, opened by the close and by nothing else.

The nonce of a commitment follows from the lot's key, the bidder's number, the client's key and the amount. So the
same bid sent twice has the same commitment, by which the database knows a repetition without knowing the amount,
and the same receipt, though nobody has kept its nonce. Whoever lacks the lot's key can guess neither.
"""

import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from marketplace.auctions.sealing import NONCE_LENGTH, SEED_LENGTH, lot_key
from marketplace.auctions.verifier import canonical, sealed_commitment

AMOUNT_LENGTH = 8  # bytes: every box is as long as every other, whatever it holds


class BoxBroken(Exception):
    """The key of a lot, or a box, cannot be opened: another AUCTION_KEY, or changed bytes. Says no amount."""


class LotBoxes:
    """Makes and opens the boxes of one lot. Raises BoxBroken where its key cannot be unwrapped."""

    def __init__(self, lot_number: str, wrapped_key: bytes) -> None:
        self.lot_number = lot_number
        try:
            key = lot_key(lot_number, wrapped_key)
        except (InvalidTag, ValueError) as error:  # ValueError: there is no key yet
            raise BoxBroken("the key of the lot cannot be unwrapped") from error
        self._for_boxes, self._for_nonces = _derived(key, "boxes v1"), _derived(key, "nonces v1")

    def nonce_of(self, alias: str, amount: int, key: str) -> str:
        """Return the nonce (64 hexadecimal digits) of a bid sent under a client's key."""
        meant = canonical([self.lot_number, alias, amount, key])
        return hmac.new(self._for_nonces, meant.encode(), "sha256").hexdigest()

    def seal(self, alias: str, amount: int, nonce: str) -> bytes:
        """Return the box of an amount (fen) with its nonce; it opens only beside its own commitment."""
        start = secrets.token_bytes(NONCE_LENGTH)
        plain = amount.to_bytes(AMOUNT_LENGTH) + bytes.fromhex(nonce)
        commitment = sealed_commitment(self.lot_number, alias, amount, nonce)
        return start + AESGCM(self._for_boxes).encrypt(start, plain, commitment.encode())

    def open(self, alias: str, commitment: str, box: bytes) -> tuple[int, str]:
        """Return (fen, nonce) of a box. Raises BoxBroken where it does not open, or holds something else."""
        try:
            plain = AESGCM(self._for_boxes).decrypt(box[:NONCE_LENGTH], box[NONCE_LENGTH:], commitment.encode())
        except (InvalidTag, ValueError) as error:
            raise BoxBroken("a box cannot be opened") from error
        amount, nonce = int.from_bytes(plain[:AMOUNT_LENGTH]), plain[AMOUNT_LENGTH:].hex()
        if sealed_commitment(self.lot_number, alias, amount, nonce) != commitment:
            raise BoxBroken("a box holds another bid than its commitment says")
        return amount, nonce


def _derived(key: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=SEED_LENGTH, salt=None, info=purpose.encode()).derive(key)
