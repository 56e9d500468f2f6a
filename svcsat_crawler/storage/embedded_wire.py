"""One command to the server on a port of this machine, without a driver's threads and pools.

The server's parent and the quick look "is that ours?" need two commands; pymongo's client brings several
threads for that, which outlive it by seconds and would delay every stop.
"""

from __future__ import annotations

import socket
import struct
from typing import Any

import bson
from bson.errors import BSONError

from svcsat_crawler.storage.embedded_files import HOST, SERVER_DATABASE

# https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/: length, request, answer to, code
_HEADER = struct.Struct("<iiii")
_OP_MSG = 2013
_FLAGS_AND_KIND = b"\0\0\0\0\0"
_LONGEST = 1 << 20


class WireError(Exception):
    """Nothing that speaks MongoDB answers there, or it refuses."""


def call(port: int, command: dict[str, Any], timeout: float = 3.0) -> dict[str, Any]:
    """Send *command* (with its ``$db``) and return the answer; WireError when there is none."""
    body = _FLAGS_AND_KIND + bson.encode(command)
    try:
        with socket.create_connection((HOST, port), timeout) as connection:
            connection.sendall(_HEADER.pack(_HEADER.size + len(body), 1, 0, _OP_MSG) + body)
            length, _, _, code = _HEADER.unpack(_read(connection, _HEADER.size))
            if code != _OP_MSG or not _HEADER.size < length < _LONGEST:
                raise WireError(f"port {port} does not speak MongoDB")
            reply: dict[str, Any] = bson.decode(
                _read(connection, length - _HEADER.size)[len(_FLAGS_AND_KIND) :]
            )
    except (OSError, BSONError) as error:
        raise WireError(f"port {port}: {error}") from error
    if reply.get("ok") != 1:
        raise WireError(f"port {port} refuses {next(iter(command))}: {reply.get('errmsg')}")
    return reply


def _read(connection: socket.socket, size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        piece = connection.recv(size - len(data))
        if not piece:
            raise ConnectionResetError("the connection ended within an answer")
        data += piece
    return bytes(data)


def read_token(port: int) -> str | None:
    """The token in the database of the server on *port*; WireError when there is no such server."""
    find = {"find": "server", "filter": {"_id": "token"}, "limit": 1, "$db": SERVER_DATABASE}
    batch = call(port, find)["cursor"]["firstBatch"]
    return batch[0].get("token") if batch else None


def write_token(port: int, token: str) -> None:
    """Put *token* into the database of the server on *port*, safely on disk."""
    update = {"q": {"_id": "token"}, "u": {"_id": "token", "token": token}, "upsert": True}
    concern = {"w": 1, "j": True}
    call(port, {"update": "server", "updates": [update], "writeConcern": concern, "$db": SERVER_DATABASE})


def work_done(port: int) -> int:
    """How many reads and writes the server on *port* has done since its start."""
    counts: dict[str, int] = call(port, {"serverStatus": 1, "$db": "admin"})["opcounters"]
    return sum(number for name, number in counts.items() if name != "command")
