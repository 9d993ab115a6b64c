"""Servers that were written without a look at the checker's code, each with what is to be said of it.

Usage: python3 unseen.py NAME; it prints the port, and serves the folder in which it is started.
       python3 unseen.py --table: the expectations, as JSON.

They were written in one go, after the lab's sheet and the habits that were found in students' servers, and then divided
in two sets by the hash of their names: the third and the fourth unseen set. The figures of the one run of each, before
anything was changed for it, are in docs/checker.md. Since then the words of eight rows have been made stricter, because
they had been found in a fix that did not fit (seven rows), or replaced, because the fix fits in other words (lower_case).
"""
import hashlib
import json
import sys

# ---- Programs that are right by the lab's sheet, each by another hand. ----

# The skeleton of the book, with the fields in two sends and no page for the 404.
BOOK = '''
#import socket module
from socket import *
import sys # In order to terminate the program
serverSocket = socket(AF_INET, SOCK_STREAM)
#Fill in start
serverSocket.bind(('', 0))
serverSocket.listen(1)
#Fill in end
print('Ready to serve...', serverSocket.getsockname()[1], flush=True)
while True:
    #Establish the connection
    connectionSocket, addr = serverSocket.accept() #Fill in
    try:
        message = connectionSocket.recv(1024).decode()
        filename = message.split()[1]
        f = open(filename[1:])
        outputdata = f.read()
        f.close()
        #Send one HTTP header line into socket
        connectionSocket.send("HTTP/1.1 200 OK\\r\\n".encode())
        connectionSocket.send("Content-Type: text/html\\r\\n".encode())
        connectionSocket.send("\\r\\n".encode())
        #Send the content of the requested file to the client
        for i in range(0, len(outputdata)):
            connectionSocket.send(outputdata[i].encode())
        connectionSocket.send("\\r\\n".encode())
        connectionSocket.close()
    except IOError:
        #Send response message for file not found
        connectionSocket.send("HTTP/1.1 404 Not Found\\r\\n".encode())
        connectionSocket.send("\\r\\n".encode())
        #Close client socket
        connectionSocket.close()
serverSocket.close()
sys.exit()
'''

# The template of another course: a function, two try, bytes.
NYU = '''
from socket import *
import sys

def webServer(port=13331):
  serverSocket = socket(AF_INET, SOCK_STREAM)
  serverSocket.bind(("", port))
  serverSocket.listen(1)
  print("port", serverSocket.getsockname()[1], flush=True)
  while True:
    connectionSocket, addr = serverSocket.accept()
    try:
      message = connectionSocket.recv(4096)
      filename = message.split()[1]
      f = open(filename[1:], "rb")
      outputdata = b"Content-Type: text/html; charset=UTF-8\\r\\n"
      outputdata += b"Server: webServer/1.0\\r\\n"
      outputdata += b"Connection: close\\r\\n\\r\\n"
      outputdata = b"HTTP/1.1 200 OK\\r\\n" + outputdata
      for i in f: #for line in file
        outputdata += i
      connectionSocket.sendall(outputdata)
      connectionSocket.close()
    except (OSError, IndexError) as e:
      error = b"Content-Type: text/html; charset=UTF-8\\r\\nServer: webServer/1.0\\r\\nConnection: close\\r\\n\\r\\n"
      connectionSocket.sendall(b"HTTP/1.1 404 Not Found\\r\\n" + error + b"<html><body>404 Not Found</body></html>")
      connectionSocket.close()

if __name__ == "__main__":
  webServer(0)
'''

# A class that is a thread.
THREAD_CLASS = '''
from socket import *
from threading import Thread
import os

class ClientThread(Thread):
    def __init__(self, connectionSocket, addr):
        Thread.__init__(self)
        self.connectionSocket = connectionSocket
        self.addr = addr

    def run(self):
        message = self.connectionSocket.recv(2048).decode()
        if message == "":
            self.connectionSocket.close()
            return
        filename = message.split("\\r\\n")[0].split(" ")[1]
        filename = "." + filename
        if os.path.isfile(filename):
            file = open(filename, "rb")
            content = file.read()
            file.close()
            header = "HTTP/1.1 200 OK\\r\\nContent-Type: text/html\\r\\nContent-Length: " + str(len(content)) + "\\r\\n\\r\\n"
            self.connectionSocket.sendall(header.encode() + content)
        else:
            header = "HTTP/1.1 404 Not Found\\r\\nContent-Type: text/html\\r\\n\\r\\n"
            self.connectionSocket.sendall(header.encode() + b"<h1>404 Not Found</h1>")
        self.connectionSocket.close()

welcome = socket(AF_INET, SOCK_STREAM)
welcome.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
welcome.bind(("localhost", 0))
welcome.listen(5)
print("The server is up on port", welcome.getsockname()[1], flush=True)
while True:
    connection, address = welcome.accept()
    client = ClientThread(connection, address)
    client.start()
'''

# In Spanish, with functions for the parts of the response.
SPANISH = '''
# Servidor web de la práctica. Sirve los archivos de esta carpeta.
import socket

CODIGOS = {200: "OK", 404: "Not Found"}

def cabecera(codigo, longitud):
    # La línea de estado y las cabeceras, con la línea vacía al final
    lineas = ["HTTP/1.1 {} {}".format(codigo, CODIGOS[codigo])]
    lineas.append("Content-Type: text/html; charset=utf-8")
    lineas.append("Content-Length: {}".format(longitud))
    lineas.append("Connection: close")
    return "\\r\\n".join(lineas) + "\\r\\n\\r\\n"

def leer_peticion(conexion):
    datos = b""
    while b"\\r\\n\\r\\n" not in datos:
        trozo = conexion.recv(512)
        if not trozo:
            break
        datos += trozo
    return datos.decode("latin-1")

def atender(conexion):
    peticion = leer_peticion(conexion)
    partes = peticion.split(" ")
    if len(partes) < 3:
        return
    recurso = partes[1][1:]
    try:
        with open(recurso, "rb") as fichero:
            cuerpo = fichero.read()
        codigo = 200
    except OSError:
        cuerpo = "<h1>No se encontró la página</h1>".encode("utf-8")
        codigo = 404
    conexion.sendall(cabecera(codigo, len(cuerpo)).encode())
    conexion.sendall(cuerpo)

def principal():
    servidor = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    servidor.bind(("127.0.0.1", 0))
    servidor.listen(1)
    print("Servidor listo en el puerto", servidor.getsockname()[1], flush=True)
    while True:
        conexion, direccion = servidor.accept()
        atender(conexion)
        conexion.close()

principal()
'''

# As somebody writes Java: a class for the request, CRLF as a constant, a line reader.
JAVA = '''
import socket

CRLF = "\\r\\n"

class HttpRequest:
    def __init__(self, sock):
        self.socket = sock
        self.out = sock.makefile("wb")
        self.reader = sock.makefile("r", encoding="iso-8859-1", newline="\\r\\n")

    def process(self):
        request_line = self.reader.readline()
        header_line = self.reader.readline()
        while len(header_line) > 2:
            header_line = self.reader.readline()
        tokens = request_line.split()
        if len(tokens) < 2:
            self.close()
            return
        file_name = "." + tokens[1]
        file_exists = True
        fis = None
        try:
            fis = open(file_name, "rb")
        except OSError:
            file_exists = False
        status_line = None
        content_type_line = None
        entity_body = None
        if file_exists:
            status_line = "HTTP/1.0 200 OK" + CRLF
            content_type_line = "Content-type: " + self.content_type(file_name) + CRLF
        else:
            status_line = "HTTP/1.0 404 Not Found" + CRLF
            content_type_line = "Content-type: text/html" + CRLF
            entity_body = "<HTML><HEAD><TITLE>Not Found</TITLE></HEAD><BODY>Not Found</BODY></HTML>"
        self.write_bytes(status_line)
        self.write_bytes(content_type_line)
        self.write_bytes(CRLF)
        if file_exists:
            self.send_bytes(fis)
            fis.close()
        else:
            self.write_bytes(entity_body)
        self.close()

    def write_bytes(self, text):
        self.out.write(text.encode("iso-8859-1"))

    def send_bytes(self, fis):
        buffer = fis.read(1024)
        while buffer:
            self.out.write(buffer)
            buffer = fis.read(1024)

    def content_type(self, name):
        if name.endswith(".htm") or name.endswith(".html"):
            return "text/html"
        return "application/octet-stream"

    def close(self):
        try:
            self.out.close()
        except OSError:
            pass
        self.reader.close()
        self.socket.close()

def main():
    server = socket.socket()
    server.bind(("", 0))
    server.listen(50)
    print("port", server.getsockname()[1], flush=True)
    while True:
        try:
            HttpRequest(server.accept()[0]).process()
        except OSError as e:
            print(e)

main()
'''

# As somebody writes C: buffers of bytes, chunks of the file.
C_STYLE = '''
import socket, os
BUFSIZE = 1024
sockfd = socket.socket(socket.AF_INET, socket.SOCK_STREAM, 0)
sockfd.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
sockfd.bind(("0.0.0.0", 0))
sockfd.listen(5)
print("listening on", sockfd.getsockname()[1], flush=True)
while 1:
    newsockfd, cli_addr = sockfd.accept()
    buffer = bytearray(BUFSIZE)
    n = newsockfd.recv_into(buffer, BUFSIZE)
    if n <= 0:
        newsockfd.close()
        continue
    begin = buffer.find(b" /") + 2
    end = buffer.find(b" ", begin)
    name = bytes(buffer[begin:end])
    try:
        fd = os.open(name, os.O_RDONLY)
        size = os.fstat(fd).st_size
        newsockfd.sendall(b"HTTP/1.1 200 OK\\r\\n")
        newsockfd.sendall(b"Content-Length: %d\\r\\n" % size)
        newsockfd.sendall(b"\\r\\n")
        while True:
            data = os.read(fd, BUFSIZE)
            if len(data) == 0:
                break
            newsockfd.sendall(data)
        os.close(fd)
    except OSError:
        reply = b"HTTP/1.1 404 Not Found\\r\\nContent-Length: 13\\r\\n\\r\\n404 Not Found"
        newsockfd.sendall(reply)
    newsockfd.close()
'''

# As somebody writes Node: callbacks.
CALLBACKS = '''
import asyncio, os

class Server(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport
        self.data = b""

    def data_received(self, data):
        self.data += data
        if b"\\r\\n\\r\\n" in self.data:
            self.on_request(self.data.decode())

    def on_request(self, request):
        method, url, rest = request.split(" ", 2)
        self.read_file("." + url, self.on_file)

    def read_file(self, path, callback):
        try:
            with open(path, "rb") as f:
                content = f.read()
        except OSError as err:
            callback(err, None)
            return
        callback(None, content)

    def on_file(self, err, content):
        if err:
            self.write_head(404, "Not Found", {"Content-Type": "text/plain"})
            self.end(b"404 Not Found\\n")
        else:
            self.write_head(200, "OK", {"Content-Type": "text/html", "Content-Length": len(content), "Connection": "close"})
            self.end(content)

    def write_head(self, code, reason, headers):
        self.transport.write(f"HTTP/1.1 {code} {reason}\\r\\n".encode())
        for name, value in headers.items():
            self.transport.write(f"{name}: {value}\\r\\n".encode())
        self.transport.write(b"\\r\\n")

    def end(self, content):
        self.transport.write(content)
        self.transport.close()

async def main():
    server = await asyncio.get_running_loop().create_server(Server, "127.0.0.1", 0)
    print("Listening on", server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()

asyncio.run(main())
'''

# The library's class for requests, with a do_GET of one's own: HTTP/1.0.
DO_GET = '''
from http.server import BaseHTTPRequestHandler, HTTPServer

class MyHandler(BaseHTTPRequestHandler):
    def do_GET(self):
        try:
            with open(self.path[1:], "rb") as file:
                page = file.read()
            self.send_response(200)
            self.send_header("Content-type", "text/html")
            self.end_headers()
            self.wfile.write(page)
        except OSError:
            self.send_error(404, "File Not Found")

server = HTTPServer(("127.0.0.1", 0), MyHandler)
print("Started http server on port", server.server_address[1], flush=True)
server.serve_forever()
'''

# A pool of threads, with statements, a Path.
POOL = '''
import re
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path.cwd()
REQUEST = re.compile(rb"GET /(\\S*) HTTP/1\\.[01]\\r\\n")

def reply(status: str, body: bytes) -> bytes:
    head = [f"HTTP/1.1 {status}", "content-type:text/html", f"content-length:{len(body)}", "connection:close", "", ""]
    return "\\r\\n".join(head).encode("ascii") + body

def handle(conn: socket.socket) -> None:
    with conn:
        match = REQUEST.match(conn.recv(8192))
        if match is None:
            conn.sendall(reply("400 Bad Request", b"bad request"))
            return
        path = ROOT / match[1].decode()
        if path.is_file():
            conn.sendall(reply("200 OK", path.read_bytes()))
        else:
            conn.sendall(reply("404 Not Found", b"<!doctype html><title>404</title><p>Not Found"))

with socket.create_server(("", 0)) as server, ThreadPoolExecutor(16) as pool:
    print("port", server.getsockname()[1], flush=True)
    while True:
        client, _ = server.accept()
        pool.submit(handle, client)
'''

# A template in triple quotes, with its line ends translated.
TEMPLATE = '''
from socket import *

PAGE = """HTTP/1.1 {status}
Content-Type: {type}
Connection: close

"""
NOT_FOUND = "<html><body><h1>404 Not Found</h1><p>Try another name.</p></body></html>"

def head(status, type):
    return PAGE.format(status=status, type=type).replace("\\n", "\\r\\n").encode()

s = socket(AF_INET, SOCK_STREAM)
s.bind(("127.0.0.1", 0))
s.listen()
print("port", s.getsockname()[1], flush=True)
while True:
    c, who = s.accept()
    lines = c.recv(1500).decode().splitlines()
    if not lines:
        c.close()
        continue
    request = lines[0]
    try:
        name = request.split(" ")[1].lstrip("/")
        c.sendall(head("200 OK", "text/html") + open(name, "rb").read())
    except (FileNotFoundError, IsADirectoryError, PermissionError, IndexError):
        c.sendall(head("404 Not Found", "text/html") + NOT_FOUND.encode())
    except OSError as e:
        print("something else:", e)
    finally:
        c.close()
'''

# A stream in text mode whose newline is CRLF, and print.
PRINT = '''
import socket
server = socket.socket()
server.bind(("", 0))
server.listen(3)
print("port", server.getsockname()[1], flush=True)
while True:
    conn, addr = server.accept()
    stream = conn.makefile("rw", encoding="utf-8", newline="\\r\\n")
    try:
        words = stream.readline().split()
        while stream.readline().strip():
            pass
        if len(words) >= 2:
            try:
                text = open(words[1][1:], "rb").read()
                print("HTTP/1.1 200 OK", file=stream)
                print("Content-Type: text/html", file=stream)
                print(file=stream)
                stream.flush()
                conn.sendall(text)
            except OSError:
                print("HTTP/1.1 404 Not Found", file=stream)
                print("Content-Type: text/html", file=stream)
                print(file=stream)
                print("<h1>Sorry, not found</h1>", file=stream)
        stream.close()
    except OSError:
        pass
    conn.close()
'''

# selectors, and a small state for each client.
SELECTORS = '''
import selectors, socket
sel = selectors.DefaultSelector()
inbox, outbox = {}, {}

def response(request):
    try:
        name = request.split()[1].decode().lstrip("/")
        content = open(name, "rb").read()
        return b"HTTP/1.1 200 OK\\r\\nContent-Type: text/html\\r\\nConnection: close\\r\\n\\r\\n" + content
    except (OSError, IndexError, ValueError):
        return b"HTTP/1.1 404 Not Found\\r\\nContent-Type: text/html\\r\\nConnection: close\\r\\n\\r\\n<h1>404</h1>"

def accept(listener, mask):
    conn, _ = listener.accept()
    conn.setblocking(False)
    inbox[conn] = b""
    sel.register(conn, selectors.EVENT_READ, read)

def read(conn, mask):
    try:
        data = conn.recv(1000)
    except OSError:
        data = b""
    if not data:
        forget(conn)
        return
    inbox[conn] += data
    if b"\\r\\n\\r\\n" in inbox[conn]:
        outbox[conn] = response(inbox[conn])
        sel.modify(conn, selectors.EVENT_WRITE, write)

def write(conn, mask):
    try:
        sent = conn.send(outbox[conn])
    except OSError:
        sent = len(outbox[conn])
    outbox[conn] = outbox[conn][sent:]
    if not outbox[conn]:
        forget(conn)

def forget(conn):
    sel.unregister(conn)
    inbox.pop(conn, None)
    outbox.pop(conn, None)
    conn.close()

listener = socket.create_server(("127.0.0.1", 0))
listener.setblocking(False)
sel.register(listener, selectors.EVENT_READ, accept)
print("port", listener.getsockname()[1], flush=True)
while True:
    for key, mask in sel.select():
        key.data(key.fileobj, mask)
'''

# Connections that go on until the client says close.
PERSISTENT = '''
import socket, threading
def serve(sock):
    sock.settimeout(5)
    data = b""
    try:
        while True:
            while b"\\r\\n\\r\\n" not in data:
                more = sock.recv(4096)
                if not more:
                    return
                data += more
            head, data = data.split(b"\\r\\n\\r\\n", 1)
            lines = head.decode("latin-1").split("\\r\\n")
            method, target, version = lines[0].split(" ")
            fields = {k.strip().lower(): v.strip() for k, _, v in (l.partition(":") for l in lines[1:])}
            try:
                body, status = open(target[1:], "rb").read(), "200 OK"
            except OSError:
                body, status = b"<h1>Not Found</h1>", "404 Not Found"
            close = fields.get("connection", "").lower() == "close" or version == "HTTP/1.0"
            sock.sendall(("HTTP/1.1 %s\\r\\nContent-Length: %d\\r\\nContent-Type: text/html\\r\\nConnection: %s\\r\\n\\r\\n"
                          % (status, len(body), "close" if close else "keep-alive")).encode() + body)
            if close:
                return
    except (OSError, ValueError):
        pass
    finally:
        sock.close()
server = socket.create_server(("127.0.0.1", 0))
print("port", server.getsockname()[1], flush=True)
while True:
    threading.Thread(target=serve, args=(server.accept()[0],), daemon=True).start()
'''

# The file goes out by sendfile; errors of other kinds have their codes.
SENDFILE = '''
import os, socket
def send_status(c, code, text):
    body = ("<html><body><h1>%d %s</h1></body></html>" % (code, text)).encode()
    c.sendall(("HTTP/1.1 %d %s\\r\\nContent-Type: text/html\\r\\nContent-Length: %d\\r\\nConnection: close\\r\\n\\r\\n" % (code, text, len(body))).encode())
    c.sendall(body)
def work(c):
    line = c.recv(4096).decode("latin-1").split("\\r\\n")[0].split(" ")
    if len(line) != 3:
        return send_status(c, 400, "Bad Request")
    if line[0] != "GET":
        return send_status(c, 405, "Method Not Allowed")
    path = os.path.normpath(os.getcwd() + line[1])
    if not path.startswith(os.getcwd()):
        return send_status(c, 403, "Forbidden")
    if not os.path.isfile(path):
        return send_status(c, 404, "Not Found")
    with open(path, "rb") as f:
        c.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Type: text/html\\r\\nConnection: close\\r\\n\\r\\n")
        c.sendfile(f)
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("127.0.0.1", 0))
s.listen(10)
print("Serving HTTP on port", s.getsockname()[1], flush=True)
while True:
    c, a = s.accept()
    try:
        work(c)
    except OSError as e:
        print(a, e)
    c.close()
'''


def but(program, *changes):
    for old, new in changes:
        assert old in program, (old, program)
        program = program.replace(old, new)
    return program


class Row:
    """A server, the checks that may be reported first (none if it is right), and words, one of which the fix has."""

    def __init__(self, program, first=(), words=(), options=("--preset", "kurose")):
        self.program, self.first, self.words, self.options = program, list(first), list(words), list(options)


ROWS = {}


def right(name, program, **more):
    ROWS[name] = Row(program, **more)


def wrong(name, program, first, words, **more):
    assert first and words
    ROWS[name] = Row(program, first.split(), words, **more)


AS_NYU = {"options": ("--preset", "nyu")}
AS_THREADS = {"options": ("--preset", "kurose", "--threads")}

# ---- Right. ----
right("book", BOOK)
right("nyu", NYU)
right("nyu_by_its_rubric", NYU, **AS_NYU)
right("thread_class", THREAD_CLASS)
right("thread_class_as_exercise", THREAD_CLASS, **AS_THREADS)
right("spanish", SPANISH)
right("java", JAVA)
right("c_style", C_STYLE)
right("callbacks", CALLBACKS)
right("do_get", DO_GET)
right("pool", POOL)
right("template", TEMPLATE)
right("print", PRINT)
right("selectors", SELECTORS)
right("persistent", PERSISTENT)
right("sendfile", SENDFILE)
right("slow_disk", but(SPANISH, ("    conexion.sendall(cuerpo)", "    import time; time.sleep(0.2)\n    conexion.sendall(cuerpo)")))
right("small_reason", but(BOOK, ("200 OK", "200 ok"), ("404 Not Found", "404 not found")))
right("old_version", but(BOOK, ("HTTP/1.1", "HTTP/1.0")))
right("other_404_page", but(JAVA, ("<HTML><HEAD><TITLE>Not Found</TITLE></HEAD><BODY>Not Found</BODY></HTML>", "<p>Oops! Nothing here :(</p>")))
right("no_space_after_colon", but(NYU, ("Type: text", "Type:text"), ("Server: w", "Server:w")))
right("many_fields", but(CALLBACKS, ('"Connection": "close"', '"Connection": "close", "X-Powered-By": "coffee", "Cache-Control": "no-cache, no-store", "Set-Cookie": "a=1; Path=/"')))
right("chunked", but(CALLBACKS, ('"Content-Length": len(content)', '"Transfer-Encoding": "chunked"'), ("            self.end(content)", '            self.end(b"%x\\r\\n%s\\r\\n0\\r\\n\\r\\n" % (len(content), content))')))
right("half_closed_first", but(C_STYLE, ("        os.close(fd)\n", "        os.close(fd)\n        newsockfd.shutdown(socket.SHUT_WR)\n")))
right("accent_in_404", but(TEMPLATE, ("Try another name.", "No está aquí. ¿Otro nombre?"), ('"text/html") + NOT', '"text/html; charset=utf-8") + NOT')))
right("default_page", but(THREAD_CLASS, ('filename = "." + filename', 'filename = "./HelloWorld.html" if filename == "/" else "." + filename')))
right("lines_sent_apart", but(BOOK, ("outputdata = f.read()", "outputdata = f.readlines()")))
right("gone_is_an_error_too", but(SENDFILE, ('return send_status(c, 404, "Not Found")', 'return send_status(c, 404, "No such file")')))
right("reads_the_rest", but(TEMPLATE, ("    finally:\n        c.close()", "    finally:\n        c.shutdown(SHUT_WR)\n        c.settimeout(0.2)\n        try:\n            while c.recv(100): pass\n        except OSError: pass\n        c.close()")))
right("says_closed", but(SELECTORS, ("Connection: close", "Connection: Close")))

# ---- The status line. ----
wrong("blank_first", but(BOOK, ('"HTTP/1.1 200 OK\\r\\n"', '" HTTP/1.1 200 OK\\r\\n"')), "status-line", ["in front of", "before HTTP", "Remove"])
wrong("dot_after_version", but(NYU, ("HTTP/1.1 200", "HTTP/1.1. 200")), "status-line", ["HTTP/1.1 200 OK", "dot", "HTTP/1.1\""])
wrong("dash_in_status", but(SPANISH, ("HTTP/1.1 {} {}", "HTTP/1.1 - {} - {}")), "status-line", ["one space", "HTTP/1.1 200 OK", "three digits"])
wrong("two_blanks", but(THREAD_CLASS, ("HTTP/1.1 200", "HTTP/1.1  200")), "status-line", ["one space"])
wrong("one_capital", but(PRINT, ("HTTP/1.1 200", "Http/1.1 200")), "status-line", ["capitals"])
wrong("comma_after_version", but(SELECTORS, ("HTTP/1.1 200", "HTTP/1.1, 200")), "status-line", ["HTTP/1.1 200 OK", "comma", "one space"])
wrong("code_glued_to_version", but(CALLBACKS, ("HTTP/1.1 {code} {reason}", "HTTP/1.1{code} {reason}")), "status-line", ["one space"])
wrong("turned_status", but(TEMPLATE, ("HTTP/1.1 {status}", "{status} HTTP/1.1")), "status-line", ["HTTP/1.1 200 OK", "order", "version first", "begin with"])
wrong("cgi_status", but(POOL, ("HTTP/1.1 {status}", "Status: {status}")), "status-line", ["HTTP/1.1 200 OK", "before anything else"])
wrong("braces_left", but(SPANISH, ('"HTTP/1.1 {} {}".format(codigo, CODIGOS[codigo])', '"HTTP/1.1 {codigo} OK"')), "status-line", ["f before", "f-string", "three digits", "format"])
wrong("tuple_as_text", but(CALLBACKS, ("{code} {reason}", "{(code, reason)}")), "status-line", ["one space", "three digits", "HTTP/1.1 200 OK"])
wrong("request_and_status", but(TEMPLATE, ('c.sendall(head("200 OK", "text/html")', 'c.sendall(request.encode() + b"\\r\\n" + head("200 OK", "text/html")')), "status-line", ["before anything else", "request", "in front of", "first"])
wrong("utf_16", but(THREAD_CLASS, ("header.encode() + content", 'header.encode("utf-16") + content')), "status-line", ["utf-8", "UTF-8", "encode()", "ASCII"])
wrong("fields_before_status", but(BOOK, ('connectionSocket.send("HTTP/1.1 200 OK\\r\\n".encode())\n        connectionSocket.send("Content-Type: text/html\\r\\n".encode())', 'connectionSocket.send("Content-Type: text/html\\r\\n".encode())\n        connectionSocket.send("HTTP/1.1 200 OK\\r\\n".encode())')), "status-line", ["before anything else", "first"])
wrong("none_for_status", but(JAVA, ('            status_line = "HTTP/1.0 200 OK" + CRLF\n', '            status_line = str(None)\n')), "status-line", ["before anything else", "HTTP/1.1 200 OK"])
wrong("only_the_code", but(POOL, ('reply("200 OK"', 'reply("OK"')), "status-line", ["200", "three digits"])
wrong("overwritten_status", but(NYU, ('      outputdata = b"HTTP/1.1 200 OK\\r\\n" + outputdata\n', "")), "status-line", ["before anything else", "first"], **AS_NYU)
wrong("version_of_the_client", but(PERSISTENT, ("HTTP/1.1 %s\\r\\n", "HTTP %s\\r\\n")), "status-line", ["HTTP/1.1", "slash"])
wrong("https", but(SENDFILE, ('b"HTTP/1.1 200', 'b"HTTPS/1.1 200')), "status-line", ["HTTP/1.1"])
wrong("content_before_head_returns", but(DO_GET, ("            self.send_response(200)\n", "            self.wfile.write(page)\n            self.send_response(200)\n"), ("self.end_headers()\n            self.wfile.write(page)", "self.end_headers()")), "status-line", ["before anything else", "first"])

# ---- The head. ----
wrong("two_returns", but(BOOK, ('"HTTP/1.1 200 OK\\r\\n"', '"HTTP/1.1 200 OK\\r\\r"')), "line-ends status-line head-end", ["\\r\\n"])
wrong("blank_line_of_lf", but(SPANISH, ('+ "\\r\\n\\r\\n"', '+ "\\r\\n\\n"')), "line-ends", ["\\r\\n"])
wrong("println", but(PRINT, ('newline="\\r\\n"', 'newline="\\n"')), "line-ends", ["End every line of the head"])
wrong("only_returns", but(JAVA, ('CRLF = "\\r\\n"', 'CRLF = "\\r"')), "line-ends status-line head-end", ["\\r\\n"])
wrong("slash_n", but(BOOK, ('"HTTP/1.1 200 OK\\r\\n"', '"HTTP/1.1 200 OK/n"'), ('"Content-Type: text/html\\r\\n"', '"Content-Type: text/html/n"'), ('connectionSocket.send("\\r\\n".encode())\n        #Send the c', 'connectionSocket.send("/n".encode())\n        #Send the c')), "head-end status-line", ["backslash"])
wrong("forgot_the_empty_line", but(JAVA, ("        self.write_bytes(CRLF)\n        if file_exists", "        if file_exists")), "head-end", ["one more"])
wrong("nothing_after_fields", but(CALLBACKS, ('            self.transport.write(f"{name}: {value}\\r\\n".encode())\n        self.transport.write(b"\\r\\n")', '            self.transport.write(f"{name}: {value}".encode())\n        self.transport.write(b"\\r\\n\\r\\n")')), "field-lines content-length", ["\\r\\n"])
wrong("empty_line_with_a_blank", but(BOOK, ('connectionSocket.send("\\r\\n".encode())\n        #Send the c', 'connectionSocket.send(" \\r\\n".encode())\n        #Send the c')), "head-end field-lines", ["space", "white space"])
wrong("indented_template", but(TEMPLATE, ("\nContent-Type: {type}\nConnection: close", "\n    Content-Type: {type}\n    Connection: close")), "field-lines", ["space", "begin"])
wrong("name_of_two_words", but(THREAD_CLASS, ("Content-Type: text/html\\r\\nContent-Length", "Content Type: text/html\\r\\nContent-Length")), "field-lines", ["space", "hyphen", "name"])
wrong("semicolon", but(SELECTORS, ("Content-Type: text", "Content-Type; text")), "field-lines", ["colon"])
wrong("type_alone", but(SENDFILE, ("200 OK\\r\\nContent-Type: text/html", "200 OK\\r\\ntext/html")), "field-lines", ["colon", "name"])
wrong("list_as_head", but(SPANISH, ('"\\r\\n".join(lineas)', 'lineas[0] + "\\r\\n" + str(lineas[1:])')), "field-lines", ["bracket", "quotes"])
wrong("none_as_field", but(CALLBACKS, ('        self.transport.write(b"\\r\\n")\n\n', '        self.transport.write(f"{headers.clear()}\\r\\n\\r\\n".encode())\n\n')), "field-lines", ["do not send it"])
wrong("status_twice", but(SELECTORS, ('b"HTTP/1.1 200 OK\\r\\n', 'b"HTTP/1.1 200 OK\\r\\nHTTP/1.1 200 OK\\r\\n')), "field-lines status-line", ["once"])
wrong("buffer_with_zeros", but(C_STYLE, ('newsockfd.sendall(b"\\r\\n")', 'newsockfd.sendall(b"\\r\\n".ljust(64, b"\\0"))')), "content", ["length", "zero", "find what sends", "before"])
wrong("strings_with_their_zero", but(C_STYLE, ('b"HTTP/1.1 200 OK\\r\\n"', 'b"HTTP/1.1 200 OK\\r\\n\\0"'), ('b"Content-Length: %d\\r\\n"', 'b"Content-Length: %d\\r\\n\\0"'), ('newsockfd.sendall(b"\\r\\n")', 'newsockfd.sendall(b"\\r\\n\\0")')), "field-lines line-ends head-end", ["zero", "\\0", "strlen", "name", "\\x00"])
wrong("glued_in_nested_try", but(NYU, ('b"HTTP/1.1 200 OK\\r\\n" + outputdata', 'b"HTTP/1.1 200 OK\\r\\n" + outputdata[:-4]')), "head-end", ["\"\\r\\n\\r\\n\""])
wrong("comment_in_head", but(TEMPLATE, ("\nConnection: close\n", "\n# close it afterwards\n")), "field-lines", ["do not send it"])
wrong("single_backslash_missing", but(POOL, ('"\\r\\n".join(head)', '"rn".join(head)')), "head-end status-line", ["backslash", "\\r\\n"])
wrong("head_after_body_join", but(THREAD_CLASS, ("header.encode() + content", "header.encode().strip() + content")), "head-end", ["\"\\r\\n\\r\\n\""])

# ---- Content-Length. ----
wrong("length_as_words", but(SPANISH, ('"Content-Length: {}".format(longitud)', '"Content-Length: len(cuerpo)"')), "content-length", ["Count the bytes", "number"])
wrong("length_of_lines", but(THREAD_CLASS, ("str(len(content))", "str(len(content.splitlines()))")), "content-length", ["Count the bytes", "bytes"])
wrong("length_with_head", but(CALLBACKS, ('"Content-Length": len(content)', '"Content-Length": len(content) + 40')), "content-length", ["Count the bytes", "bytes"])
wrong("length_of_nothing", but(C_STYLE, ("size = os.fstat(fd).st_size", "size = 0")), "content-length", ["Count the bytes", "bytes"])
wrong("length_of_the_object", but(POOL, ("content-length:{len(body)}", "content-length:{body.__sizeof__()}")), "content-length", ["Count the bytes", "bytes"])

# ---- The content. ----
wrong("method_not_called", but(BOOK, ("outputdata = f.read()", "outputdata = f.read")), "content", ["exception"])
wrong("lines_with_commas", but(SPANISH, ("cuerpo = fichero.read()", 'cuerpo = b",".join(fichero.readlines())')), "content", ["as it is", "between", "read()", "join"])
wrong("every_second", but(BOOK, ("range(0, len(outputdata))", "range(0, len(outputdata), 2)")), "content", ["step", "loop", "every"])
wrong("numbered_lines", but(NYU, ("      for i in f: #for line in file\n        outputdata += i", '      for n, i in enumerate(f):\n        outputdata += b"%d: " % n + i')), "content", ["as it is", "add", "find what"])
wrong("escaped", but(THREAD_CLASS, ("content = file.read()", "import html; content = html.escape(file.read().decode()).encode()")), "content", ["as it is", "escape"])
wrong("in_pre", but(JAVA, ("            self.send_bytes(fis)", '            self.write_bytes("<pre>")\n            self.send_bytes(fis)\n            self.write_bytes("</pre>")')), "content", ["find what sends", "and nothing else", "add"])
wrong("as_json", but(CALLBACKS, ("            self.end(content)", "            import json; self.end(json.dumps(content.decode()).encode())"), (', "Content-Length": len(content)', "")), "content", ["as it is", "json"])
wrong("request_before_file", but(BOOK, ("        #Send the content", "        connectionSocket.send(message.encode())\n        #Send the content")), "content", ["recv", "request", "find what sends"])
wrong("name_before_file", but(SENDFILE, ("        c.sendfile(f)", "        c.sendall(path.split('/')[-1].encode() + b'\\n')\n        c.sendfile(f)")), "content", ["find what sends"])
wrong("breaks_added", but(NYU, ("outputdata += i", "outputdata += i + b'<br>'")), "content", ["do not add", "as it is", "find what"])
wrong("stripped", but(POOL, ("path.read_bytes()", "path.read_bytes().strip()")), "content", ["strip", "whole file"])
wrong("size_for_file", but(TEMPLATE, ('open(name, "rb").read()', 'str(len(open(name, "rb").read())).encode()')), "content", ["Open the file", "f.read()", "read()"])
wrong("always_the_same", but(THREAD_CLASS, ("content = file.read()", 'content = b"<html><body><h1>Welcome to my server</h1></body></html>"')), "content", ["name from the request line", "Open the file", "read()"])
wrong("read_twice", but(BOOK, ("outputdata = f.read()", "print(f.read())\n        outputdata = f.read()")), "content", ["twice", "second", "again", "once"])
wrong("index_for_letter", but(BOOK, ("outputdata[i].encode()", "str(i).encode()")), "content", ["loop", "f.read()", "Open the file", "outputdata[i]"])
wrong("without_the_first_line", but(BOOK, ("outputdata = f.read()", "outputdata = f.readlines()"), ("range(0, len(outputdata))", "range(1, len(outputdata))")), "content", ["begins at 1"])
wrong("whole_tens", but(C_STYLE, ("            data = os.read(fd, BUFSIZE)\n            if len(data) == 0:", "            data = os.read(fd, 10)\n            if len(data) < 10:")), "content", ["loop", "whole file", "last"])
wrong("closed_before_content", but(BOOK, ("        #Send the content", "        connectionSocket.close()\n        #Send the content"), ("except IOError:", "except IOError as e:\n        if e.errno == 9: continue")), "content", ["before close()"])
wrong("lower_case", but(SPANISH, ("cuerpo = fichero.read()", "cuerpo = fichero.read().lower()")), "content", ["lower()"])
wrong("first_kilobyte_of_nothing", but(SELECTORS, ('content = open(name, "rb").read()', 'content = open(name, "rb").read(20)')), "content", ["whole file"])
wrong("body_is_list", but(TEMPLATE, ('open(name, "rb").read()', 'str(open(name, "rb").readlines()).encode()')), "content", ["read()"])
wrong("head_in_loop", but(NYU, ("      for i in f: #for line in file\n        outputdata += i", "      head = outputdata\n      outputdata = b''\n      for i in f:\n        outputdata += head + i")), "content", ["once", "loop"])
wrong("spaces_squeezed", but(SPANISH, ("cuerpo = fichero.read()", 'cuerpo = b" ".join(fichero.read().split())')), "content", ["as it is", "split", "strip"])
wrong("last_byte_lost", but(POOL, ("path.read_bytes()", "path.read_bytes()[:-1]")), "content", ["whole file", "loop", "[:-1]", "last"])

# ---- The page does not come. ----
wrong("whole_message_as_name", but(BOOK, ("filename = message.split()[1]", "filename = '/' + message")), "status-200", ["second word", "request line"])
wrong("method_as_name", but(BOOK, ("message.split()[1]", "message.split()[0]")), "status-200", ["second word"])
wrong("split_at_slash", but(THREAD_CLASS, ('filename = message.split("\\r\\n")[0].split(" ")[1]', 'filename = "/" + message.split("/")[1]')), "status-200", ["second word", "space"])
wrong("joined_absolute", but(POOL, ("path = ROOT / match[1].decode()", 'path = ROOT / ("/" + match[1].decode())')), "status-200", ["first \"/\""])
wrong("suffix_added", but(SPANISH, ("recurso = partes[1][1:]", "recurso = partes[1][1:] + '.html'")), "status-200", ["the name", "name"])
wrong("only_for_get_in_small", but(SENDFILE, ('line[0] != "GET"', 'line[0] != "get"')), "status-200", ["GET", "method"])
wrong("text_and_bytes", but(THREAD_CLASS, ("            self.connectionSocket.sendall(header.encode() + content)\n", '            try:\n                self.connectionSocket.sendall(header + content)\n            except Exception:\n                self.connectionSocket.sendall(b"HTTP/1.1 404 Not Found\\r\\n\\r\\n<h1>Error</h1>")\n')), "status-200", ["exception"])
wrong("encode_of_bytes", but(NYU, ("connectionSocket.sendall(outputdata)", "connectionSocket.sendall(outputdata.encode())"), ("except (OSError, IndexError) as e", "except Exception as e")), "status-200", ["exception"])
wrong("accepted", but(CALLBACKS, ('200, "OK"', '202, "Accepted"')), "status-200", ["200 OK"])
wrong("no_content", but(TEMPLATE, ("200 OK", "204 No Content")), "status-200", ["200 OK"])
wrong("moved", but(SENDFILE, ('    with open(path, "rb") as f:\n        c.sendall(b"HTTP/1.1 200 OK\\r\\n', '    with open(path, "rb") as f:\n        c.sendall(b"HTTP/1.1 302 Found\\r\\nLocation: /HelloWorld.html\\r\\n')), "status-200", ["200 OK"])
wrong("other_folder", but(SELECTORS, ("open(name,", "open('htdocs/' + name,")), "status-200", ["folder"])
wrong("white_list", but(DO_GET, ("        try:\n", "        if self.path not in ('/', '/index.html'):\n            return self.send_error(404)\n        try:\n")), "status-200", ["--page", "another page"])
wrong("forbidden", but(SENDFILE, ("if not path.startswith(os.getcwd()):", "if path.startswith(os.getcwd()):")), "status-200", ["exception", "folder", "200 OK", "403", "check"])
wrong("split_of_list", but(JAVA, ('file_name = "." + tokens[1]', 'file_name = "." + request_line')), "status-200", ["second word"])

# ---- Nothing comes. ----
wrong("args_no_tuple", but(PERSISTENT, ("args=(server.accept()[0],)", "args=(server.accept()[0])")), "responds", ["exception"])
wrong("never_started", but(THREAD_CLASS, ("    client.start()\n", "    clients = globals().setdefault('clients', [])\n    clients.append(client)\n")), "responds", ["start()", "thread"])
wrong("second_recv", but(BOOK, ("message = connectionSocket.recv(1024).decode()", "message = connectionSocket.recv(1024).decode()\n        body = connectionSocket.recv(1024).decode()")), "responds", ["Stop reading", "recv"])
wrong("wait_all", but(NYU, ("connectionSocket.recv(4096)", "connectionSocket.recv(4096, MSG_WAITALL)")), "responds", ["Stop reading", "recv"])
wrong("no_accept", but(TEMPLATE, ("    c, who = s.accept()\n", "    import time; time.sleep(0.1); continue\n")), "responds", ["accept"])
wrong("closed_before", but(THREAD_CLASS, ("        self.connectionSocket.close()\n\nwelcome", "\nwelcome"), ("            self.connectionSocket.sendall(header.encode() + content)", "            self.connectionSocket.close()\n            self.connectionSocket.sendall(header.encode() + content)")), "responds", ["exception"])
wrong("send_of_text", but(CALLBACKS, ('f"HTTP/1.1 {code} {reason}\\r\\n".encode()', 'f"HTTP/1.1 {code} {reason}\\r\\n"')), "responds", ["exception"])
wrong("never_flushed", but(JAVA, ("            self.out.close()\n", "            self.kept = self.out, open(0, closefd=False)\n"), ('self.out = sock.makefile("wb")', 'self.out = sock.dup().makefile("wb", buffering=1 << 16); HttpRequest.all = getattr(HttpRequest, "all", []) + [self.out]')), "responds", ["flush", "buffer"])
wrong("dies_at_once", but(SPANISH, ("    peticion = leer_peticion(conexion)\n", "    peticion = leer_petición(conexion)\n")), "responds", ["exception"])
wrong("endless_reading", but(TEMPLATE, ("lines = c.recv(1500).decode().splitlines()", 'lines = list(c.makefile("r"))')), "responds", ["Stop reading"])
wrong("greets_first", but(C_STYLE, ("    buffer = bytearray(BUFSIZE)\n", "    newsockfd.sendall(b'Hello\\r\\n')\n    buffer = bytearray(BUFSIZE)\n")), "responds status-line", ["recv before send", "before anything else", "first"])

# ---- One client, and no more. ----
wrong("accept_before_loop", but(BOOK, ("while True:\n    #Establish the connection\n    connectionSocket, addr = serverSocket.accept() #Fill in\n", "connectionSocket, addr = serverSocket.accept() #Fill in\nwhile True:\n"), ("except IOError:\n        #Send response", "except FileNotFoundError:\n        #Send response")), "survives", ["accept"])
wrong("return_in_loop", but(SPANISH, ("        conexion.close()\n\nprincipal", "        conexion.close()\n        return\n\nprincipal")), "survives", ["return"])
wrong("bind_in_loop", but(C_STYLE, ("while 1:\n", "port = sockfd.getsockname()[1]\nwhile 1:\n    if port is None:\n        sockfd = socket.socket(); sockfd.bind(('0.0.0.0', 1 << 20)); sockfd.listen(1)\n    port = None\n")), "survives", ["exception"])
wrong("three_clients", but(TEMPLATE, ("while True:\n    c, who", "for turn in range(3):\n    c, who")), "survives survives-not-found not-found", ["loop", "exit()"])
wrong("exit_at_the_end", but(BOOK, ('        connectionSocket.send("\\r\\n".encode())\n        connectionSocket.close()\n    except', '        connectionSocket.send("\\r\\n".encode())\n        connectionSocket.close()\n        sys.exit()\n    except')), "survives", ["exit()"])
wrong("exit_in_thread", but(POOL, ("            conn.sendall(reply(\"200 OK\", path.read_bytes()))", "            conn.sendall(reply(\"200 OK\", path.read_bytes()))\n            import os; os._exit(0)")), "survives", ["exit()"])

# ---- The 404. ----
wrong("found_404", but(BOOK, ("404 Not Found", "404Found")), "not-found", ["space", "404 Not Found"])
wrong("no_version_404", but(JAVA, ("HTTP/1.0 404 Not Found", "404 Not Found")), "not-found not-found-complete", ["HTTP/1.1", "404 Not Found"])
wrong("pass_404", but(BOOK, ('        connectionSocket.send("HTTP/1.1 404 Not Found\\r\\n".encode())\n        connectionSocket.send("\\r\\n".encode())\n        #Close client socket\n        connectionSocket.close()', "        pass")), "not-found", ["404"])
wrong("prints_404", but(NYU, ('      connectionSocket.sendall(b"HTTP/1.1 404 Not Found\\r\\n" + error + b"<html><body>404 Not Found</body></html>")', '      print("HTTP/1.1 404 Not Found")')), "not-found", ["404"])
wrong("second_exception", but(TEMPLATE, ("    finally:\n        c.close()", "    finally:\n        c.close()\n        if b'404' in head('404' if name == 'x' else '', '') or not __import__('os').path.exists(name): fichero.close()")), "survives-not-found", ["exception"])
wrong("bad_request_404", but(SENDFILE, ('send_status(c, 404, "Not Found")', 'send_status(c, 400, "Bad Request")')), "not-found", ["404 Not Found"])
wrong("moved_404", but(CALLBACKS, ('self.write_head(404, "Not Found", {"Content-Type": "text/plain"})', 'self.write_head(302, "Found", {"Location": "/404.html"})')), "not-found", ["404 Not Found"])
wrong("head_before_open", but(BOOK, ("        f = open(filename[1:])", '        connectionSocket.send("HTTP/1.1 200 OK\\r\\n".encode())\n        f = open(filename[1:])'), ('        connectionSocket.send("HTTP/1.1 200 OK\\r\\n".encode())\n        connectionSocket.send("Content', '        connectionSocket.send("Content')), "not-found", ["open", "before", "404 Not Found"])
wrong("length_404", but(C_STYLE, ("Content-Length: 13", "Content-Length: 130")), "not-found-complete not-found content-length", ["Content-Length", "Count the bytes"])
wrong("no_encode_404", but(BOOK, ('connectionSocket.send("HTTP/1.1 404 Not Found\\r\\n".encode())', 'connectionSocket.send("HTTP/1.1 404 Not Found\\r\\n")')), "not-found", ["exception"])
wrong("no_else", but(THREAD_CLASS, ('        else:\n            header = "HTTP/1.1 404 Not Found\\r\\nContent-Type: text/html\\r\\n\\r\\n"\n            self.connectionSocket.sendall(header.encode() + b"<h1>404 Not Found</h1>")\n', "")), "not-found", ["404"])
wrong("listener_closed_404", but(BOOK, ("        #Close client socket\n        connectionSocket.close()", "        #Close client socket\n        connectionSocket.close()\n        serverSocket.close()")), "survives-not-found", ["serverSocket.close()", "exception"])
wrong("break_404", but(BOOK, ("        #Close client socket\n        connectionSocket.close()", "        #Close client socket\n        connectionSocket.close()\n        break")), "survives-not-found", ["break"])
wrong("open_404", but(PRINT, ('                print("<h1>Sorry, not found</h1>", file=stream)\n', '                print("<h1>Sorry, not found</h1>", file=stream)\n                stream.flush(); globals().setdefault("kept", []).append((conn, stream)); continue\n')), "not-found-complete", ["Close the client's socket", "close"])
wrong("unended_404", but(SELECTORS, ("Connection: close\\r\\n\\r\\n<h1>404</h1>", "Connection: close\\r\\n<h1>404</h1>")), "not-found-complete", ["one more"])
wrong("lf_404", but(BOOK, ('"HTTP/1.1 404 Not Found\\r\\n".encode())\n        connectionSocket.send("\\r\\n"', '"HTTP/1.1 404 Not Found\\n".encode())\n        connectionSocket.send("\\n"')), "not-found-complete line-ends", ["End every line of the head"])
wrong("page_for_everything", but(POOL, ('reply("404 Not Found", b"<!doctype html><title>404</title><p>Not Found")', 'reply("200 OK", (ROOT / "index.html").read_bytes())')), "not-found", ["404 Not Found"])
wrong("index_error_404", but(SPANISH, ("codigo = 404", "codigo = 400 + 5")), "not-found", ["exception"])
wrong("server_error_404", but(DO_GET, ('self.send_error(404, "File Not Found")', "self.send_error(500)")), "not-found", ["404 Not Found"])

# ---- The end of the connection. ----
wrong("close_not_called", but(BOOK, ("connectionSocket.close()", "connectionSocket.close")), "closes", ["Close the client's socket", "close()"])
wrong("kept_in_a_list", but(NYU, ("      connectionSocket.sendall(outputdata)\n      connectionSocket.close()", "      connectionSocket.sendall(outputdata)\n      clients.append(connectionSocket)"), ("  while True:\n", "  clients = []\n  while True:\n")), "closes", ["Close the client's socket"])
wrong("waits_for_the_client", but(C_STYLE, ("        os.close(fd)\n", "        os.close(fd)\n        while newsockfd.recv(100): pass\n")), "closes survives", ["Close the client's socket"])
wrong("always_persistent", but(PERSISTENT, ('close = fields.get("connection", "").lower() == "close" or version == "HTTP/1.0"', "close = False")), "closes", ["close"])

# ---- Two faults. ----
wrong("newlines_and_no_version", but(TEMPLATE, ('.replace("\\n", "\\r\\n")', ""), ("404 Not Found\", \"text/html\") + NOT", "404\", \"text/html\") + NOT")), "line-ends", ["End every line of the head"])
wrong("no_version_and_exit", but(SPANISH, ("HTTP/1.1 {} {}", "{} {}"), ("        conexion.close()\n\nprincipal", "        conexion.close()\n        break\n\nprincipal")), "status-line survives", ["HTTP/1.1", "break"])
wrong("lost_line_and_200", but(NYU, ("      for i in f: #for line in file\n        outputdata += i", "      for i in f: #for line in file\n        outputdata += f.read()"), ("HTTP/1.1 404 Not Found", "HTTP/1.1 200 OK")), "content", ["f.read()"])
wrong("glued_and_silent", but(SENDFILE, ("Connection: close\\r\\n\\r\\n\")\n        c.sendfile", "Connection: close\")\n        c.sendfile"), ('return send_status(c, 404, "Not Found")', "return")), "head-end", ["\"\\r\\n\\r\\n\""])
wrong("length_and_404", but(THREAD_CLASS, ("str(len(content))", "str(len(content) + 2)"), ("HTTP/1.1 404 Not Found", "HTTP/1.1 200 Not Found")), "content-length", ["Count only the content"])

# ---- By the other course's rubric. ----
wrong("nyu_no_server", but(NYU, ('      outputdata += b"Server: webServer/1.0\\r\\n"\n', "")), "server-field", ["Server: "], **AS_NYU)
wrong("nyu_no_connection", but(NYU, ('      outputdata += b"Connection: close\\r\\n\\r\\n"\n', '      outputdata += b"\\r\\n"\n')), "connection-field", ["Connection: close"], **AS_NYU)
wrong("nyu_keep_alive", but(NYU, ("Connection: close", "Connection: keep-alive")), "connection-field", ["Connection: close"], **AS_NYU)
wrong("nyu_no_type", but(NYU, ('outputdata = b"Content-Type: text/html; charset=UTF-8\\r\\n"', 'outputdata = b""')), "content-type", ["Content-Type: text/html"], **AS_NYU)
wrong("nyu_short_type", but(NYU, ('b"Content-Type: text/html; charset=UTF-8\\r\\n"', 'b"Content-Type: html\\r\\n"')), "content-type", ["text/html"], **AS_NYU)
wrong("nyu_type_in_status", but(NYU, ('b"HTTP/1.1 200 OK\\r\\n" + outputdata', 'b"HTTP/1.1 200 OK " + outputdata')), "content-type", ["line of its own", "\\r\\n"], **AS_NYU)

# ---- The optional exercise. ----
wrong("run_for_start", but(THREAD_CLASS, ("client.start()", "client.run()")), "silent-clients", ["start()"], **AS_THREADS)
wrong("pool_of_one", but(POOL, ("ThreadPoolExecutor(16)", "ThreadPoolExecutor(1)")), "silent-clients", ["thread"], **AS_THREADS)
wrong("one_lock", but(PERSISTENT, ("def serve(sock):\n", "lock = threading.Lock()\ndef serve(sock):\n  with lock:\n    serve_one(sock)\ndef serve_one(sock):\n")), "silent-clients", ["a lock"], **AS_THREADS)
wrong("shared_name", but(THREAD_CLASS, ("        self.addr = addr\n", "        self.addr = addr\n    name_of_file = None\n"), ("        filename = message.split(\"\\r\\n\")[0].split(\" \")[1]\n        filename = \".\" + filename\n", "        ClientThread.name_of_file = '.' + message.split(' ')[1]\n        import time; time.sleep(0.003)\n        filename = ClientThread.name_of_file\n")), "crowd", ["global", "share", "own"], **AS_THREADS)
wrong("no_threads", but(BOOK, ("import sys", "import sys, threading")), "silent-clients", ["thread"], **AS_THREADS)


def set_of(name):
    """Which unseen set a server is of: the right ones and the wrong ones are dealt out in the order of their hashes."""
    kind = [other for other, row in ROWS.items() if bool(row.first) == bool(ROWS[name].first)]
    kind.sort(key=lambda other: hashlib.sha256(other.encode()).digest())
    return 3 + kind.index(name) % 2


if __name__ == "__main__":
    if sys.argv[1] == "--table":
        rows = [dict(name=n, set=set_of(n), first=r.first, words=r.words, options=r.options) for n, r in ROWS.items()]
        print(json.dumps(rows))
    else:
        exec(compile(ROWS[sys.argv[1]].program, sys.argv[1] + ".py", "exec"), {"__name__": "__main__"})
