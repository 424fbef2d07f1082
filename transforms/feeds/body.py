"""The bytes of a feed before any parser sees them: unpacked, sniffed, cut and declared truly.

Pure functions from bytes to bytes. They guard against inputs on which feedparser takes for ever
(kurtmckee/feedparser issue 562) or reads the wrong characters, without decoding the document.
"""

import codecs
import re
import zlib

MAX_BYTES = 10_000_000
MAX_AUTHOR = 256

GZIP_MAGIC = b"\x1f\x8b\x08"
_BOMS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_DECLARED = re.compile(
    rb"""^\s*<\?xml[^>]{0,200}?\bencoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']"""
)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
_ROOT = re.compile(rb"<(?![?!])([A-Za-z_][\w.:-]{0,60})")
_MISC = re.compile(rb"<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>", re.S | re.I)
# The elements whose text feedparser searches for an e-mail address, in quadratic time.
_AUTHORS = re.compile(
    rb"(<(?:[\w-]{1,30}:)?(?:author|managingEditor|webMaster|creator|publisher|owner|contributor"
    rb"|email|name)\b[^<>]{0,500}>\s*(?:<!\[CDATA\[)?)([^<>\]]{257,})",
    re.IGNORECASE,
)
_CHAR_REF = re.compile(rb"&#(?:[xX]([0-9A-Fa-f]{1,12})|(\d{1,12}));?")
_SINGLE_BYTE = re.compile(r"^(?:iso-?8859-?\d+|latin-?\d|windows-?125\d|cp125\d|us-?ascii|ascii)$")
_ENTITY = re.compile(
    rb"""<!ENTITY\s+(?:%\s+)?[\w.:-]{1,80}\s+(?:"([^"]*)"|'([^']*)'|(?:SYSTEM|PUBLIC)\b[^>]*)\s*>"""
)
_REFERENCE = re.compile(rb"&(?!#|(?:amp|lt|gt|quot|apos);)|%")
_MAX_ENTITY = 1_000
_C0 = bytes(b for b in range(0x20) if b not in (0x09, 0x0A, 0x0D))


def unpacked(body: bytes, limit: int = MAX_BYTES) -> bytes:
    """`body`, gunzipped when it is gzip that no header announced; at most `limit` bytes of it."""
    if not body.startswith(GZIP_MAGIC):
        return body
    try:
        return zlib.decompressobj(wbits=31).decompress(body, limit)
    except zlib.error:
        return body


def is_json(body: bytes) -> bool:
    """True when the first character that isn't white space opens a JSON object."""
    return _without_bom(body[:4096]).lstrip()[:1] == b"{"


def root_name(body: bytes) -> str:
    """Name of the document's first element without its prefix, lower case; '' for no markup."""
    head = _MISC.sub(b" ", _without_bom(body[:65536]).replace(b"\x00", b""))
    found = _ROOT.search(head)
    return found[1].decode("ascii", "replace").rsplit(":", 1)[-1].lower() if found else ""


def declared_encoding(body: bytes) -> str:
    """The encoding that the XML declaration names, lower case; '' without one."""
    found = _DECLARED.match(_without_bom(body[:400]))
    return found[1].decode("ascii").lower() if found else ""


def charset_of(content_type: str) -> str:
    """The charset parameter of a content type, lower case; '' without one."""
    found = _CHARSET.search(content_type)
    return found[1].lower() if found else ""


def with_true_encoding(body: bytes) -> bytes:
    """`body` declared as UTF-8 where it says a single-byte encoding but is plainly UTF-8.

    Plainly: all of it decodes strictly and it holds at least one multi-byte sequence.
    """
    said = declared_encoding(body)
    if not _SINGLE_BYTE.match(said) or body.isascii():
        return body
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return body
    name = re.compile(re.escape(said.encode()), re.IGNORECASE)
    return name.sub(b"utf-8", body[:400], count=1) + body[400:]


def with_plain_entities(body: bytes) -> bytes:
    """`body` with no entities declared but those that stand for a short piece of text.

    Entities made of entities grow without bound; those of a file or an address are not ours.
    """
    end = body.find(b"]", body.rfind(b"<!ENTITY")) if b"<!ENTITY" in body else 0
    return _ENTITY.sub(_plain_entity, body[:end]) + body[end:] if end > 0 else body


def _plain_entity(match: re.Match[bytes]) -> bytes:
    value = match[1] if match[1] is not None else match[2]
    plain = value is not None and len(value) <= _MAX_ENTITY and not _REFERENCE.search(value)
    return match[0] if plain else b""


def with_short_authors(body: bytes) -> bytes:
    """`body` with the text of author-like elements cut to 256 bytes each."""
    return _AUTHORS.sub(lambda match: match[1] + _whole(match[2][:MAX_AUTHOR]), body)


def mended(body: bytes, content_type: str = "") -> bytes:
    """`body` as valid UTF-8 without impossible characters: the second try when the first raised."""
    text = _without_bom(body)
    for name in (declared_encoding(body), charset_of(content_type), "utf-8"):
        try:
            codec = codecs.lookup(name)
            decoded = text.decode(codec.name, "replace")
        except (LookupError, UnicodeError, ValueError):
            continue
        text = decoded.encode("utf-8", "replace")
        break
    text = _DECLARED.sub(b"<?xml version='1.0' encoding='utf-8'", text, count=1)
    return _CHAR_REF.sub(_possible, text).translate(None, _C0)


def _possible(match: re.Match[bytes]) -> bytes:
    number = int(match[1], 16) if match[1] else int(match[2])
    fine = number in (9, 10, 13) or 0x20 <= number <= 0xD7FF or 0xE000 <= number <= 0x10FFFD
    return match[0] if fine else b"&#xFFFD;"


def _whole(cut: bytes) -> bytes:
    # Not in the middle of a UTF-8 character, nor of an entity.
    while cut and cut[-1] & 0xC0 == 0x80:
        cut = cut[:-1]
    if cut and cut[-1] >= 0xC0:
        cut = cut[:-1]
    return cut[: cut.rindex(b"&")] if b"&" in cut[-12:] else cut


def _without_bom(body: bytes) -> bytes:
    for bom in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :]
    return body
