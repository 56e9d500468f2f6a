"""The address of a MongoDB as a person wrote it: checked, and shown without its secrets."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pymongo.errors import PyMongoError
from pymongo.uri_parser import parse_uri

from svcsat_crawler.storage.errors import StoreError

RIGHT = "right is e.g. mongodb://user:password@host:27017/svcsat"
DATABASE = "svcsat"

_LOGIN = re.compile(r"^(?P<scheme>[^:/]*://)?(?P<user>[^:@/]*):(?P<password>.*)@", re.DOTALL)
_SECRET_OPTION = re.compile(r"(?i)([?&][^=&]*(?:password|token|authmechanismproperties)[^=&]*=)[^&]*")


@dataclass(frozen=True, slots=True)
class Address:
    """A checked MongoDB address."""

    uri: str
    shown: str
    hosts: str
    user: str | None
    database: str
    options: frozenset[str]


def masked(uri: str) -> str:
    """*uri* on one line without its password and other secrets.

    >>> masked("mongodb://me:p@ss/w@host/db?tlsCertificateKeyFilePassword=x&tls=true")
    'mongodb://me:***@host/db?tlsCertificateKeyFilePassword=***&tls=true'
    """
    shown = _LOGIN.sub(lambda found: f"{found['scheme'] or ''}{found['user']}:***@", uri)
    return one_line(_SECRET_OPTION.sub(r"\1***", shown))


def one_line(text: str) -> str:
    """*text* with line breaks and control characters made visible."""
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in text)


def read_address(uri: str) -> Address:
    """Check *uri*, the value of MONGODB_URI; StoreError says what is wrong with it."""
    shown = masked(uri)
    if any(sign.isspace() or not sign.isprintable() for sign in uri):
        raise StoreError(f"MONGODB_URI={shown}: it has blanks or control characters in it; {RIGHT}")
    try:
        parsed = parse_uri(uri, validate=True, warn=False)
    except (PyMongoError, ValueError, OSError, TypeError) as error:
        raise StoreError(f"MONGODB_URI={shown}: {_reason(uri, error)}; {RIGHT}") from error
    options = {name.lower(): value for name, value in parsed["options"].items()}
    if options.get("w") == 0:
        raise StoreError(f"MONGODB_URI={shown}: w=0 leaves writes unconfirmed; leave the option out")
    if parsed["collection"]:
        raise StoreError(f"MONGODB_URI={shown}: a database name has no dot; {RIGHT}")
    return Address(
        uri=uri,
        shown=shown,
        hosts=",".join(host if port is None else f"{host}:{port}" for host, port in parsed["nodelist"]),
        user=parsed["username"],
        database=parsed["database"] or DATABASE,
        options=frozenset(options),
    )


def _reason(uri: str, error: Exception) -> str:
    """What pymongo says, unless it may quote a piece of the password."""
    text = one_line(str(error)).partition(" or maybe a camelCase")[0].partition(" Hint:")[0].rstrip(".")
    login = _LOGIN.match(uri)
    if login is None:
        return text
    if re.search(r"[:/?#@\[\]]", login["password"]) or text.startswith("Username and password"):
        return "user name and password must be percent-encoded (@ is %40, / is %2F, : is %3A)"
    return text
