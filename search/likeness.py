"""How alike two texts are: MinHash over character bigrams, and the bands by which likely twins are looked up.

The share of equal minima in two signatures estimates the Jaccard index of the two sets of bigrams (Broder 1997), with a
standard error of at most 0.5 / √HASHES. A database finds who is alike by equality alone: two texts that agree in one
whole band are compared, all others are not looked at (Leskovec, Rajaraman, Ullman: Mining of Massive Datasets, ch. 3).
"""

import hashlib
import struct
from collections.abc import Iterable, Sequence

from search.text import bigrams

ROWS, BANDS = 3, 40  # a pair alike by .4 shares a band in 93 of 100 cases, one alike by .05 in 1 of 200
HASHES = ROWS * BANDS
THRESHOLD = 0.4  # from here on two outcomes are shown to the writer as alike
Signature = tuple[int, ...]
_ROW = struct.Struct(f"<{HASHES}I")


def tokens(text: str) -> frozenset[str]:
    """Return the set of bigrams a text is compared by: form of letters, spaces and punctuation do not count."""
    return frozenset(bigrams(text))


def signature(text: str) -> Signature | None:
    """Return the minima of HASHES hash functions over the text's bigrams; None where it has none.

    The functions are stretches of SHAKE-256, so that every process, release and machine makes the same.
    """
    rows = [_ROW.unpack(hashlib.shake_256(token.encode()).digest(_ROW.size)) for token in tokens(text)]
    return tuple(min(column) for column in zip(*rows, strict=True)) or None


def bands(of: Signature) -> list[int]:
    """Return one number per band of a signature, within the range of a signed 64-bit integer."""
    pieces = (struct.pack(f"<{ROWS + 1}I", band, *of[band * ROWS : (band + 1) * ROWS]) for band in range(BANDS))
    return [int.from_bytes(hashlib.blake2b(piece, digest_size=8).digest(), signed=True) for piece in pieces]


def estimate(one: Sequence[int], other: Sequence[int]) -> float:
    """Return the estimated Jaccard index of the texts behind two signatures, from 0 to 1."""
    return sum(a == b for a, b in zip(one, other, strict=True)) / HASHES


def jaccard(one: Iterable[str], other: Iterable[str]) -> float:
    """Return the true Jaccard index of two sets of bigrams; two empty ones have nothing in common."""
    first, second = set(one), set(other)
    return len(first & second) / len(first | second) if first | second else 0.0


def pack(of: Signature) -> bytes:
    """Return a signature as it is stored."""
    return _ROW.pack(*of)


def unpack(stored: bytes | memoryview) -> Signature:
    return _ROW.unpack(bytes(stored))
