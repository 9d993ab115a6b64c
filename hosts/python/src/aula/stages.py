"""The steps of the server as functions, without a socket: the interface `stages` of `wit/world.wit`.

They are the functions that the server itself runs, called in its sandbox.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import NamedTuple

from . import host

INTERFACE = "aula:server/stages@0.1.0"


class Field(NamedTuple):
    """A field line: name and value, as received."""

    name: str
    value: str


@dataclass
class Request:
    """What a request says."""

    #: `GET`, `HEAD`, `OPTIONS`, or any other token.
    method: str
    #: The request-target as received, in any of its forms (RFC 9112 section 3.2).
    target: str
    #: `HTTP/0.9`, `HTTP/1.0` or `HTTP/1.1`: the version of its response.
    version: str = "HTTP/1.1"
    fields: list[Field] = field(default_factory=list)


@dataclass
class Refusal:
    """Why a request, or a target, is rejected."""

    #: The status of the response, such as 400.
    status: int
    #: What is wrong, in a sentence.
    reason: str
    #: The rule that says so, such as `RFC 9112 section 3.2`; empty if it is a choice of the server.
    rule: str


@dataclass
class Found:
    """What a folder has for a target."""

    #: `file`, `directory` (one that is listed) or `redirect` (a directory whose slash is missing).
    kind: str
    #: The file's or directory's name, relative to the folder; of a redirect, the path to request instead.
    name: str


@dataclass
class Response:
    """A response, without the content itself."""

    status: int
    fields: list[Field]
    #: The length of its content in bytes.
    content_length: int


def parse(request: str | bytes) -> Request | Refusal | None:
    """Parses the first request in `request`, as text or as bytes in UTF-8. None if it is not complete."""
    text = request.decode() if isinstance(request, bytes) else request
    result = _call("parse", text)
    if result.tag == "err":
        return _refusal(result.payload)
    said = result.payload
    return said and Request(said.method, said.target, said.version, _fields(said.fields))


def resolve(target: str, folder: str = ".") -> Found | Refusal:
    """Resolves the path of a request-target, such as `/a/../b%20c`, in a folder."""
    result = _call("resolve", target, folder)
    # The package `wasmtime` leaves out the tag of a result if its two types differ, as a variant and a record do.
    return Found(result.tag, result.payload) if hasattr(result, "tag") else _refusal(result)


def respond(request: Request, folder: str = ".") -> Response:
    """Responds to a request from a folder."""
    response = _call("respond", request, folder)
    return Response(response.status, _fields(response.fields), getattr(response, "content-length"))


@functools.lru_cache(maxsize=1)
def _server() -> bytes:
    return host.builtin("server.wasm")


def _call(stage: str, argument, folder: str | None = None):
    """Calls a stage of a fresh instance, which can read `folder` and nothing else."""
    wasi = host.load_wasmtime().WasiConfig()
    if folder is not None:
        host.grant(wasi, folder)
    store, instance = host.instantiate(_server(), wasi)
    interface = instance.get_export_index(store, INTERFACE)
    function = instance.get_func(store, instance.get_export_index(store, stage, interface))
    return function(store, argument)


def _fields(fields) -> list[Field]:
    return [Field(each.name, each.value) for each in fields]


def _refusal(refusal) -> Refusal:
    return Refusal(refusal.status, refusal.reason, refusal.rule)
