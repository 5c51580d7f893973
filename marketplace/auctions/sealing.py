"""Secrets of a sale: the reserve and the key of sealed bids under locks that open at the close, the key of receipts.

One seed of 32 bytes (AUCTION_KEY, or made under DATA_DIR on a bare machine) gives every key by HKDF.
"""

import base64
import json
import os
import secrets
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

SEED_LENGTH = 32
NONCE_LENGTH = 12


@lru_cache(maxsize=1)
def _seed() -> bytes:
    """Return the seed of all auction keys."""
    if settings.AUCTION_KEY:
        seed = base64.urlsafe_b64decode(settings.AUCTION_KEY)
        if len(seed) != SEED_LENGTH:
            raise ImproperlyConfigured("AUCTION_KEY is 32 random bytes in URL-safe base64.")
        return seed
    return _seed_on_this_machine()


def _seed_on_this_machine() -> bytes:
    """Read the seed from its file, making it once; several processes may try at the same time."""
    path = settings.AUCTION_KEY_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    draft.write_bytes(secrets.token_bytes(SEED_LENGTH))
    draft.chmod(0o600)
    try:
        os.link(draft, path)  # fails if another process was first: its seed stands
    except FileExistsError:
        return path.read_bytes()
    finally:
        draft.unlink()
    return path.read_bytes()


@lru_cache(maxsize=8)
def _key(purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=SEED_LENGTH, salt=None, info=purpose.encode()).derive(_seed())


def seal(lot_number: str, amount: int, nonce: str) -> bytes:
    """Return the reserve of a lot, readable only by `unseal`."""
    start = secrets.token_bytes(NONCE_LENGTH)
    plain = json.dumps({"amount": amount, "nonce": nonce}).encode()
    return start + AESGCM(_key("reserve v1")).encrypt(start, plain, lot_number.encode())


def unseal(lot_number: str, sealed: bytes) -> dict[str, Any]:
    """Return {"amount": fen, "nonce": …} of a sealed reserve. Called by the close, and by nothing else."""
    plain = AESGCM(_key("reserve v1")).decrypt(sealed[:NONCE_LENGTH], sealed[NONCE_LENGTH:], lot_number.encode())
    return json.loads(plain)


def new_lot_key(lot_number: str) -> bytes:
    """Return a new key for the sealed bids of one lot, wrapped: readable only by `lot_key`."""
    start = secrets.token_bytes(NONCE_LENGTH)
    return start + AESGCM(_key("lot keys v1")).encrypt(start, secrets.token_bytes(SEED_LENGTH), lot_number.encode())


def lot_key(lot_number: str, wrapped: bytes) -> bytes:
    """Return the key of a lot's sealed bids. Raises cryptography's InvalidTag under another seed or for another lot."""
    return AESGCM(_key("lot keys v1")).decrypt(wrapped[:NONCE_LENGTH], wrapped[NONCE_LENGTH:], lot_number.encode())


@lru_cache(maxsize=1)
def signing_key() -> Ed25519PrivateKey:
    """Return the key that signs receipts."""
    return Ed25519PrivateKey.from_private_bytes(_key("receipts v1"))


def public_key() -> str:
    """Return the public half in base64, for anybody who checks a receipt."""
    raw = signing_key().public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return base64.b64encode(raw).decode()
