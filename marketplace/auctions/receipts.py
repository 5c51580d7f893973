"""Signed receipts: what the platform hands a bidder for each accepted bid (Ed25519)."""

import base64
import json
from typing import Any

from cryptography.exceptions import InvalidSignature

from marketplace.auctions.numbering import REHEARSED
from marketplace.auctions.sealing import public_key, signing_key
from marketplace.auctions.verifier import canonical

SIGNED = ("lot", "seq", "hash", "alias", "amount", "arrived_at")
SEALED = ("kind", "lot", "alias", "amount", "nonce", "commitment", "arrived_at")
OF_KIND = {
    "sealed": SEALED,
    "sealed_replaced": SEALED,
    "sealed_withdrawn": ("kind", "lot", "alias", "commitment", "arrived_at"),
}


def receipt_of(answer: dict[str, Any]) -> dict[str, Any]:
    """Return the signed receipt of an accepted bid; the same bid always gives the same receipt."""
    content = {"v": 1} | {name: answer[name] for name in SIGNED}
    return _signed(content)


def sealed_receipt_of(answer: dict[str, Any]) -> dict[str, Any]:
    """Return the signed receipt of a sealed bid or of its withdrawal (`kind` says which).

    Of a bid it holds amount and nonce, which give the commitment in the record; of a withdrawal the commitment that
    does not count any more. Neither names a place in the record, which would tell how many others there are.
    """
    content = {"v": 1} | {name: answer[name] for name in OF_KIND[answer["kind"]]}
    return _signed(content)


def _signed(content: dict[str, Any]) -> dict[str, Any]:
    """Return a receipt with its signature; a rehearsal's says so beside what is signed, as its lot's number does."""
    signature = signing_key().sign(canonical(content).encode())
    mark = {"practice": "演练，不算数 (rehearsal, does not count)"} if content["lot"].startswith(REHEARSED) else {}
    return content | mark | {"signature": base64.b64encode(signature).decode(), "public_key": public_key()}


def text_of(receipt: dict[str, Any]) -> str:
    """Return a receipt as it is kept: to read, to paste, to save."""
    return json.dumps(receipt, ensure_ascii=False, indent=2)


def download_of(receipt: dict[str, Any]) -> str:
    """Return an address that saves the receipt without another request."""
    return f"data:application/json;base64,{base64.b64encode(text_of(receipt).encode()).decode()}"


def is_genuine(receipt: dict[str, Any]) -> bool:
    """Tell whether a receipt was signed by this platform, unchanged."""
    content = {"v": 1} | {name: receipt.get(name) for name in OF_KIND.get(receipt.get("kind", ""), SIGNED)}
    try:
        signing_key().public_key().verify(base64.b64decode(receipt["signature"]), canonical(content).encode())
    except (InvalidSignature, ValueError, KeyError):
        return False
    return True
