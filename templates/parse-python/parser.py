"""A parser of HTTP requests as a component: the stage `parse`, to be graded with `cargo xtask grade-stage`.

It reads from the front, line by line: the request line (RFC 9112 section 3), the field lines (section 5), and
then the length of the content (section 6). Every error raises a `Refusal`, which ends the parsing at once, and missing
bytes raise `Incomplete`.

It never guesses: if an RFC allows a recipient to repair what it receives, this parser returns 400 instead. It has no size
limits, which a server needs.
"""

import re
from ipaddress import AddressValueError, IPv6Address
from typing import Optional

from componentize_py_types import Err
from wit_world import Field, Refusal, Request  # made by componentize-py from wit/parse-stage.wit

# RFC 9110 section 5.6.2. All expressions are for `fullmatch`. None uses `\d` or `\w`, which match more than ASCII.
TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")

# RFC 9110 section 5.5: no control characters except the tab. Text outside of ASCII is allowed.
FIELD_VALUE = re.compile(r"[^\x00-\x08\x0a-\x1f\x7f]*")

# RFC 3986 sections 2 and 3: the characters of a path with a query, and those of a host (without the comma, which would
# make a list).
PATH_AND_QUERY = re.compile(r"(?:[-._~!$&'()*+,;=:@/?0-9A-Za-z]|%[0-9A-Fa-f]{2})*")
HOST_NAME = re.compile(r"(?:[-._~!$&'()*+;=0-9A-Za-z]|%[0-9A-Fa-f]{2})+")


class WitWorld:
    """What the component exports. componentize-py requires this name."""

    def parse(self, text: str) -> Optional[Request]:
        try:
            return parse(text)
        except Incomplete:
            return None


class Incomplete(Exception):
    """The end of the request has not arrived."""


def refuse(status: int, reason: str, rule: str) -> Err:
    """An error that ends the parsing: the status of the response, what is wrong, and the rule that says so."""
    return Err(Refusal(status, reason, rule))


def parse(text: str) -> Request:
    # RFC 9112 section 2.2: an empty line before the request line is ignored.
    line, rest = take_line(text.removeprefix("\r\n"))
    method, target, version = request_line(line)
    if version == "HTTP/0.9":
        return Request(method, target, version, [])  # It has no fields.
    fields, rest = field_lines(rest)
    request = Request(method, target, version, fields)
    check_host(request)
    check_content_is_there(request, rest)
    return request


def take_line(text: str) -> tuple[str, str]:
    """Splits off the first line, without its CRLF."""
    line, end, rest = text.partition("\n")
    if not end:
        raise Incomplete
    if not line.endswith("\r") or "\r" in line[:-1]:
        raise refuse(400, "CR and LF may appear only together, at the end of a line.", "RFC 9112 section 2.2")
    return line[:-1], rest


def request_line(line: str) -> tuple[str, str, str]:
    """`method SP request-target SP HTTP-version`, or only `GET SP request-target`, which is HTTP/0.9."""
    # Every space separates two words, so two spaces in a row make an empty word.
    match line.split(" "):
        case ["GET", target]:
            method, version = "GET", "HTTP/0.9"
        case [method, target, version]:
            version = check_version(version)
        case _:
            raise refuse(400, "The request line does not have three words.", "RFC 9112 section 3")
    if not TOKEN.fullmatch(method):
        raise refuse(400, "The method is not a token.", "RFC 9110 section 9.1")
    if not is_target(target, method):
        raise refuse(400, "The request-target is not in a form that the method allows.", "RFC 9112 section 3.2")
    return method, target, version


def check_version(version: str) -> str:
    """The version of the response."""
    if not re.fullmatch(r"HTTP/[0-9]\.[0-9]", version):
        raise refuse(400, "The version is malformed.", "RFC 9112 section 2.3")
    if not version.startswith("HTTP/1."):
        raise refuse(505, "Only HTTP/1.x is supported.", "RFC 9110 section 15.6.6")
    # RFC 9110 section 2.5: a later minor version is treated as the latest known one.
    return "HTTP/1.0" if version == "HTTP/1.0" else "HTTP/1.1"


def is_target(target: str, method: str) -> bool:
    """The four forms of RFC 9112 section 3.2."""
    if method == "CONNECT":
        return is_host(target)  # authority-form
    if target == "*":
        return method == "OPTIONS"  # asterisk-form
    if target.startswith("/"):
        return bool(PATH_AND_QUERY.fullmatch(target))  # origin-form
    absolute = re.fullmatch(r"http://([^/?]*)([/?].*)?", target, re.IGNORECASE)  # absolute-form
    return bool(absolute) and is_host(absolute[1]) and bool(PATH_AND_QUERY.fullmatch(absolute[2] or ""))


def is_host(text: str) -> bool:
    """`uri-host [ ":" port ]`, without the userinfo that RFC 9110 section 4.2.4 warns of."""
    # An IPv6 address contains colons, within brackets.
    parts = re.fullmatch(r"(?:\[([^]]*)\]|([^:]*))(?::[0-9]*)?", text)
    if not parts:
        return False
    address, name = parts.groups()
    if address is None:
        return bool(HOST_NAME.fullmatch(name))
    try:
        IPv6Address(address)
    except AddressValueError:
        return False
    return "%" not in address  # Python would accept a zone, too.


def field_lines(text: str) -> tuple[list[Field], str]:
    """Field lines up to the empty line, and the text after it."""
    fields = []
    while True:
        line, text = take_line(text)
        if not line:
            return fields, text
        fields.append(field_line(line))


def field_line(line: str) -> Field:
    """`field-name ":" OWS field-value OWS`."""
    name, colon, value = line.partition(":")
    if not colon:
        raise refuse(400, "A field line has no colon.", "RFC 9112 section 5")
    # A token has no whitespace, so this also rejects whitespace before the colon, and folded lines.
    if not TOKEN.fullmatch(name):
        raise refuse(400, "A field name is not a token.", "RFC 9112 section 5.1")
    if not FIELD_VALUE.fullmatch(value):
        raise refuse(400, "A field value has a control character.", "RFC 9110 section 5.5")
    return Field(name, value.strip(" \t"))


def values(request: Request, name: str) -> list[str]:
    """The values of all fields with this name, which is case-insensitive."""
    return [field.value for field in request.fields if field.name.lower() == name]


def check_host(request: Request) -> None:
    """RFC 9112 section 3.2: exactly one Host, which HTTP/1.0 may leave out."""
    match values(request, "host"):
        case [host] if is_host(host):
            return
        case [] if request.version == "HTTP/1.0":
            return
    raise refuse(400, "There must be exactly one Host, with an optional port.", "RFC 9112 section 3.2")


def check_content_is_there(request: Request, rest: str) -> None:
    """Decides how much content follows the head, as in RFC 9112 section 6.3."""
    content = rest.encode().decode("latin-1")  # Lengths are in bytes; now each character is one byte.
    match values(request, "transfer-encoding"), values(request, "content-length"):
        case [], []:
            return
        case [], [length]:
            if len(content) < number(length, 10, "Content-Length", "RFC 9110 section 8.6"):
                raise Incomplete
        # Section 6.1: HTTP/1.0 has no transfer codings.
        case [coding], [] if coding.lower() == "chunked" and request.version == "HTTP/1.1":
            check_chunks_are_there(content)
        case _:
            raise refuse(400, "It is not clear where the content ends.", "RFC 9112 section 6.3")


def check_chunks_are_there(content: str) -> None:
    """`*( chunk-size CRLF chunk-data CRLF ) "0" CRLF *( field-line CRLF ) CRLF` (RFC 9112 section 7.1).

    A size may be followed by extensions.
    """
    while True:
        line, content = take_line(content)
        size = number(line.split(";")[0], 16, "chunk size", "RFC 9112 section 7.1")
        if size == 0:
            field_lines(content)
            return
        if len(content) < size + 2:
            raise Incomplete
        if content[size : size + 2] != "\r\n":
            raise refuse(400, "A chunk does not end with CR LF.", "RFC 9112 section 7.1")
        content = content[size + 2 :]


def number(digits: str, base: int, what: str, rule: str) -> int:
    """Only digits, and no more than any length needs. `int` would also accept a sign and underscores."""
    allowed = "[0-9]{1,18}" if base == 10 else "[0-9A-Fa-f]{1,16}"
    if not re.fullmatch(allowed, digits):
        raise refuse(400, f"The {what} is not a number.", rule)
    return int(digits, base)
