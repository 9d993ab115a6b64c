"""Servers that were kept aside while the checker's rules were written, in the different styles of students.

Usage: python3 held_out.py NAME; it prints the port, and serves the folder in which it is started.
Which of them are right by the lab's sheet, and what is to be said first of the others, is in held_out.rs.
"""
import sys

# The lab's own skeleton, completed: one character after the other.
SKELETON = '''
from socket import *
import sys
serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.bind(('127.0.0.1', 0))
serverSocket.listen(1)
print('Ready to serve... port', serverSocket.getsockname()[1], flush=True)
while True:
    connectionSocket, addr = serverSocket.accept()
    try:
        message = connectionSocket.recv(1024).decode()
        filename = message.split()[1]
        f = open(filename[1:])
        outputdata = f.read()
        connectionSocket.send("HTTP/1.1 200 OK\\r\\n\\r\\n".encode())
        for i in range(0, len(outputdata)):
            connectionSocket.send(outputdata[i].encode())
        connectionSocket.send("\\r\\n".encode())
        connectionSocket.close()
    except IOError:
        connectionSocket.send("HTTP/1.1 404 Not Found\\r\\n\\r\\n".encode())
        connectionSocket.send("<html><head></head><body><h1>404 Not Found</h1></body></html>\\r\\n".encode())
        connectionSocket.close()
serverSocket.close()
sys.exit()
'''

# A function, one answer for each client, an f-string for the head.
FUNCTION = '''
import os
import socket

def respond(status, body):
    head = f"HTTP/1.1 {status}\\r\\nServer: mine\\r\\nContent-Type: text/html; charset=UTF-8\\r\\nContent-Length: {len(body)}\\r\\nConnection: close\\r\\n\\r\\n"
    return head.encode("utf-8") + body

def handle(conn):
    request = conn.recv(4096).decode("utf-8", "replace")
    if not request:
        return
    first_line = request.splitlines()[0]
    method, path, version = first_line.split()
    path = path.lstrip("/")
    if os.path.isfile(path):
        with open(path, "rb") as page:
            body = page.read()
        conn.sendall(respond("200 OK", body))
    else:
        conn.sendall(respond("404 Not Found", b"<h1>404: not here</h1>"))

def main():
    server = socket.socket()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(("localhost", 0))
    server.listen()
    print("Listening on port", server.getsockname()[1], flush=True)
    while 1:
        conn, _ = server.accept()
        handle(conn)
        conn.close()

main()
'''

# Threads, lines of the file, text put together piece by piece.
THREADED = '''
import socket, threading

def atender(cliente):
    datos = cliente.recv(2048).decode()
    partes = datos.split(' ')
    if len(partes) < 2:
        cliente.close()
        return
    nombre = partes[1][1:]
    try:
        archivo = open(nombre, 'r')
        lineas = archivo.readlines()
        archivo.close()
        respuesta = 'HTTP/1.1 200 OK\\r\\n'
        respuesta += 'Content-Type: text/html\\r\\n'
        respuesta += '\\r\\n'
        for linea in lineas:
            respuesta += linea
    except FileNotFoundError:
        respuesta = 'HTTP/1.1 404 Not Found\\r\\n' + 'Content-Type: text/html\\r\\n\\r\\n' + '<h1>No encontrado</h1>'
    cliente.send(respuesta.encode())
    cliente.close()

s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.bind(('', 0))
s.listen(5)
print('puerto %d' % s.getsockname()[1], flush=True)
while True:
    c, dir = s.accept()
    threading.Thread(target=atender, args=(c,)).start()
'''

# The request read line by line from a file object.
MAKEFILE = '''
from socket import *
class WebServer:
    def __init__(self):
        self.sock = socket(AF_INET, SOCK_STREAM)
        self.sock.bind(("127.0.0.1", 0))
        self.sock.listen(10)
        print("port:", self.sock.getsockname()[1], flush=True)
    def run(self):
        while True:
            client, _ = self.sock.accept()
            stream = client.makefile("rwb")
            line = stream.readline().decode().strip()
            while stream.readline() not in (b"\\r\\n", b"\\n", b""):
                pass
            if line:
                self.serve(stream, line.split(" ")[1])
            try:
                stream.flush()
                stream.close()
                client.close()
            except OSError:
                pass
    def serve(self, out, path):
        try:
            data = open("." + path, "rb").read()
        except OSError:
            out.write(b"HTTP/1.0 404 Not Found\\r\\nContent-Type: text/html\\r\\n\\r\\n<p>404 Not Found</p>")
            return
        out.write(b"HTTP/1.0 200 OK\\r\\n")
        out.write(b"Content-Type: text/html\\r\\n")
        out.write(b"\\r\\n")
        out.write(data)
WebServer().run()
'''

LIBRARY = '''
from http.server import HTTPServer, SimpleHTTPRequestHandler
server = HTTPServer(("127.0.0.1", 0), SimpleHTTPRequestHandler)
print("port", server.server_port, flush=True)
server.serve_forever()
'''

STREAMS = '''
import socketserver
class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        words = self.rfile.readline().split()
        if len(words) < 2:
            return
        while self.rfile.readline().strip():
            pass
        try:
            body = open(words[1].decode()[1:], "rb").read()
            self.wfile.write(b"HTTP/1.1 200 OK\\r\\nContent-Type: text/html\\r\\nContent-Length: %d\\r\\n\\r\\n" % len(body))
            self.wfile.write(body)
        except OSError:
            self.wfile.write(b"HTTP/1.1 404 Not Found\\r\\nContent-Length: 9\\r\\n\\r\\nnot found")
with socketserver.TCPServer(("127.0.0.1", 0), Handler) as server:
    print("port", server.server_address[1], flush=True)
    server.serve_forever()
'''


def but(program, *changes):
    for old, new in changes:
        assert old in program, (old, program)
        program = program.replace(old, new)
    return program


OK = '"HTTP/1.1 200 OK\\r\\n\\r\\n".encode()'
LOOP = '''        for i in range(0, len(outputdata)):
            connectionSocket.send(outputdata[i].encode())
'''
FHEAD = '\\r\\nServer: mine\\r\\n'

SERVERS = {
    # Right, by the lab's sheet.
    "skeleton": SKELETON,
    "function": FUNCTION,
    "threaded": THREADED,
    "makefile": MAKEFILE,
    "library": LIBRARY,
    "streams": STREAMS,
    "another_reason": but(SKELETON, ("200 OK", "200 Here it is")),
    "empty_error": but(FUNCTION, ('b"<h1>404: not here</h1>"', 'b""')),
    "says_keep_alive": but(FUNCTION, ("Connection: close", "Connection: keep-alive")),
    "shut_down_first": but(SKELETON, ("connectionSocket.close()", "connectionSocket.shutdown(SHUT_RDWR); connectionSocket.close()")),
    "plain_type": but(THREADED, ("'Content-Type: text/html\\r\\n'\n", "'Content-Type: text/plain\\r\\n'\n")),
    "bare_404": but(SKELETON, ("<html><head></head><body><h1>404 Not Found</h1></body></html>\\r\\n", "404 Not Found")),
    "read_until_blank": but(FUNCTION, ('request = conn.recv(4096).decode("utf-8", "replace")', 'request = ""\n    while "\\r\\n\\r\\n" not in request:\n        more = conn.recv(100).decode()\n        if not more: return\n        request += more')),
    # The status line.
    "code_and_reason_joined": but(SKELETON, ("200 OK", "200OK")),
    "small_letters": but(FUNCTION, ("HTTP/1.1 {status}", "http/1.1 {status}")),
    "version_2": but(THREADED, ("HTTP/1.1 200", "HTTP/2.0 200")),
    "no_status_line": but(THREADED, ("respuesta = 'HTTP/1.1 200 OK\\r\\n'\n        respuesta += 'Content-Type: text/html\\r\\n'\n        respuesta += '\\r\\n'", "respuesta = ''")),
    "triple_quotes": but(SKELETON, (OK, '"""\nHTTP/1.1 200 OK\nContent-Type: text/html\n\n""".encode()')),
    "content_first": but(MAKEFILE, ('        out.write(data)\n', ''), ('        out.write(b"HTTP/1.0 200 OK', '        out.write(data)\n        out.write(b"HTTP/1.0 200 OK')),
    "colon_for_slash": but(MAKEFILE, ("HTTP/1.0 200", "HTTP:1.0 200")),
    # The head.
    "only_newlines": but(THREADED, ("200 OK\\r\\n", "200 OK\\n"), ("respuesta += 'Content-Type: text/html\\r\\n'\n        respuesta += '\\r\\n'", "respuesta += 'Content-Type: text/html\\n'\n        respuesta += '\\n'")),
    "turned_round": but(SKELETON, (OK, '"HTTP/1.1 200 OK\\n\\r\\n\\r".encode()')),
    "one_line_end": but(SKELETON, (OK, '"HTTP/1.1 200 OK\\r\\n".encode()')),
    "no_blank_in_f_string": but(FUNCTION, ("Connection: close\\r\\n\\r\\n", "Connection: close\\r\\n")),
    "no_line_end": but(MAKEFILE, ('b"Content-Type: text/html\\r\\n")\n        out.write(b"\\r\\n")', 'b"Content-Type: text/html")')),
    "double_backslash": but(SKELETON, (OK, '"HTTP/1.1 200 OK\\\\r\\\\n\\\\r\\\\n".encode()')),
    "no_colon": but(THREADED, ("respuesta += 'Content-Type: text", "respuesta += 'Content-Type text")),
    "space_and_colon": but(FUNCTION, ("Server: mine", "Server : mine")),
    "equals_sign": but(FUNCTION, ("Server: mine", "Server = mine")),
    "fields_on_one_line": but(FUNCTION, ("Server: mine\\r\\nContent-Type", "Server: mine Content-Type")),
    # The content.
    "first_letter_lost": but(SKELETON, ("range(0, len(outputdata))", "range(1, len(outputdata))")),
    "last_letter_lost": but(SKELETON, ("range(0, len(outputdata))", "range(0, len(outputdata) - 2)")),
    "ten_bytes": but(MAKEFILE, ("data = open(\".\" + path, \"rb\").read()", "data = open(\".\" + path, \"rb\").read(30)")),
    "bytes_as_text": but(FUNCTION, ("head.encode(\"utf-8\") + body", "(head + str(body)).encode()")),
    "list_as_text": but(THREADED, ("        for linea in lineas:\n            respuesta += linea", "        respuesta += str(lineas)")),
    "lines_joined": but(THREADED, ("respuesta += linea", "respuesta += linea.strip()")),
    "lines_apart": but(THREADED, ("respuesta += linea", "respuesta += linea + '\\r\\n'")),
    "two_heads": but(SKELETON, ("        for i in range", "        connectionSocket.send('HTTP/1.1 200 OK\\r\\nContent-Type: text/html\\r\\n\\r\\n'.encode())\n        for i in range")),
    "too_many_line_ends": but(SKELETON, ("200 OK\\r\\n\\r\\n", "200 OK\\r\\n\\r\\n\\r\\n")),
    "type_after_blank": but(THREADED, ("respuesta = 'HTTP/1.1 200 OK\\r\\n'", "respuesta = 'HTTP/1.1 200 OK\\r\\n\\r\\n'")),
    "whole_in_loop": but(SKELETON, ("outputdata[i].encode()", "outputdata.encode()")),
    "name_for_file": but(FUNCTION, ("body = page.read()", "body = path.encode()")),
    "request_for_file": but(FUNCTION, ("body = page.read()", "body = request.encode()")),
    "int_for_byte": but(SKELETON, ("open(filename[1:])", "open(filename[1:], 'rb')"), ("outputdata[i].encode()", "outputdata[i]")),
    "first_line_eaten": but(THREADED, ("lineas = archivo.readlines()", "archivo.readline(); lineas = archivo.readlines()")),
    "greeting": but(STREAMS, ("self.wfile.write(body)", "self.wfile.write(b'Welcome!' + body)"), ("len(body)", "(len(body) + 8)")),
    # The page does not come.
    "slash_kept": but(SKELETON, ("filename[1:]", "filename")),
    "two_letters_cut": but(SKELETON, ("filename[1:]", "filename[2:]")),
    "other_page": but(FUNCTION, ('path = path.lstrip("/")', 'path = {"": "index.html", "home": "HelloWorld.html"}.get(path.lstrip("/"), "none")')),
    "name_error": but(SKELETON, ("except IOError", "except"), ("outputdata = f.read()", "outputdata = file.read()")),
    "send_on_listener": but(SKELETON, ("        connectionSocket.send(" + OK, "        serverSocket.send(" + OK)),
    "server_error": but(FUNCTION, ('        conn.sendall(respond("200 OK", body))', '        try:\n            conn.sendall(respond("200 OK", boddy))\n        except NameError:\n            conn.sendall(respond("500 Internal Server Error", b"sorry"))')),
    "no_encode": but(SKELETON, (OK, '"HTTP/1.1 200 OK\\r\\n\\r\\n"')),
    "closed_by_main": but(THREADED, ("    datos = cliente.recv", "    import time; time.sleep(0.05)\n    datos = cliente.recv"), (".start()", ".start(); c.close()")),
    "waits_for_the_end": but(FUNCTION, ('request = conn.recv(4096).decode("utf-8", "replace")', 'request = ""\n    while True:\n        more = conn.recv(4096).decode()\n        if not more: break\n        request += more')),
    "does_not_read": but(SKELETON, ("message = connectionSocket.recv(1024).decode()", "message = 'GET /HelloWorld.html HTTP/1.1'")),
    # One client, and no more.
    "no_loop": but(SKELETON, ("while True:", "if True:")),
    "break_in_loop": but(SKELETON, ("        connectionSocket.close()\n    except", "        connectionSocket.close()\n        break\n    except")),
    "listener_closed": but(FUNCTION, ("        conn.close()\n", "        conn.close()\n        server.close()\n")),
    "stays_with_the_first": but(FUNCTION, ("        handle(conn)\n        conn.close()\n", "        while True:\n            handle(conn)\n            import time; time.sleep(0.01)\n")),
    "never_closed": but(FUNCTION, ("        conn.close()\n", "        kept.append(conn)\n"), ("    while 1:", "    kept = []\n    while 1:"), ("Content-Length: {len(body)}\\r\\n", "")),
    # The 404.
    "dies_of_a_missing_file": but(MAKEFILE, ("        except OSError:\n            out.write(b\"HTTP/1.0", "        except ZeroDivisionError:\n            out.write(b\"HTTP/1.0")),
    "error_with_200": but(FUNCTION, ('respond("404 Not Found", b"', 'respond("200 OK", b"')),
    "error_without_head": but(THREADED, ("respuesta = 'HTTP/1.1 404 Not Found\\r\\n' + 'Content-Type: text/html\\r\\n\\r\\n' + '<h1>No encontrado</h1>'", "respuesta = '<h1>404 Not Found</h1>'")),
    "error_glued": but(SKELETON, ('404 Not Found\\r\\n\\r\\n".encode()', '404 Not Found".encode()')),
    "error_with_one_line_end": but(SKELETON, ('404 Not Found\\r\\n\\r\\n".encode()', '404 Not Found\\r\\n".encode()')),
    "error_not_closed": but(SKELETON, ("</html>\\r\\n\".encode())\n        connectionSocket.close()", "</html>\\r\\n\".encode())\n        kept = connectionSocket")),
    "exit_after_error": but(SKELETON, ("</html>\\r\\n\".encode())\n        connectionSocket.close()", "</html>\\r\\n\".encode())\n        connectionSocket.close()\n        sys.exit()")),
    "error_passed_over": but(SKELETON, ("    except IOError:\n", "    except IOError:\n        connectionSocket.close(); continue\n")),
    "length_of_another_page": but(FUNCTION, ("Content-Length: {len(body)}", "Content-Length: 20")),
}

# A second set, written when what the first had shown was mended.

# asyncio, as somebody writes it who has read ahead.
ASYNC = '''
import asyncio, os
async def serve(reader, writer):
    try:
        request = await reader.readuntil(b"\\r\\n\\r\\n")
    except asyncio.IncompleteReadError:
        writer.close()
        return
    name = request.split()[1].decode().lstrip("/")
    if os.path.isfile(name):
        status, body = "200 OK", open(name, "rb").read()
    else:
        status, body = "404 Not Found", b"<h1>404 Not Found</h1>"
    writer.write(("HTTP/1.1 " + status + "\\r\\n").encode())
    writer.write(b"Content-Type: text/html\\r\\n")
    writer.write(b"\\r\\n")
    writer.write(body)
    await writer.drain()
    writer.close()
async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print("port", server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()
asyncio.run(main())
'''

# Two functions and a dictionary of fields, and select for the clients.
SELECT = '''
import select, socket
FIELDS = {"Server": "s", "Content-Type": "text/html", "Connection": "close"}
def head(status):
    lines = ["HTTP/1.1 %s" % status] + ["%s: %s" % item for item in FIELDS.items()]
    return "\\r\\n".join(lines) + "\\r\\n\\r\\n"
def answer(request):
    words = request.split()
    if len(words) < 3:
        return head("400 Bad Request") + "<p>what?</p>"
    try:
        with open(words[1].decode()[1:]) as f:
            return head("200 OK") + f.read()
    except (FileNotFoundError, IsADirectoryError):
        return head("404 Not Found") + "<p>Not Found</p>"
listener = socket.create_server(("127.0.0.1", 0))
print("port", listener.getsockname()[1], flush=True)
clients = []
while True:
    ready, _, _ = select.select([listener] + clients, [], [])
    for s in ready:
        if s is listener:
            clients.append(s.accept()[0])
            continue
        clients.remove(s)
        request = s.recv(65536)
        if request:
            s.sendall(answer(request).encode())
        s.close()
'''

SERVERS |= {
    "async": ASYNC,
    "select": SELECT,
    "select_1_0": but(SELECT, ("HTTP/1.1", "HTTP/1.0")),
    "async_no_content_type": but(ASYNC, ('    writer.write(b"Content-Type: text/html\\r\\n")\n', "")),
    "async_extra_line": but(ASYNC, ("writer.write(body)", "writer.write(body + b'\\r\\n')")),
    "no_reason": but(SELECT, ('"HTTP/1.1 %s" % status', '"HTTP/1.1 %s " % status.split()[0]')),
    "lines_joined_with_newline": but(SELECT, ('"\\r\\n".join(lines) + "\\r\\n\\r\\n"', '"\\n".join(lines) + "\\n\\n"')),
    "join_without_end": but(SELECT, (' + "\\r\\n\\r\\n"', "")),
    "join_with_one_end": but(SELECT, (' + "\\r\\n\\r\\n"', ' + "\\r\\n"')),
    "join_of_nothing": but(SELECT, ('"\\r\\n".join(lines)', '"".join(lines)')),
    "dictionary_as_text": but(SELECT, ('["%s: %s" % item for item in FIELDS.items()]', "[str(FIELDS)]")),
    "code_as_text": but(SELECT, ('head("200 OK")', 'head("OK 200")')),
    "version_without_slash": but(SELECT, ("HTTP/1.1", "HTTP1.1")),
    "tab_for_space": but(SELECT, ('"HTTP/1.1 %s"', '"HTTP/1.1\\t%s"')),
    "str_of_bytes_head": but(ASYNC, ('("HTTP/1.1 " + status + "\\r\\n").encode()', 'str(("HTTP/1.1 " + status + "\\r\\n").encode()).encode()')),
    "slashes_turned": but(ASYNC, ('b"\\r\\n")\n    writer.write(body)', 'b"/r/n")\n    writer.write(body)')),
    "body_before_blank": but(ASYNC, ('    writer.write(b"\\r\\n")\n    writer.write(body)', '    writer.write(body)\n    writer.write(b"\\r\\n")')),
    "page_twice": but(ASYNC, ("writer.write(body)", "writer.write(body); writer.write(body)")),
    "body_upper": but(SELECT, ("return head(\"200 OK\") + f.read()", "return head(\"200 OK\") + f.read().upper()")),
    "file_object": but(SELECT, ("f.read()", "str(f)")),
    "half_the_file": but(SELECT, ("f.read()", "f.read()[:40]")),
    "second_half": but(SELECT, ("f.read()", "f.read()[30:]")),
    "readline_once": but(SELECT, ("f.read()", "f.readline()")),
    "wrong_folder": but(SELECT, ("words[1].decode()[1:]", "'pages/' + words[1].decode()[1:]")),
    "host_word": but(SELECT, ("words[1].decode()[1:]", "words[4].decode()[1:]")),
    "always_400": but(SELECT, ("len(words) < 3", "len(words) != 3")),
    "redirect": but(SELECT, ('return head("200 OK") + f.read()', 'return head("301 Moved Permanently")')),
    "error_200_select": but(SELECT, ('head("404 Not Found")', 'head("200 OK")')),
    "error_500": but(SELECT, ('head("404 Not Found")', 'head("500 Error")')),
    "error_newlines": but(SELECT, ('return head("404 Not Found") + "<p>', 'return "HTTP/1.1 404 Not Found\\n\\n<p>')),
    "error_typo": but(SELECT, ('head("404 Not Found") +', 'haed("404 Not Found") +')),
    "error_kills_async": but(ASYNC, ('status, body = "404 Not Found", b"<h1>404 Not Found</h1>"', "os._exit(1)")),
    "never_closed_select": but(SELECT, ("            s.sendall(answer(request).encode())\n        s.close()", "            s.sendall(answer(request).encode()); kept.append(s)"), ("clients = []", "clients = []; kept = []")),
    "one_at_all": but(SELECT, ("        s.close()", "        s.close(); raise SystemExit")),
    "length_of_text": but(SELECT, ('"Connection": "close"', '"Content-Length": "1000"')),
}

if __name__ == "__main__":
    exec(compile(SERVERS[sys.argv[1]], sys.argv[1] + ".py", "exec"), {"__name__": "__main__"})
