"""Turns the address that the server prints into the one that other people in the room can type."""

from __future__ import annotations

import contextlib
import io
import ipaddress
import os
import re
import socket
import sys
import threading
import webbrowser

from .texts import say

#: The line after the ready line, in either language: `Serving FOLDER at ADDRESS and ADDRESS; Ctrl-C stops it.`
ADDRESS = re.compile(r"(?<= )(\[[0-9a-f:.]+\]|[0-9.]+):([0-9]+)(?=[ ;])")

#: The ready line, in either language.
READY = re.compile(r"(?:Listening on|Escuchando en) (http://\S+/)\s*")


class Announcer:
    """Reads the server's output, opens a browser, and prints the addresses for other machines."""

    def __init__(self, *, opens: bool, draws: bool) -> None:
        self.opens = opens
        self.draws = draws

    def hear(self, line: str) -> str:
        """What to print after this line of the server."""
        said = ""
        ready = READY.fullmatch(line)
        if ready and self.opens:
            self.opens = False
            if not webbrowser.open(ready[1]):
                said += say("no browser", url=ready[1]) + "\n"
        names_addresses = line.startswith(("Serving ", "Sirviendo "))
        for host, port in ADDRESS.findall(line) if names_addresses else ():
            address = ipaddress.ip_address(host.strip("[]"))
            url = reachable(address, port)
            if url and address.is_unspecified:
                said += say("from others", url=url) + "\n"
            if self.draws:
                self.draws = False
                reason = "no others" if address.is_loopback else "no network"
                said += f"{qr_code(url)}\n  {url}\n" if url else say(reason) + "\n"
        return said


def reachable(address: ipaddress.IPv4Address | ipaddress.IPv6Address, port: str) -> str | None:
    """The URL with which other machines reach a server that listens there, if they can."""
    if address.is_loopback:
        return None
    if address.is_unspecified:
        found = own_address(address.version)
        if found is None:
            return None
        address = ipaddress.ip_address(found)
    return f"http://[{address}]:{port}/" if address.version == 6 else f"http://{address}:{port}/"


def own_address(version: int) -> str | None:
    """This machine's address in the network through which it would reach others. Nothing is sent to find it."""
    family, somewhere = {4: (socket.AF_INET, "192.0.2.1"), 6: (socket.AF_INET6, "2001:db8::1")}[version]
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            # An address for documentation (RFC 5737, RFC 3849). With UDP, connecting only chooses a route.
            probe.connect((somewhere, 9))
            found = probe.getsockname()[0]
    except OSError:
        return None
    address = ipaddress.ip_address(found)
    return None if address.is_loopback or address.is_link_local or address.is_unspecified else found


def qr_code(url: str) -> str:
    """A URL as a QR code, for a terminal with light text on a dark background."""
    import segno

    drawn = io.StringIO()
    segno.make(url, micro=False, error="l").terminal(drawn, compact=True)
    return drawn.getvalue().rstrip("\n")


@contextlib.contextmanager
def announced(announcer: Announcer):
    """A context in which everything that this process and its component write on stderr goes through `announcer`."""
    sys.stderr.flush()
    real = os.dup(2)
    reader, writer = os.pipe()
    os.dup2(writer, 2)
    os.close(writer)

    def pass_on() -> None:
        with os.fdopen(reader, "rb") as lines:
            for line in lines:
                write(real, line)
                write(real, announcer.hear(line.decode("utf-8", "replace")).encode("utf-8"))

    thread = threading.Thread(target=pass_on, daemon=True)
    thread.start()
    try:
        yield
    finally:
        sys.stderr.flush()
        # Now nothing is written to the pipe any more, and the thread ends when it has passed on the rest.
        os.dup2(real, 2)
        thread.join(timeout=5)
        os.close(real)


def write(descriptor: int, text: bytes) -> None:
    """Writes all of it. The server continues even if its output is not read."""
    try:
        while text:
            text = text[os.write(descriptor, text) :]
    except OSError:
        pass
