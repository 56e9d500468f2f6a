"""From bytes to text without losing a character unnoticed.

Servers of this age send a wrong charset header, a wrong meta, or none.  The declared charsets are
therefore claims to be checked: bytes that decode as strict UTF-8 and hold multi-byte characters are
UTF-8 whatever is claimed (a GBK text that happens to be valid UTF-8 does not occur beyond a few
characters); then header, meta and gb18030 (the superset of GB2312 and GBK) are tried strictly.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom

_CHINESE = {"gb2312", "gbk", "gb18030", "cp936", "euc_cn", "iso-ir-58", "gb_2312-80"}
# Fit any bytes whatever, so such a claim proves nothing of a Chinese page.
_SINGLE_BYTE = re.compile(r"^(?:cp125|cp437|iso8859|latin|koi8|mac|ascii)")


@dataclass(frozen=True, slots=True)
class Decoded:
    """How a page reads: its charset, where that was learnt, and how many bytes fit no charset."""

    encoding: str
    source: str
    replaced: int


def _codec(name: str | None) -> str | None:
    """Return Python's codec for a declared charset, the GB family widened to gb18030."""
    if not name:
        return None
    try:
        codec = codecs.lookup(name).name
    except LookupError:
        return None
    return "gb18030" if codec in _CHINESE else codec


def _fits(body: bytes, encoding: str) -> bool:
    try:
        body.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def detect(body: bytes, content_type: str | None = None) -> Decoded:
    """Return the charset that *body* is written in.

    >>> detect("供电服务满意度".encode("gbk"), "text/html; charset=utf-8")
    Decoded(encoding='gb18030', source='fallback', replaced=0)
    >>> detect("供电".encode(), "text/html; charset=gb2312").encoding
    'utf-8'
    """
    bom, _ = read_bom(body)
    if bom:
        return Decoded(bom, "bom", body.decode(bom, "replace").count("�"))
    if _fits(body, "utf-8"):
        return Decoded("utf-8", "bytes", body.count("�".encode()))
    claims = {
        "header": _codec(http_content_type_encoding(content_type)),
        "meta": _codec(html_body_declared_encoding(body[:4096])),
        "fallback": "gb18030",
    }
    for source, claim in claims.items():
        if claim and claim != "utf-8" and not _SINGLE_BYTE.match(claim) and _fits(body, claim):
            return Decoded(claim, source, 0)
    # Damaged bytes: whichever of the two loses fewer characters; the loss is counted, not hidden.
    losses = {name: body.decode(name, "replace").count("�") for name in ("utf-8", "gb18030")}
    best = min(losses, key=losses.__getitem__)
    return Decoded(best, "damaged", losses[best])
