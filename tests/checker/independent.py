"""Servers by an independent author, who had seen only the lab's sheet and the names of the checks.

Usage: python3 independent.py NAME; it prints the port, and serves the folder in which it is started.
       python3 independent.py --table: the expectations, as JSON.

Which check must be told first, and what is wrong, the author wrote down before any of them was run. The words of the fix
were chosen afterwards, as the fixes that the author found wanting were mended. The last four are variants of one fault.
"""
import json
import socket
import sys

ROWS = {}


def server(name, first, fault, words, program):
    """A server, the checks that may be reported first (none if it is right), its fault, and words of the first fix."""
    ROWS[name] = (program, first.split(), fault, words)


server('s01', '', "", [], r'''
#import socket module
from socket import *
import sys # In order to terminate the program
serverSocket = socket(AF_INET, SOCK_STREAM)
#Prepare a sever socket
serverPort = int(sys.argv[1])
serverSocket.bind(('127.0.0.1', serverPort))
serverSocket.listen(1)
while True:
    #Establish the connection
    print('Ready to serve...')
    connectionSocket, addr = serverSocket.accept()
    try:
        message = connectionSocket.recv(1024).decode()
        filename = message.split()[1]
        f = open(filename[1:])
        outputdata = f.read()
        #Send one HTTP header line into socket
        connectionSocket.send("HTTP/1.1 200 OK\r\n\r\n".encode())
        #Send the content of the requested file to the client
        for i in range(0, len(outputdata)):
            connectionSocket.send(outputdata[i].encode())
        connectionSocket.send("\r\n".encode())
        connectionSocket.close()
    except IOError:
        #Send response message for file not found
        connectionSocket.send("HTTP/1.1 404 Not Found\r\n\r\n".encode())
        #Close client socket
        connectionSocket.close()
serverSocket.close()
sys.exit()
''')

server('s02', '', "", [], r'''
import socket, sys, os

HOST = "127.0.0.1"
PORT = int(sys.argv[1])

def build_response(status, body, ctype="text/html"):
    head = [
        f"HTTP/1.1 {status}",
        f"Content-Type: {ctype}",
        f"Content-Length: {len(body)}",
        "Connection: close",
    ]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body

def main():
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind((HOST, PORT))
    s.listen(5)
    while True:
        c, a = s.accept()
        req = c.recv(4096).decode()
        if not req.strip():
            c.close()
            continue
        name = req.split(" ")[1].lstrip("/")
        if os.path.isfile(name):
            with open(name, "rb") as fh:
                c.sendall(build_response("200 OK", fh.read()))
        else:
            c.sendall(build_response("404 Not Found", b"<h1>404 Not Found</h1>"))
        c.close()

main()
''')

server('s03', '', "", [], r'''
import socket
import threading
import sys

class WebServer:
    def __init__(self, port):
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self.sock.bind(("127.0.0.1", port))

    def run(self):
        self.sock.listen()
        while True:
            conn, addr = self.sock.accept()
            ClientThread(conn).start()

class ClientThread(threading.Thread):
    def __init__(self, conn):
        super().__init__()
        self.conn = conn

    def run(self):
        try:
            data = self.conn.recv(2048).decode("utf-8")
            path = data.split()[1][1:]
            with open(path) as page:
                text = page.read()
            self.conn.send(b"HTTP/1.1 200 OK\r\n")
            self.conn.send(b"Content-Type: text/html\r\n\r\n")
            self.conn.send(text.encode())
        except (IOError, IndexError):
            self.conn.send(b"HTTP/1.1 404 Not Found\r\n\r\n<html><body>404 Not Found</body></html>")
        finally:
            self.conn.close()

if __name__ == "__main__":
    WebServer(int(sys.argv[1])).run()
''')

server('s04', '', "", [], r'''
# Servidor web sencillo
from socket import *
import sys

puerto = int(sys.argv[1])
servidor = socket(AF_INET, SOCK_STREAM)
servidor.bind(('127.0.0.1', puerto))
servidor.listen(3)
print(f"Servidor escuchando en {puerto}")

def leer_archivo(nombre):
    # devuelve None si no existe
    try:
        with open('.' + nombre, 'rb') as archivo:
            return archivo.read()
    except OSError:
        return None

while True:
    cliente, direccion = servidor.accept()
    peticion = cliente.recv(1024).decode()
    lineas = peticion.split('\r\n')
    partes = lineas[0].split(' ')
    if len(partes) < 2:
        cliente.close()
        continue
    contenido = leer_archivo(partes[1])
    if contenido is None:
        pagina = '<html><h1>404 No encontrado</h1></html>'
        cliente.sendall(f'HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nContent-Length: {len(pagina)}\r\n\r\n{pagina}'.encode())
    else:
        cabecera = f'HTTP/1.1 200 OK\r\nContent-Length: {len(contenido)}\r\n\r\n'
        cliente.sendall(cabecera.encode() + contenido)
    cliente.close()
''')

server('s05', '', "", [], r'''
import select
import socket
import sys

listener = socket.socket()
listener.bind(("127.0.0.1", int(sys.argv[1])))
listener.listen(16)
socks = [listener]

while True:
    readable, _, _ = select.select(socks, [], [])
    for s in readable:
        if s is listener:
            conn, addr = listener.accept()
            socks.append(conn)
            continue
        try:
            data = s.recv(8192)
        except ConnectionError:
            data = b""
        if data:
            words = data.split()
            try:
                f = open(words[1][1:].decode(), "rb")
                body = f.read()
                f.close()
                s.sendall(b"HTTP/1.0 200 OK\r\nContent-type: text/html\r\n\r\n" + body)
            except Exception:
                try:
                    s.sendall(b"HTTP/1.0 404 Not Found\r\n\r\n")
                except OSError:
                    pass
        socks.remove(s)
        s.close()
''')

server('s06', '', "", [], r'''
import socketserver, sys

class MyHandler(socketserver.StreamRequestHandler):
    def handle(self):
        line = self.rfile.readline().decode()
        # skip the headers
        while True:
            h = self.rfile.readline()
            if h in (b"\r\n", b"\n", b""):
                break
        parts = line.split()
        if len(parts) < 2:
            return
        self.do_GET(parts[1])

    def do_GET(self, path):
        try:
            with open(path[1:], "rb") as f:
                content = f.read()
        except IOError:
            self.send_head(404, "Not Found", 0)
            return
        self.send_head(200, "OK", len(content))
        self.wfile.write(content)

    def send_head(self, code, reason, n):
        self.wfile.write(b"HTTP/1.1 %d %s\r\n" % (code, reason.encode()))
        self.wfile.write(b"Content-Length: %d\r\n" % n)
        self.wfile.write(b"Connection: close\r\n")
        self.wfile.write(b"\r\n")

with socketserver.TCPServer(("127.0.0.1", int(sys.argv[1])), MyHandler) as server:
    server.serve_forever()
''')

server('s07', '', "", [], r'''
from socket import *
import sys
import threading

def handle(connectionSocket):
    try:
        message = connectionSocket.recv(1024)
        filename = message.split()[1]
        f = open(filename[1:])
        outputdata = f.readlines()
        connectionSocket.send('HTTP/1.1 200 OK\r\n'.encode())
        connectionSocket.send('\r\n'.encode())
        for line in outputdata:
            connectionSocket.send(line.encode())
        connectionSocket.send("\r\n".encode())
        connectionSocket.close()
    except IOError:
        connectionSocket.send('HTTP/1.1 404 Not Found\r\n'.encode())
        connectionSocket.send('\r\n'.encode())
        connectionSocket.send('<html><head></head><body><h1>404 Not Found</h1></body></html>\r\n'.encode())
        connectionSocket.close()

serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.bind(('', int(sys.argv[1])))
serverSocket.listen(5)
while True:
    print('Ready to serve...')
    connectionSocket, addr = serverSocket.accept()
    # new thread for each client (it is not really one, but it works)
    t = threading.Thread(target=handle(connectionSocket))
    t.start()
''')

server('s08', '', "", [], r'''
import socket, sys
s = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while 1:
    conn, _ = s.accept()
    rf = conn.makefile("rb")
    wf = conn.makefile("wb")
    request = rf.readline()
    try:
        method, target, version = request.decode().split()
        hdr = rf.readline()
        while hdr.strip():
            hdr = rf.readline()
        data = open(target[1:], "rb").read()
        wf.write(b"HTTP/1.1 200 OK\r\n" b"\r\n")
        wf.write(data)
    except ValueError:
        pass
    except IOError:
        wf.write(b"HTTP/1.1 404 Not Found\r\n" b"\r\n" b"file not found")
    try:
        wf.close()
    except OSError:
        pass
    rf.close()
    conn.close()
''')

server('s09', '', "", [], r'''
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
import mimetypes
import socket
import sys

ROOT = Path.cwd().resolve()
CRLF = "\r\n"

def respond(sock, code, headers, body):
    out = f"HTTP/1.1 {code}{CRLF}"
    for k, v in headers.items():
        out += f"{k}: {v}{CRLF}"
    out += CRLF
    sock.sendall(out.encode("ascii") + body)

def serve(sock):
    with sock:
        raw = b""
        while b"\r\n\r\n" not in raw:
            chunk = sock.recv(1024)
            if not chunk:
                return
            raw += chunk
        target = raw.decode("latin-1").split(" ")[1].split("?")[0]
        file = (ROOT / target.lstrip("/")).resolve()
        if ROOT in file.parents and file.is_file():
            body = file.read_bytes()
            kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            respond(sock, "200 OK", {"Content-Type": kind, "Content-Length": len(body), "Connection": "close"}, body)
        else:
            body = b"<h1>Not Found</h1>"
            respond(sock, "404 Not Found", {"Content-Type": "text/html", "Content-Length": len(body), "Connection": "close"}, body)

with socket.socket() as srv, ThreadPoolExecutor(20) as pool:
    srv.bind(("127.0.0.1", int(sys.argv[1])))
    srv.listen(50)
    while True:
        c, _ = srv.accept()
        pool.submit(serve, c)
''')

server('s10', '', "", [], r'''
import socket
import sys
import os

s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.bind(('localhost', int(sys.argv[1])))
s.listen(10)
while True:
    c, a = s.accept()
    pid = os.fork()
    if pid == 0:
        s.close()
        req = c.recv(1024).decode('utf-8', 'ignore')
        try:
            fn = req.split('\n')[0].split()[1]
            body = open(fn[1:], 'r', encoding='utf-8').read()
            resp = 'HTTP/1.1 200 Everything fine\r\nserver: mine\r\n\r\n' + body
        except:
            resp = 'HTTP/1.1 404 File Not Found\r\nserver: mine\r\n\r\nno such file'
        c.sendall(resp.encode('utf-8'))
        c.close()
        os._exit(0)
    c.close()
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass
''')

server('s11', '', "", [], r'''
# persistent connections, one thread for each client
import socket, threading, sys

def client(conn):
    buf = b''
    conn.settimeout(10)
    try:
        while True:
            while b'\r\n\r\n' not in buf:
                d = conn.recv(4096)
                if not d:
                    conn.close()
                    return
                buf += d
            head, buf = buf.split(b'\r\n\r\n', 1)
            lines = head.decode().split('\r\n')
            method, path, ver = lines[0].split()
            close = ver == 'HTTP/1.0' or any(l.lower().replace(' ', '') == 'connection:close' for l in lines)
            try:
                body = open(path[1:], 'rb').read()
                st = '200 OK'
            except OSError:
                body = b'404 Not Found'
                st = '404 Not Found'
            conn.sendall(('HTTP/1.1 %s\r\nContent-Length: %d\r\nConnection: %s\r\n\r\n' % (st, len(body), 'close' if close else 'keep-alive')).encode() + body)
            if close:
                break
    except (OSError, ValueError):
        pass
    conn.close()

srv = socket.socket()
srv.bind(('127.0.0.1', int(sys.argv[1])))
srv.listen(20)
while True:
    c, a = srv.accept()
    threading.Thread(target=client, args=(c,), daemon=True).start()
''')

server('s12', '', "", [], r'''
from socket import *
import sys
serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.bind(("127.0.0.1", int(sys.argv[1])))
serverSocket.listen(1)
headers = {'Server': 'Python', 'Content-Type': 'text/html; charset=utf-8'}
while True:
    print('Ready to serve...')
    connectionSocket, addr = serverSocket.accept()
    try:
        message = connectionSocket.recv(65536)
        filename = message.split()[1]
        f = open(filename[1:])
        outputdata = f.read()
        f.close()
        h = 'HTTP/1.1 200 OK\r\n' + ''.join(k + ': ' + v + '\r\n' for k, v in headers.items()) + '\r\n'
        connectionSocket.sendall(h.encode())
        connectionSocket.sendall(outputdata.encode())
        connectionSocket.shutdown(SHUT_WR)
        connectionSocket.close()
    except FileNotFoundError:
        connectionSocket.sendall(b'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n')
        connectionSocket.close()
    except Exception as e:
        print('error', e)
        connectionSocket.close()
''')

server('s13', '', "", [], r'''
import sys
from socket import socket, AF_INET, SOCK_STREAM

OK = """HTTP/1.1 200 OK
Content-Type: text/html

"""
NOT_FOUND = """HTTP/1.1 404 Not Found
Content-Type: text/html

<h1>404</h1>
"""

def crlf(t):
    return t.replace("\n", "\r\n").encode()

sock = socket(AF_INET, SOCK_STREAM)
sock.bind(("127.0.0.1", int(sys.argv[1])))
sock.listen(2)
try:
    while True:
        con, adr = sock.accept()
        msg = con.recv(1000).decode()
        print(adr, msg[:40])
        w = msg.split()
        if len(w) >= 2:
            try:
                file = open(w[1][1:], "r", newline="")
            except IOError:
                con.send(crlf(NOT_FOUND))
            else:
                con.send(crlf(OK))
                con.send(file.read().encode())
                file.close()
        con.close()
except KeyboardInterrupt:
    sock.close()
    sys.exit(0)
''')

server('s14', '', "", [], r'''
import socket, os, sys

def parse(req):
    first = req.splitlines()[0]
    method, uri, version = first.split(' ')
    return method, uri, version

def get_file(uri):
    for name in os.listdir('.'):
        if '/' + name == uri and os.path.isfile(name):
            return open(name, 'rb').read()
    return None

server = socket.socket()
server.bind(('', int(sys.argv[1])))
server.listen(0)
while True:
    conn, address = server.accept()
    try:
        method, uri, version = parse(conn.recv(3000).decode())
        page = get_file(uri)
        if page == None:
            conn.send(version.encode() + b' 404 Not Found\r\n\r\n')
        else:
            conn.send(version.encode() + b' 200 OK\r\n\r\n')
            conn.sendall(page)
    except Exception as problem:
        print("problem:", problem)
    conn.close()
''')

server('s15', '', "", [], r'''
#!/usr/bin/env python3
# my web server!!  - lab 1
from socket import *
import sys
from datetime import datetime, timezone
p = int(sys.argv[1])
serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
serverSocket.bind(('127.0.0.1', p))
serverSocket.listen(5)
def now():
    return datetime.now(timezone.utc).strftime('%a, %d %b %Y %H:%M:%S GMT')
while True:
    connectionSocket, addr = serverSocket.accept()
    message = connectionSocket.recv(2048).decode()
    if message == '':
        connectionSocket.close()
        continue
    filename = message.split()[1]
    if filename == '/':
        filename = '/HelloWorld.html'
    try:
        f = open(filename[1:], 'rb')
        outputdata = f.read()
        connectionSocket.send(b'HTTP/1.1 200 OK\r\nDate: ' + now().encode() + b'\r\nContent-Type: text/html\r\nContent-Length: ' + str(len(outputdata)).encode() + b'\r\n\r\n')
        for i in range(0, len(outputdata)):
            connectionSocket.send(outputdata[i:i+1])
    except IOError:
        connectionSocket.send(b'HTTP/1.1 404 Not Found\r\nDate: ' + now().encode() + b'\r\n\r\n')
    connectionSocket.close()
''')

server('s16', 'head-end', "Only one \\r\\n after the status line: the empty line that ends the head is missing.", ["one more"], r'''
from socket import *
import sys
serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.bind(('127.0.0.1', int(sys.argv[1])))
serverSocket.listen(1)
while True:
    print('Ready to serve...')
    connectionSocket, addr = serverSocket.accept()
    try:
        message = connectionSocket.recv(1024)
        filename = message.split()[1]
        f = open(filename[1:])
        outputdata = f.read()
        connectionSocket.send("HTTP/1.1 200 OK\r\n".encode())
        for i in range(0, len(outputdata)):
            connectionSocket.send(outputdata[i].encode())
        connectionSocket.send("\r\n".encode())
        connectionSocket.close()
    except IOError:
        connectionSocket.send("HTTP/1.1 404 Not Found\r\n\r\n".encode())
        connectionSocket.close()
''')

server('s17', 'line-ends', "The Content-Type line and the empty line end with \\n alone (the status line has \\r\\n).", ["End every line"], r'''
import socket, sys
s = socket.socket()
s.bind(('127.0.0.1', int(sys.argv[1])))
s.listen(1)
while True:
    c, a = s.accept()
    r = c.recv(1024).decode()
    try:
        name = r.split()[1]
        f = open(name[1:])
        c.send(b'HTTP/1.1 200 OK\r\nContent-Type: text/html\n\n')
        c.send(f.read().encode())
        c.close()
    except IOError:
        c.send(b'HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<h1>404</h1>')
        c.close()
    except IndexError:
        c.close()
''')

server('s18', 'content', "Sends the request (message) back instead of the file's content.", ["recv"], r'''
from socket import *
import sys
serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.bind(('', int(sys.argv[1])))
serverSocket.listen(1)
while True:
    print('Ready to serve...')
    connectionSocket, addr = serverSocket.accept()
    try:
        message = connectionSocket.recv(1024).decode()
        filename = message.split()[1]
        f = open(filename[1:])
        outputdata = f.read()
        connectionSocket.send("HTTP/1.1 200 OK\r\n\r\n".encode())
        for i in range(0, len(message)):
            connectionSocket.send(message[i].encode())
        connectionSocket.send("\r\n".encode())
        connectionSocket.close()
    except IOError:
        connectionSocket.send("HTTP/1.1 404 Not Found\r\n\r\n".encode())
        connectionSocket.close()
''')

server('s19', 'not-found', "In the except branch nothing is sent; the connection is only closed (the message is only printed).", ["404 Not Found"], r'''
from socket import *
import sys
serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.bind(('', int(sys.argv[1])))
serverSocket.listen(1)
while True:
    print('Ready to serve...')
    connectionSocket, addr = serverSocket.accept()
    try:
        message = connectionSocket.recv(1024)
        filename = message.split()[1]
        with open(filename[1:]) as f:
            outputdata = f.read()
        connectionSocket.send(b"HTTP/1.1 200 OK\r\n\r\n")
        connectionSocket.send(outputdata.encode())
        connectionSocket.send("\r\n".encode())
        connectionSocket.close()
    except IOError:
        print("404 Not Found")
        connectionSocket.close()
''')

server('s20', 'not-found-complete', "The except branch sends the 404 head but does not close the connection (no Content-Length).", ["Close the client's socket"], r'''
from socket import *
import sys
serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.bind(('', int(sys.argv[1])))
serverSocket.listen(1)
while True:
    print('Ready to serve...')
    connectionSocket, addr = serverSocket.accept()
    try:
        message = connectionSocket.recv(1024)
        filename = message.split()[1]
        f = open(filename[1:])
        outputdata = f.read()
        connectionSocket.send("HTTP/1.1 200 OK\r\n\r\n".encode())
        for i in range(0, len(outputdata)):
            connectionSocket.send(outputdata[i].encode())
        connectionSocket.send("\r\n".encode())
        connectionSocket.close()
    except IOError:
        connectionSocket.send("HTTP/1.1 404 Not Found\r\n\r\n".encode())
        connectionSocket.send("<html><body><h1>404 Not Found</h1></body></html>\r\n".encode())
''')

server('s21', 'survives', "serverSocket.close() and sys.exit() stand inside the while loop: the server ends after the first request.", ["exit()"], r'''
from socket import *
import sys
serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.bind(('', int(sys.argv[1])))
serverSocket.listen(1)
while True:
    print('Ready to serve...')
    connectionSocket, addr = serverSocket.accept()
    try:
        message = connectionSocket.recv(1024)
        filename = message.split()[1]
        f = open(filename[1:])
        outputdata = f.read()
        connectionSocket.send("HTTP/1.1 200 OK\r\n\r\n".encode())
        for i in range(0, len(outputdata)):
            connectionSocket.send(outputdata[i].encode())
        connectionSocket.send("\r\n".encode())
        connectionSocket.close()
    except IOError:
        connectionSocket.send("HTTP/1.1 404 Not Found\r\n\r\n".encode())
        connectionSocket.close()
    serverSocket.close()
    sys.exit()
''')

server('s22', 'status-line', "Words of the status line in the wrong order: \"HTTP/1.1 OK 200\".", ["Write the code first"], r'''
import socket, sys
PORT = int(sys.argv[1])
def status(code, text):
    return f"HTTP/1.1 {text} {code}\r\n"
srv = socket.socket()
srv.bind(("127.0.0.1", PORT)); srv.listen(4)
while True:
    cl, _ = srv.accept()
    rq = cl.recv(1500).decode().split()
    if len(rq) > 1:
        try:
            txt = open(rq[1][1:]).read()
            cl.sendall((status("200", "OK") + "\r\n" + txt).encode())
        except IOError:
            cl.sendall(("HTTP/1.1 404 Not Found\r\n\r\n").encode())
    cl.close()
''')

server('s23', 'content', "The status line and empty line are sent twice, so a second head stands at the start of the content.", ["once"], r'''
from socket import *
import sys
serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.bind(('', int(sys.argv[1])))
serverSocket.listen(1)
while True:
    print('Ready to serve...')
    connectionSocket, addr = serverSocket.accept()
    try:
        message = connectionSocket.recv(1024)
        filename = message.split()[1]
        f = open(filename[1:])
        header = "HTTP/1.1 200 OK\r\n\r\n"
        outputdata = header + f.read()
        connectionSocket.send(header.encode())
        for i in range(0, len(outputdata)):
            connectionSocket.send(outputdata[i].encode())
        connectionSocket.close()
    except IOError:
        connectionSocket.send("HTTP/1.1 404 Not Found\r\n\r\n".encode())
        connectionSocket.close()
''')

server('s24', 'line-ends head-end', "Line ends written in the wrong order: \\n\\r instead of \\r\\n.", ["order"], r'''
from socket import *
import sys
s = socket(AF_INET, SOCK_STREAM)
s.bind(('', int(sys.argv[1])))
s.listen(1)
while True:
    conn, addr = s.accept()
    try:
        message = conn.recv(1024)
        filename = message.split()[1]
        f = open(filename[1:])
        outputdata = f.read()
        conn.send("HTTP/1.1 200 OK\n\r".encode())
        conn.send("Content-Type: text/html\n\r".encode())
        conn.send("\n\r".encode())
        conn.send(outputdata.encode())
        conn.close()
    except IOError:
        conn.send("HTTP/1.1 404 Not Found\n\r\n\r".encode())
        conn.close()
''')

server('s25', 'status-200', "The path is bytes (message not decoded) and is compared with a str, so it is never equal and every request gets 404.", ["decode()"], r'''
import socket, sys
s = socket.socket()
s.bind(("127.0.0.1", int(sys.argv[1])))
s.listen(1)
pages = ["/HelloWorld.html", "/index.html"]
while True:
    c, addr = s.accept()
    message = c.recv(1024)
    if not message:
        c.close()
        continue
    path = message.split()[1]
    if path in pages:
        f = open(path[1:])
        c.send("HTTP/1.1 200 OK\r\n\r\n".encode())
        c.send(f.read().encode())
    else:
        c.send("HTTP/1.1 404 Not Found\r\n\r\n".encode())
    c.close()
''')

server('s26', 'status-200', "recv(16) reads only 16 bytes: the name in the request is cut off and not found.", ["one that is cut off needs"], r'''
from socket import *
import sys
serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.bind(('', int(sys.argv[1])))
serverSocket.listen(1)
while True:
    print('Ready to serve...')
    connectionSocket, addr = serverSocket.accept()
    try:
        message = connectionSocket.recv(16).decode()
        filename = message.split()[1]
        f = open(filename[1:])
        outputdata = f.read()
        connectionSocket.send("HTTP/1.1 200 OK\r\n\r\n".encode())
        for i in range(0, len(outputdata)):
            connectionSocket.send(outputdata[i].encode())
        connectionSocket.send("\r\n".encode())
        connectionSocket.close()
    except IOError:
        connectionSocket.send("HTTP/1.1 404 Not Found\r\n\r\n".encode())
        connectionSocket.close()
''')

server('s27', 'survives', "accept() is called once before the loop; after the first request the connection is closed and no second one is accepted.", ["Put accept inside while True"], r'''
from socket import *
import sys
serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.bind(('', int(sys.argv[1])))
serverSocket.listen(1)
print('Ready to serve...')
connectionSocket, addr = serverSocket.accept()
while True:
    try:
        message = connectionSocket.recv(1024)
        filename = message.split()[1]
        f = open(filename[1:])
        outputdata = f.read()
        connectionSocket.send("HTTP/1.1 200 OK\r\n\r\n".encode())
        connectionSocket.send(outputdata.encode())
        connectionSocket.close()
    except IOError:
        connectionSocket.send("HTTP/1.1 404 Not Found\r\n\r\n".encode())
        connectionSocket.close()
''')

server('s28', 'responds', "send() gets a str (no encode) - TypeError; the server crashes before anything is sent.", ["exception"], r'''
from socket import *
import sys
serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.bind(('', int(sys.argv[1])))
serverSocket.listen(1)
while True:
    print('Ready to serve...')
    connectionSocket, addr = serverSocket.accept()
    try:
        message = connectionSocket.recv(1024)
        filename = message.split()[1]
        f = open(filename[1:])
        outputdata = f.read()
        connectionSocket.send("HTTP/1.1 200 OK\r\n\r\n")
        for i in range(0, len(outputdata)):
            connectionSocket.send(outputdata[i].encode())
        connectionSocket.send("\r\n".encode())
        connectionSocket.close()
    except IOError:
        connectionSocket.send("HTTP/1.1 404 Not Found\r\n\r\n".encode())
        connectionSocket.close()
''')

server('s29', 'field-lines', "The Content-Type line has no colon (\"Content-Type text/html\").", ["colon"], r'''
import sys
import socket
def make_header(code):
    h = 'HTTP/1.1 ' + code + '\r\n'
    h = h + 'Content-Type text/html\r\n'
    h = h + '\r\n'
    return h.encode()
def main(port):
    server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    server.bind(('127.0.0.1', port))
    server.listen(1)
    while True:
        client, addr = server.accept()
        data = client.recv(1024).decode()
        try:
            file_name = data.split()[1].replace('/', '')
            file = open(file_name)
            client.sendall(make_header('200 OK'))
            client.sendall(file.read().encode())
        except IOError:
            client.sendall(make_header('404 Not Found'))
        except IndexError:
            pass
        client.close()
main(int(sys.argv[1]))
''')

server('s30', 'line-ends head-end status-line', "Slashes in place of backslashes: \"/r/n/r/n\" is sent as text; no line end at all.", ["backslash"], r'''
from socket import *
import sys
serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.bind(('', int(sys.argv[1])))
serverSocket.listen(1)
while True:
    print('Ready to serve...')
    connectionSocket, addr = serverSocket.accept()
    try:
        message = connectionSocket.recv(1024).decode()
        filename = message.split()[1]
        f = open(filename[1:])
        outputdata = f.read()
        connectionSocket.send("HTTP/1.1 200 OK/r/n/r/n".encode())
        for i in range(0, len(outputdata)):
            connectionSocket.send(outputdata[i].encode())
        connectionSocket.close()
    except IOError:
        connectionSocket.send("HTTP/1.1 404 Not Found/r/n/r/n".encode())
        connectionSocket.close()
''')

server('s31', 'survives-not-found', "sys.exit() in the except branch: the server ends after a missing file.", ["exit()"], r'''
from socket import *
import sys
serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.bind(('', int(sys.argv[1])))
serverSocket.listen(1)
while True:
    print('Ready to serve...')
    connectionSocket, addr = serverSocket.accept()
    try:
        message = connectionSocket.recv(1024)
        filename = message.split()[1]
        f = open(filename[1:])
        outputdata = f.read()
        connectionSocket.send("HTTP/1.1 200 OK\r\n\r\n".encode())
        connectionSocket.sendall(outputdata.encode())
        connectionSocket.close()
    except IOError:
        connectionSocket.send("HTTP/1.1 404 Not Found\r\n\r\n".encode())
        connectionSocket.close()
        serverSocket.close()
        sys.exit("file not found")
''')

server('s32', 'not-found', "The except branch sends the 404 on serverSocket (the listening socket) instead of connectionSocket: OSError, the server crashes.", ["connectionSocket"], r'''
from socket import *
import sys
serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.bind(('', int(sys.argv[1])))
serverSocket.listen(1)
while True:
    print('Ready to serve...')
    connectionSocket, addr = serverSocket.accept()
    try:
        message = connectionSocket.recv(1024)
        filename = message.split()[1]
        f = open(filename[1:])
        outputdata = f.read()
        connectionSocket.send("HTTP/1.1 200 OK\r\n\r\n".encode())
        connectionSocket.sendall(outputdata.encode())
        connectionSocket.close()
    except IOError:
        serverSocket.send("HTTP/1.1 404 Not Found\r\n\r\n".encode())
        connectionSocket.close()
''')

server('s33', 'status-line', "The content is sent before the head.", ["only after its empty line the content"], r'''
import socket, sys
sock = socket.socket()
sock.bind(('127.0.0.1', int(sys.argv[1])))
sock.listen(1)
while True:
    con, who = sock.accept()
    question = con.recv(1024).decode()
    try:
        fname = question.split()[1].strip('/')
        with open(fname) as f:
            for line in f:
                con.send(line.encode())
        con.send('HTTP/1.1 200 OK\r\n'.encode())
        con.send('Content-Type: text/html\r\n\r\n'.encode())
    except IOError:
        con.send('HTTP/1.1 404 Not Found\r\n\r\n'.encode())
    except IndexError:
        pass
    con.close()
''')

server('s34', 'content closes responds', "The connection is not closed after the page and there is no Content-Length: the client waits for the end.", ["Close the client", "close"], r'''
from socket import *
import sys
serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.bind(('', int(sys.argv[1])))
serverSocket.listen(1)
while True:
    print('Ready to serve...')
    connectionSocket, addr = serverSocket.accept()
    try:
        message = connectionSocket.recv(1024)
        filename = message.split()[1]
        f = open(filename[1:])
        outputdata = f.read()
        connectionSocket.send("HTTP/1.1 200 OK\r\n\r\n".encode())
        for i in range(0, len(outputdata)):
            connectionSocket.send(outputdata[i].encode())
        connectionSocket.send("\r\n".encode())
        f.close()
    except IOError:
        connectionSocket.send("HTTP/1.1 404 Not Found\r\n\r\n".encode())
        connectionSocket.close()
''')

server('s35', 'content', "The whole outputdata is sent in every turn of the loop, so the page comes hundreds of times.", ["loop"], r'''
from socket import *
import sys
serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.bind(('', int(sys.argv[1])))
serverSocket.listen(1)
while True:
    print('Ready to serve...')
    connectionSocket, addr = serverSocket.accept()
    try:
        message = connectionSocket.recv(1024)
        filename = message.split()[1]
        f = open(filename[1:])
        outputdata = f.read()
        connectionSocket.send("HTTP/1.1 200 OK\r\n\r\n".encode())
        for i in range(0, len(outputdata)):
            connectionSocket.send(outputdata.encode())
        connectionSocket.send("\r\n".encode())
        connectionSocket.close()
    except IOError:
        connectionSocket.send("HTTP/1.1 404 Not Found\r\n\r\n".encode())
        connectionSocket.close()
''')

server('s36', 'content', "range(0, len(outputdata)-1): the last character of the file is not sent.", ["stop too early", "loop"], r'''
from socket import *
import sys
serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.bind(('', int(sys.argv[1])))
serverSocket.listen(1)
while True:
    print('Ready to serve...')
    connectionSocket, addr = serverSocket.accept()
    try:
        message = connectionSocket.recv(1024)
        filename = message.split()[1]
        f = open(filename[1:])
        outputdata = f.read()
        connectionSocket.send("HTTP/1.1 200 OK\r\n\r\n".encode())
        for i in range(0, len(outputdata)-1):
            connectionSocket.send(outputdata[i].encode())
        connectionSocket.close()
    except IOError:
        connectionSocket.send("HTTP/1.1 404 Not Found\r\n\r\n".encode())
        connectionSocket.close()
''')

server('s37', 'not-found', "The name is hard-coded: every request gets HelloWorld.html with 200, also a missing file.", ["that the request names"], r'''
# servidor del laboratorio
import socket, sys
def responder(con):
    peticion = con.recv(1024).decode()
    print(peticion)
    try:
        archivo = open('HelloWorld.html')   # abrir la pagina
        datos = archivo.read()
        con.send('HTTP/1.1 200 OK\r\n\r\n'.encode())
        con.send(datos.encode())
    except IOError:
        con.send('HTTP/1.1 404 Not Found\r\n\r\n'.encode())
    con.close()
s = socket.socket()
s.bind(('127.0.0.1', int(sys.argv[1])))
s.listen(1)
while True:
    con, dir = s.accept()
    responder(con)
''')

server('s38', 'not-found-complete', "The 404's Content-Length is a copied number (1024) much larger than its page.", ["Count the bytes"], r'''
import socket, sys, os
s = socket.socket()
s.bind(('127.0.0.1', int(sys.argv[1])))
s.listen(5)
while True:
    c, a = s.accept()
    d = c.recv(1024).decode()
    if d:
        n = d.split()[1][1:]
        if os.path.exists(n) and not os.path.isdir(n):
            b = open(n, 'rb').read()
            c.send(('HTTP/1.1 200 OK\r\nContent-Length: ' + str(len(b)) + '\r\n\r\n').encode() + b)
        else:
            c.send('HTTP/1.1 404 Not Found\r\nContent-Length: 1024\r\n\r\n<h1>Not Found</h1>'.encode())
    c.close()
''')

server('s39', 'status-line', "The response begins with an empty line (\\r\\n) before the status line.", ["Remove what comes before"], r'''
from socket import *
import sys
serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.bind(('', int(sys.argv[1])))
serverSocket.listen(1)
while True:
    connectionSocket, addr = serverSocket.accept()
    try:
        message = connectionSocket.recv(1024)
        filename = message.split()[1]
        f = open(filename[1:])
        outputdata = f.read()
        connectionSocket.send("\r\nHTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n".encode())
        for i in range(0, len(outputdata)):
            connectionSocket.send(outputdata[i].encode())
        connectionSocket.send("\r\n".encode())
        connectionSocket.close()
    except IOError:
        connectionSocket.send("HTTP/1.1 404 Not Found\r\n\r\n".encode())
        connectionSocket.close()
''')

server('s40', 'survives', "The file is opened once before the loop; the second read() gives an empty string, so the second client gets no content.", ["anew for each request"], r'''
import sys, socket
page = open("HelloWorld.html")
srv = socket.socket()
srv.bind(("127.0.0.1", int(sys.argv[1])))
srv.listen(1)
while True:
    con, addr = srv.accept()
    req = con.recv(1024).decode()
    words = req.split()
    if len(words) < 2:
        con.close()
        continue
    if words[1] == "/HelloWorld.html":
        con.send("HTTP/1.1 200 OK\r\n\r\n".encode())
        con.send(page.read().encode())
    else:
        con.send("HTTP/1.1 404 Not Found\r\n\r\n".encode())
    con.close()
''')

server('s41', 'survives', "response is set empty only once, before the loop, and += adds to it: the second response contains the first one too.", ["make it empty inside the loop"], r'''
import sys, socket
srv = socket.socket()
srv.bind(("127.0.0.1", int(sys.argv[1])))
srv.listen(1)
response = ""
while True:
    con, addr = srv.accept()
    req = con.recv(1024).decode()
    try:
        name = req.split()[1][1:]
        data = open(name).read()
        response += "HTTP/1.1 200 OK\r\n"
        response += "Content-Type: text/html\r\n"
        response += "\r\n"
        response += data
    except IOError:
        response += "HTTP/1.1 404 Not Found\r\n\r\n"
    except IndexError:
        con.close()
        continue
    con.sendall(response.encode())
    con.close()
''')

server('s42', 'at-once', "The threads use one global connectionSocket; with several clients at once it is overwritten and clients get nothing or the wrong response.", ["as an argument"], r'''
from socket import *
import sys, threading, time
serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.bind(('', int(sys.argv[1])))
serverSocket.listen(20)
connectionSocket = None

def atender():
    global connectionSocket
    message = connectionSocket.recv(1024).decode()
    time.sleep(0.05)  # simulate some work
    try:
        filename = message.split()[1]
        outputdata = open(filename[1:]).read()
        connectionSocket.send("HTTP/1.1 200 OK\r\n\r\n".encode())
        connectionSocket.send(outputdata.encode())
    except IOError:
        connectionSocket.send("HTTP/1.1 404 Not Found\r\n\r\n".encode())
    connectionSocket.close()

while True:
    connectionSocket, addr = serverSocket.accept()
    threading.Thread(target=atender).start()
''')

server('s43', 'field-lines', "A long string continued with a backslash: the indentation spaces stand before the header names.", ["no whitespace"], r'''
from socket import *
import sys
serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.bind(('', int(sys.argv[1])))
serverSocket.listen(1)
while True:
    print('Ready to serve...')
    connectionSocket, addr = serverSocket.accept()
    try:
        message = connectionSocket.recv(1024)
        filename = message.split()[1]
        f = open(filename[1:])
        outputdata = f.read()
        header = "HTTP/1.1 200 OK\r\n\
        Content-Type: text/html\r\n\
        Connection: close\r\n\r\n"
        connectionSocket.send(header.encode())
        connectionSocket.send(outputdata.encode())
        connectionSocket.close()
    except IOError:
        connectionSocket.send("HTTP/1.1 404 Not Found\r\n\r\n".encode())
        connectionSocket.close()
''')

server('s44', 'not-found', "except IndexError instead of IOError/FileNotFoundError: a missing file crashes the server without a response.", ["except OSError"], r'''
from socket import *
import sys
serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.bind(('', int(sys.argv[1])))
serverSocket.listen(1)
while True:
    print('Ready to serve...')
    connectionSocket, addr = serverSocket.accept()
    try:
        message = connectionSocket.recv(1024)
        filename = message.split()[1]
        f = open(filename[1:])
        outputdata = f.read()
        connectionSocket.send("HTTP/1.1 200 OK\r\n\r\n".encode())
        connectionSocket.send(outputdata.encode())
        connectionSocket.close()
    except IndexError:
        connectionSocket.send("HTTP/1.1 404 Not Found\r\n\r\n".encode())
        connectionSocket.close()
''')

server('s45', 'not-found-complete not-found', "The 404 is \"HTTP/1.1 404 Not Found\" without any line end or empty line.", ["\\r\\n\\r\\n"], r'''
from socket import *
import sys
serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.bind(('', int(sys.argv[1])))
serverSocket.listen(1)
while True:
    print('Ready to serve...')
    connectionSocket, addr = serverSocket.accept()
    try:
        message = connectionSocket.recv(1024)
        filename = message.split()[1]
        f = open(filename[1:])
        outputdata = f.read()
        connectionSocket.send("HTTP/1.1 200 OK\r\n\r\n".encode())
        connectionSocket.send(outputdata.encode())
        connectionSocket.close()
    except IOError:
        connectionSocket.send("HTTP/1.1 404 Not Found".encode())
        connectionSocket.close()
''')

server('s46', 'not-found', "The 200 head is sent before the file is opened; for a missing file the 404 comes behind the 200.", ["Open the file before"], r'''
from socket import *
import sys
serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.bind(('', int(sys.argv[1])))
serverSocket.listen(1)
while True:
    print('Ready to serve...')
    connectionSocket, addr = serverSocket.accept()
    try:
        message = connectionSocket.recv(1024)
        filename = message.split()[1]
        connectionSocket.send("HTTP/1.1 200 OK\r\n\r\n".encode())
        f = open(filename[1:])
        outputdata = f.read()
        for i in range(0, len(outputdata)):
            connectionSocket.send(outputdata[i].encode())
        connectionSocket.close()
    except IOError:
        connectionSocket.send("HTTP/1.1 404 Not Found\r\n\r\n".encode())
        connectionSocket.close()
''')

server('s47', 'status-200', "Files are looked for in a folder \"www\" that does not exist, so the page gets 404.", ["folder"], r'''
import os, socket, sys
ROOT = os.path.join(os.getcwd(), "www")
class Server(object):
    def __init__(self, port):
        self.s = socket.socket()
        self.s.bind(("127.0.0.1", port))
        self.s.listen(1)
    def loop(self):
        while True:
            self.c, _ = self.s.accept()
            self.one()
            self.c.close()
    def one(self):
        r = self.c.recv(4096).decode().split()
        if len(r) < 2: return
        p = ROOT + r[1]
        if os.path.isfile(p):
            self.c.sendall(b"HTTP/1.1 200 OK\r\n\r\n" + open(p, "rb").read())
        else:
            self.c.sendall(b"HTTP/1.1 404 Not Found\r\n\r\n")
Server(int(sys.argv[1])).loop()
''')

server('s48', 'content-length', "Content-Length is the number of lines (len of readlines()), not of bytes.", ["lines"], r'''
import socket, sys
s = socket.socket()
s.bind(('127.0.0.1', int(sys.argv[1])))
s.listen(1)
while True:
    c, a = s.accept()
    m = c.recv(1024).decode()
    try:
        f = open(m.split()[1][1:])
        lines = f.readlines()
        c.send(f'HTTP/1.1 200 OK\r\nContent-Length: {len(lines)}\r\nContent-Type: text/html\r\n\r\n'.encode())
        for l in lines:
            c.send(l.encode())
        c.close()
    except IOError:
        c.send('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n'.encode())
        c.close()
''')

server('s49', 'responds', "The loop calls recv until it returns empty, which only happens when the client closes: no response is sent.", ["empty line"], r'''
import socket, sys
def receive_all(conn):
    data = b''
    while True:
        part = conn.recv(1024)
        if not part:
            break
        data += part
    return data.decode()
s = socket.socket()
s.bind(('127.0.0.1', int(sys.argv[1])))
s.listen(5)
while True:
    conn, addr = s.accept()
    try:
        request = receive_all(conn)
        filename = request.split()[1]
        body = open(filename[1:]).read()
        conn.send(('HTTP/1.1 200 OK\r\n\r\n' + body).encode())
    except IOError:
        conn.send('HTTP/1.1 404 Not Found\r\n\r\n'.encode())
    except IndexError:
        print('empty')
    conn.close()
''')

server('s50', 'closes', "Says Connection: close but never closes the connection after the page (it is kept in a list).", ["Close the client's socket"], r'''
import socket, sys
clients = []
s = socket.socket()
s.bind(('127.0.0.1', int(sys.argv[1])))
s.listen(5)
while True:
    conn, addr = s.accept()
    clients.append(conn)
    print(len(clients), "clients")
    try:
        name = conn.recv(2000).decode().split()[1][1:]
        body = open(name, 'rb').read()
        conn.sendall(b'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: ' + str(len(body)).encode() + b'\r\n\r\n' + body)
    except IOError:
        conn.sendall(b'HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
        conn.close()
    except IndexError:
        conn.close()
''')

server('s51', 'content', "The file is read as bytes and turned into text with str(): the page comes as b'...\\n...'.", ["str()"], r'''
import socket, sys
s = socket.socket()
s.bind(('127.0.0.1', int(sys.argv[1])))
s.listen(1)
while True:
    c, a = s.accept()
    try:
        req = str(c.recv(1024))
        f = open(req.split()[1][1:], 'rb')
        page = str(f.read())
        c.send(bytes('HTTP/1.1 200 OK\r\n\r\n' + page, 'utf-8'))
        c.close()
    except IOError:
        c.send(bytes('HTTP/1.1 404 Not Found\r\n\r\n', 'utf-8'))
        c.close()
    except IndexError:
        c.close()
''')

server('s52', 'survives-not-found', "The except branch closes serverSocket instead of connectionSocket: the next accept() fails.", ["not serverSocket.close()"], r'''
from socket import *
import sys
serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.bind(('', int(sys.argv[1])))
serverSocket.listen(1)
while True:
    print('Ready to serve...')
    connectionSocket, addr = serverSocket.accept()
    try:
        message = connectionSocket.recv(1024)
        filename = message.split()[1]
        f = open(filename[1:])
        outputdata = f.read()
        connectionSocket.send("HTTP/1.1 200 OK\r\n\r\n".encode())
        connectionSocket.send(outputdata.encode())
        connectionSocket.close()
    except IOError:
        connectionSocket.send("HTTP/1.1 404 Not Found\r\n\r\n".encode())
        serverSocket.close()
''')

server('s53', 'content survives', "The file is opened 'rb'; outputdata[i] is an int and .encode() on it raises AttributeError: after the head the server crashes.", ["exception"], r'''
from socket import *
import sys
serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.bind(('', int(sys.argv[1])))
serverSocket.listen(1)
while True:
    print('Ready to serve...')
    connectionSocket, addr = serverSocket.accept()
    try:
        message = connectionSocket.recv(1024)
        filename = message.split()[1]
        f = open(filename[1:], 'rb')
        outputdata = f.read()
        connectionSocket.send("HTTP/1.1 200 OK\r\n\r\n".encode())
        for i in range(0, len(outputdata)):
            connectionSocket.send(outputdata[i].encode())
        connectionSocket.send("\r\n".encode())
        connectionSocket.close()
    except IOError:
        connectionSocket.send("HTTP/1.1 404 Not Found\r\n\r\n".encode())
        connectionSocket.close()
''')

server('s54', 'content', "The content is printed on the server's terminal instead of sent; the client gets only the head.", ["send the bytes of the file"], r'''
from socket import *
import sys
serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.bind(('', int(sys.argv[1])))
serverSocket.listen(1)
while True:
    print('Ready to serve...')
    connectionSocket, addr = serverSocket.accept()
    try:
        message = connectionSocket.recv(1024).decode()
        filename = message.split()[1]
        f = open(filename[1:])
        outputdata = f.read()
        connectionSocket.send("HTTP/1.1 200 OK\r\n\r\n".encode())
        for i in range(0, len(outputdata)):
            print(outputdata[i], end='')
        connectionSocket.close()
    except IOError:
        connectionSocket.send("HTTP/1.1 404 Not Found\r\n\r\n".encode())
        connectionSocket.close()
''')

server('s55', 'responds', "A misspelt variable (outputData) raises NameError; a bare except swallows it and closes: no response to the page.", ["print the exception"], r'''
from socket import *
import sys
serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.bind(('', int(sys.argv[1])))
serverSocket.listen(1)
while True:
    connectionSocket, addr = serverSocket.accept()
    try:
        message = connectionSocket.recv(1024).decode()
        filename = message.split()[1]
        try:
            f = open(filename[1:])
        except IOError:
            connectionSocket.send("HTTP/1.1 404 Not Found\r\n\r\n".encode())
            connectionSocket.close()
            continue
        outputdata = f.read()
        connectionSocket.send(("HTTP/1.1 200 OK\r\n\r\n" + outputData).encode())
        connectionSocket.close()
    except:
        connectionSocket.close()
''')

server('s56', 'line-ends not-found-complete', "Two faults: all lines of the head end with \\n alone; the 404's connection is not closed.", ["End every line"], r"""
import socket, sys
HEAD = '''HTTP/1.1 200 OK
Content-Type: text/html

'''
s = socket.socket()
s.bind(('127.0.0.1', int(sys.argv[1])))
s.listen(1)
while True:
    conn, addr = s.accept()
    m = conn.recv(1024).decode()
    try:
        text = open(m.split()[1][1:]).read()
        conn.send((HEAD + text).encode())
        conn.close()
    except IOError:
        conn.send('HTTP/1.1 404 Not Found\n\n'.encode())
    except IndexError:
        conn.close()
""")

server('s57', 'status-line', "Two faults: the status line is \"HTTP/1.1 OK\" without the code 200; a missing file gets no 404 (only a text without head).", ["code"], r'''
from socket import *
import sys
serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.bind(('', int(sys.argv[1])))
serverSocket.listen(1)
while True:
    connectionSocket, addr = serverSocket.accept()
    try:
        message = connectionSocket.recv(1024)
        filename = message.split()[1]
        f = open(filename[1:])
        outputdata = f.read()
        connectionSocket.send("HTTP/1.1 OK\r\n\r\n".encode())
        for i in range(0, len(outputdata)):
            connectionSocket.send(outputdata[i].encode())
        connectionSocket.close()
    except IOError:
        connectionSocket.send("404 Not Found".encode())
        connectionSocket.close()
''')

server('s58', 'head-end content', "Two faults: no empty line after the header lines; every line of the file is stripped (line ends and indents lost).", ["one more"], r'''
import socket, sys
s = socket.socket()
s.bind(('127.0.0.1', int(sys.argv[1])))
s.listen(1)
while True:
    c, a = s.accept()
    m = c.recv(1024).decode().split()
    if len(m) > 1:
        try:
            f = open(m[1][1:])
            out = ''
            for line in f:
                out = out + line.strip()
            c.send(b'HTTP/1.1 200 OK\r\n')
            c.send(b'Content-Type: text/html\r\n')
            c.send(out.encode())
        except IOError:
            c.send(b'HTTP/1.1 404 Not Found\r\n\r\n')
    c.close()
''')

server('s59', 'content', "Two faults: readline() sends only the first line of the file; sys.exit() after a 404.", ["read()"], r'''
from socket import *
import sys
serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.bind(('', int(sys.argv[1])))
serverSocket.listen(1)
while True:
    print('Ready to serve...')
    connectionSocket, addr = serverSocket.accept()
    try:
        message = connectionSocket.recv(1024)
        filename = message.split()[1]
        f = open(filename[1:])
        outputdata = f.readline()
        connectionSocket.send("HTTP/1.1 200 OK\r\n\r\n".encode())
        for i in range(0, len(outputdata)):
            connectionSocket.send(outputdata[i].encode())
        connectionSocket.close()
    except IOError:
        connectionSocket.send("HTTP/1.1 404 Not Found\r\n\r\n".encode())
        connectionSocket.close()
        break
serverSocket.close()
sys.exit()
''')

server('s60', 'content-length', "Two faults: Content-Length is sys.getsizeof(content), too large; a missing file gets an error page with 200 OK.", ["sys.getsizeof"], r'''
import socket, sys
def send_page(c, text):
    body = text.encode()
    c.sendall(f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {sys.getsizeof(body)}\r\n\r\n".encode() + body)
s = socket.socket()
s.bind(('127.0.0.1', int(sys.argv[1])))
s.listen(1)
while True:
    c, a = s.accept()
    m = c.recv(1024).decode().split()
    if len(m) > 1:
        try:
            send_page(c, open(m[1][1:]).read())
        except IOError:
            c.sendall(b"HTTP/1.1 200 OK\r\n\r\n<h1>Error 404: not found</h1>")
    c.close()
''')

server('v_404', 'survives', "The second client gets 404.", ["anew"], r'''
import socket,sys
mode='404'; n=0
s=socket.socket(); s.bind(('127.0.0.1',int(sys.argv[1]))); s.listen(5)
while True:
    c,_=s.accept()
    w=c.recv(2048).decode().split()
    if len(w)>1:
        n+=1
        try:
            b=open(w[1][1:],'rb').read()
            if n>1 and mode=='404': raise OSError
            if n>1 and mode=='nohead': c.sendall(b)
            elif n>1 and mode=='half': c.sendall(b'HTTP/1.1 200 OK\r\n\r\n'+b[:20])
            elif n>1 and mode=='nothing': pass
            else: c.sendall(b'HTTP/1.1 200 OK\r\n\r\n'+b)
        except OSError:
            try: c.sendall(b'HTTP/1.1 404 Not Found\r\n\r\n')
            except OSError: pass
    c.close()
''')

server('v_nohead', 'survives', "The second client gets no head.", ["whole head for each"], r'''
import socket,sys
mode='nohead'; n=0
s=socket.socket(); s.bind(('127.0.0.1',int(sys.argv[1]))); s.listen(5)
while True:
    c,_=s.accept()
    w=c.recv(2048).decode().split()
    if len(w)>1:
        n+=1
        try:
            b=open(w[1][1:],'rb').read()
            if n>1 and mode=='404': raise OSError
            if n>1 and mode=='nohead': c.sendall(b)
            elif n>1 and mode=='half': c.sendall(b'HTTP/1.1 200 OK\r\n\r\n'+b[:20])
            elif n>1 and mode=='nothing': pass
            else: c.sendall(b'HTTP/1.1 200 OK\r\n\r\n'+b)
        except OSError:
            try: c.sendall(b'HTTP/1.1 404 Not Found\r\n\r\n')
            except OSError: pass
    c.close()
''')

server('v_half', 'survives', "The second client gets a part of the file.", ["anew"], r'''
import socket,sys
mode='half'; n=0
s=socket.socket(); s.bind(('127.0.0.1',int(sys.argv[1]))); s.listen(5)
while True:
    c,_=s.accept()
    w=c.recv(2048).decode().split()
    if len(w)>1:
        n+=1
        try:
            b=open(w[1][1:],'rb').read()
            if n>1 and mode=='404': raise OSError
            if n>1 and mode=='nohead': c.sendall(b)
            elif n>1 and mode=='half': c.sendall(b'HTTP/1.1 200 OK\r\n\r\n'+b[:20])
            elif n>1 and mode=='nothing': pass
            else: c.sendall(b'HTTP/1.1 200 OK\r\n\r\n'+b)
        except OSError:
            try: c.sendall(b'HTTP/1.1 404 Not Found\r\n\r\n')
            except OSError: pass
    c.close()
''')

server('v_nothing', 'survives', "The second client gets nothing.", ["again for each client"], r'''
import socket,sys
mode='nothing'; n=0
s=socket.socket(); s.bind(('127.0.0.1',int(sys.argv[1]))); s.listen(5)
while True:
    c,_=s.accept()
    w=c.recv(2048).decode().split()
    if len(w)>1:
        n+=1
        try:
            b=open(w[1][1:],'rb').read()
            if n>1 and mode=='404': raise OSError
            if n>1 and mode=='nohead': c.sendall(b)
            elif n>1 and mode=='half': c.sendall(b'HTTP/1.1 200 OK\r\n\r\n'+b[:20])
            elif n>1 and mode=='nothing': pass
            else: c.sendall(b'HTTP/1.1 200 OK\r\n\r\n'+b)
        except OSError:
            try: c.sendall(b'HTTP/1.1 404 Not Found\r\n\r\n')
            except OSError: pass
    c.close()
''')


def run(name):
    """Runs a server at a free port, and prints the port once it listens."""
    listen = socket.socket.listen

    def listen_and_tell(self, *arguments):
        listen(self, *arguments)
        print("port", self.getsockname()[1], flush=True)

    socket.socket.listen = listen_and_tell
    sys.argv = [name + ".py", "0"]
    exec(compile(ROWS[name][0], name + ".py", "exec"), {"__name__": "__main__"})


if __name__ == "__main__":
    if sys.argv[1] == "--table":
        options = ["--preset", "kurose"]
        print(json.dumps([dict(name=n, set=6, first=f, words=w, options=options) for n, (_, f, _, w) in ROWS.items()]))
    else:
        run(sys.argv[1])
