"""Aula: a web server in one sandboxed WebAssembly component, and its single steps as functions.

    >>> from aula import parse, resolve, respond
    >>> parse("GET /a?b HTTP/1.1\\r\\nHost: c\\r\\n\\r\\n")
    Request(method='GET', target='/a?b', version='HTTP/1.1', fields=[Field(name='Host', value='c')])

On the command line, `aula [FOLDER]` serves a folder and `aula check HOST:PORT` checks any web server.
"""

from .stages import Field, Found, Refusal, Request, Response, parse, resolve, respond

__all__ = ["Field", "Found", "Refusal", "Request", "Response", "parse", "resolve", "respond"]
__version__ = "0.1.0"
