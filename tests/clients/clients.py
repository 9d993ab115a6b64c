"""What clients written in Python must see: `clients.py CLIENT http://ADDRESS`, which prints `done`. tests/clients.rs
says what is served."""

import asyncio
import http.client
import sys
import urllib.error
import urllib.parse
import urllib.request

PAGE = "<!DOCTYPE html><title>A page</title><p>The page, as it is.</p>\n"
SIZE = 8 << 20


def equal(found, expected):
    """Not `assert`, which `python -O` leaves out."""
    if found != expected:
        raise SystemExit(f"found {found!r}, expected {expected!r}")


def http_client(url):
    address = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=20)
    ports = set()
    # All on one connection.
    for method, path, fields, status, content in [
        ("GET", "/page.html", {}, 200, PAGE),
        ("HEAD", "/page.html", {}, 200, ""),
        ("GET", "/page.html", {"Range": "bytes=2-8"}, 206, PAGE[2:9]),
        ("GET", "/sub", {}, 301, None),
        ("GET", "/nothing", {}, 404, None),
        ("GET", "/a%C3%B1o.txt", {}, 200, "2026"),
    ]:
        connection.request(method, path, headers=fields)
        ports.add(connection.sock.getsockname())
        response = connection.getresponse()
        body = response.read().decode()
        equal(response.status, status)
        if content is not None:
            equal(body, content)
    equal(len(ports), 1)
    connection.request("GET", "/page.html")
    tag = connection.getresponse()
    tag.read()
    connection.request("GET", "/page.html", headers={"If-None-Match": tag.getheader("ETag")})
    response = connection.getresponse()
    equal((response.status, response.read()), (304, b""))
    connection.close()


def urllib_(url):
    with urllib.request.urlopen(url + "/sub", timeout=20) as response:
        equal(response.url, url + "/sub/")
        equal(response.read(), b"<!DOCTYPE html>the index of sub")
    try:
        urllib.request.urlopen(url + "/nothing", timeout=20)
        raise SystemExit("no error for a missing file")
    except urllib.error.HTTPError as error:
        equal(error.code, 404)


def requests_(url):
    import requests

    with requests.Session() as session:
        session.trust_env = False
        response = session.get(url + "/page.html", timeout=20)
        # It asks for gzip, and undoes it.
        equal((response.status_code, response.headers["Content-Encoding"], response.text), (200, "gzip", PAGE))
        response = session.get(url + "/sub", timeout=20)
        equal([each.status_code for each in [*response.history, response]], [301, 200])
        equal(session.get(url + "/año.txt", timeout=20).text, "2026")
        response = session.get(url + "/page.html", headers={"Range": "bytes=2-8", "Accept-Encoding": "identity"}, timeout=20)
        equal((response.status_code, response.text), (206, PAGE[2:9]))
        with session.get(url + "/large.bin", stream=True, timeout=20) as response:
            equal(sum(len(piece) for piece in response.iter_content(65536)), SIZE)
        # It stops in the middle of one, and goes on with another.
        with session.get(url + "/large.bin", stream=True, timeout=20) as response:
            next(response.iter_content(1000))
        equal(session.head(url + "/large.bin", timeout=20).headers["Content-Length"], str(SIZE))


def httpx_(url):
    import httpx

    with httpx.Client(trust_env=False, timeout=20) as client:
        response = client.get(url + "/page.html")
        equal((response.http_version, response.status_code, response.text), ("HTTP/1.1", 200, PAGE))
        equal(client.get(url + "/sub", follow_redirects=True).text, "<!DOCTYPE html>the index of sub")
        with client.stream("GET", url + "/large.bin") as response:
            equal(sum(len(piece) for piece in response.iter_bytes()), SIZE)

    async def many():
        async with httpx.AsyncClient(trust_env=False, timeout=20) as client:
            responses = await asyncio.gather(*(client.get(url + f"/page.html?{number}") for number in range(50)))
            equal({(response.status_code, response.text) for response in responses}, {(200, PAGE)})

    asyncio.run(many())


CLIENTS = {"http_client": http_client, "urllib": urllib_, "requests": requests_, "httpx": httpx_}
CLIENTS[sys.argv[1]](sys.argv[2])
print("done")
