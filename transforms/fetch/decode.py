"""Bytes of a response body as they come, decompressed under a cap.

Only gzip and deflate are offered and accepted, one coding at most: chains and unknown codings
are refused before a byte is read. Every step is bounded, so a bomb costs its cap and no more.
RFC 9110 section 8.4, RFC 1950 to 1952.
"""

import zlib

from transforms.errors import ItemError
from transforms.outcomes import Reason

ACCEPT_ENCODING = "gzip, deflate"
_STEP = 64 * 1024


def coding_of(header: str) -> str:
    """The one coding that a Content-Encoding header names: '', 'gzip' or 'deflate'.

    Raises ItemError(encoding_unsupported) for others and for more than one.
    """
    names = [name for part in header.split(",") if (name := part.strip().lower())]
    names = ["gzip" if name == "x-gzip" else name for name in names if name != "identity"]
    if not names:
        return ""
    if len(names) > 1 or names[0] not in ("gzip", "deflate"):
        raise ItemError(Reason.ENCODING_UNSUPPORTED, f"Content-Encoding: {header[:80]}")
    return names[0]


class Body:
    """Collects at most `cap` decoded bytes: `feed` pieces, then `end`, then take `data`.

    `full` says that more was there than the cap allows (nothing beyond it was decoded),
    `trailing` that junk stood behind a complete coded stream.
    """

    def __init__(self, coding: str, cap: int) -> None:
        self.data = bytearray()
        self.full = False
        self.trailing = False
        self._cap = cap
        self._coding = coding
        self._raw_seen = 0
        self._held = b""
        self._members = 0
        self._member_bytes = 0
        self._raw_deflate = False
        self._inflate = _inflater(coding) if coding else None

    def feed(self, piece: bytes) -> None:
        """Add a piece as received. Raises ItemError(decode_failed) when it is not the coding."""
        self._raw_seen += len(piece)
        if self._inflate is None:
            self._keep(piece)
        elif self._raw_seen < 2:
            self._held = piece  # too little to tell one format from another
        else:
            self._decode(self._held + piece)
            self._held = b""
        if self._raw_seen > self._cap + _STEP:
            self.full = True  # empty blocks without end decode to nothing

    def end(self) -> None:
        """The stream is over. Raises ItemError(truncated) when a coded body was cut off."""
        if self._inflate is None or self.full or self.trailing or not self._raw_seen:
            return
        if not self._inflate.eof:
            raise ItemError(Reason.TRUNCATED, f"{self._coding} stream ends before its end")

    def _keep(self, piece: bytes) -> None:
        room = self._cap - len(self.data)
        self.data += piece[:room]
        self.full = self.full or len(piece) > room

    def _decode(self, piece: bytes) -> None:
        inflate = self._inflate
        while inflate is not None and not self.full and not self.trailing:
            if inflate.eof:
                if not piece:
                    return
                inflate = self._next_member(piece)
                continue
            limit = min(_STEP, self._cap - len(self.data) + 1)
            try:
                out = inflate.decompress(piece, limit)
            except zlib.error as error:
                inflate = self._recover(error)
                continue
            self._keep(out)
            self._member_bytes += len(out)
            self._members += inflate.eof
            piece = inflate.unused_data if inflate.eof else inflate.unconsumed_tail
            if not piece and len(out) < limit:
                return

    def _next_member(self, piece: bytes) -> "zlib._Decompress | None":
        # RFC 1952: members follow one another; anything else behind the first is junk.
        if self._coding != "gzip" or piece[:2] != b"\x1f\x8b"[: len(piece)]:
            self.trailing = True
            return None
        self._member_bytes = 0
        self._inflate = _inflater("gzip")
        return self._inflate

    def _recover(self, error: zlib.error) -> "zlib._Decompress | None":
        if self._members and not self._member_bytes:
            self.trailing = True
            return None
        if self._coding == "deflate" and not self.data and not self._raw_deflate:
            self._raw_deflate = True  # some servers send raw deflate under the name
            self._inflate = zlib.decompressobj(-zlib.MAX_WBITS)
            return self._inflate
        raise ItemError(Reason.DECODE_FAILED, f"{self._coding}: {error}") from error


def _inflater(coding: str) -> "zlib._Decompress":
    return zlib.decompressobj(zlib.MAX_WBITS | 16 if coding == "gzip" else zlib.MAX_WBITS)
