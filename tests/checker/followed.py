"""Servers by a third independent author, for three labs, who followed each first fix to the letter.

Usage: python3 followed.py NAME; it prints the port, and serves the folder in which it is started.
       python3 followed.py --table: the expectations, as JSON.

Which check must be told first, and what its fix must mend, the author wrote down before any of them was run. The words
of the fix were chosen afterwards, as those found wanting were mended. Three reach all points by the sheet, and what is
told of them first has none: k32, k35 and k36. A server at another address than the lab's, m03, cannot be here. What
begins with x has the faults that were told badly of the servers of the next three authors.
"""
from table import Table
from unseen import but

TABLE = Table(8)
right, passes, wrong = TABLE.right, TABLE.passes, TABLE.wrong

MININET = {"options": ("--preset", "mininet"), "files": ("/hello.html",)}
LAB01 = {"options": ("--preset", "lab01")}
WITH_IMAGE = {"files": ("/HelloWorld.html", "/img/logo.png")}

SKELETON = r'''
from socket import *
import sys
serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.bind(('', 13331))
serverSocket.listen(1)
while True:
    print('Ready to serve...')
    connectionSocket, addr = serverSocket.accept()
    try:
        message = connectionSocket.recv(1024)
        filename = message.split()[1]
        f = open(filename[1:])
        outputdata = f.read()
        connectionSocket.send('HTTP/1.1 200 OK\r\n\r\n'.encode())
        for i in range(0, len(outputdata)):
            connectionSocket.send(outputdata[i].encode())
        connectionSocket.close()
    except IOError:
        connectionSocket.send('HTTP/1.1 404 Not Found\r\n\r\n'.encode())
        connectionSocket.send('<h1>404 Not Found</h1>'.encode())
        connectionSocket.close()
serverSocket.close()
sys.exit()
'''

BYTES = r'''
from socket import *

serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.bind(('', 13331))
serverSocket.listen(1)
while True:
    print('Ready to serve...')
    connectionSocket, addr = serverSocket.accept()
    try:
        message = connectionSocket.recv(1024)
        filename = message.split()[1]
        f = open(filename[1:], 'rb')
        outputdata = f.read()
        connectionSocket.send('HTTP/1.1 200 OK\r\n\r\n'.encode())
        connectionSocket.sendall(outputdata)
        connectionSocket.close()
    except IOError:
        connectionSocket.send('HTTP/1.1 404 Not Found\r\n\r\n'.encode())
        connectionSocket.send('<h1>404 Not Found</h1>'.encode())
        connectionSocket.close()
'''

# Lines of both.
OPEN = """\
        f = open(filename[1:], 'rb')
        outputdata = f.read()
"""
SEND_HEAD = "        connectionSocket.send('HTTP/1.1 200 OK\\r\\n\\r\\n'.encode())\n"
CLOSE = "        connectionSocket.close()\n"
LAST = "        connectionSocket.send('<h1>404 Not Found</h1>'.encode())\n"
ACCEPT = "    connectionSocket, addr = serverSocket.accept()\n"
ACCEPT_FIRST = ("while True:\n    print('Ready to serve...')\n" + ACCEPT, ACCEPT.lstrip() + "while True:\n")

right("k01_skeleton", r'''
from socket import *
import sys

serverSocket = socket(AF_INET, SOCK_STREAM)
serverPort = 13331
serverSocket.bind(('', serverPort))
serverSocket.listen(1)

while True:
    print('Ready to serve...')
    connectionSocket, addr = serverSocket.accept()
    try:
        message = connectionSocket.recv(1024)
        filename = message.split()[1]
        f = open(filename[1:], 'rb')
        outputdata = f.read()
        f.close()
        connectionSocket.send('HTTP/1.1 200 OK\r\n\r\n'.encode())
        for i in range(0, len(outputdata)):
            connectionSocket.send(outputdata[i:i+1])
        connectionSocket.close()
    except IOError:
        connectionSocket.send('HTTP/1.1 404 Not Found\r\n\r\n'.encode())
        connectionSocket.send('<html><head></head><body><h1>404 Not Found</h1></body></html>\r\n'.encode())
        connectionSocket.close()

serverSocket.close()
sys.exit()
''')
right("k02_functions", r'''
import socket
import os

HOST = "0.0.0.0"
PORT = 13331

def build_response(status, body, ctype="text/html"):
    head = "HTTP/1.1 {}\r\n".format(status)
    head += "Content-Type: {}\r\n".format(ctype)
    head += "Content-Length: {}\r\n".format(len(body))
    head += "Connection: close\r\n"
    head += "\r\n"
    return head.encode() + body

def content_type(path):
    if path.endswith(".html"):
        return "text/html"
    elif path.endswith(".png"):
        return "image/png"
    elif path.endswith((".jpg", ".jpeg")):
        return "image/jpeg"
    return "application/octet-stream"

def main():
    server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind((HOST, PORT))
    server.listen(5)
    print("Listening on", PORT)
    while True:
        conn, addr = server.accept()
        request = conn.recv(4096).decode("latin-1")
        if not request.strip():
            conn.close()
            continue
        path = request.split()[1].lstrip("/")
        if os.path.isfile(path):
            with open(path, "rb") as f:
                conn.sendall(build_response("200 OK", f.read(), content_type(path)))
        else:
            conn.sendall(build_response("404 Not Found", b"<h1>404 Not Found</h1>"))
        conn.close()

if __name__ == "__main__":
    main()
''')
right("k03_threads", r'''
from socket import *
import threading

def handle(connectionSocket):
    try:
        message = connectionSocket.recv(1024).decode()
        print(message)
        filename = message.split()[1]
        f = open(filename[1:], "rb")
        outputdata = f.read()
        connectionSocket.send("HTTP/1.1 200 OK\r\n".encode())
        connectionSocket.send("\r\n".encode())
        connectionSocket.sendall(outputdata)
    except IOError:
        connectionSocket.send("HTTP/1.1 404 Not Found\r\n\r\n".encode())
        connectionSocket.send("<html><body><h1>Error 404: Not Found</h1></body></html>".encode())
    except IndexError:
        pass
    connectionSocket.close()

serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.bind(('', 13331))
serverSocket.listen(5)
while True:
    print('Ready to serve...')
    connectionSocket, addr = serverSocket.accept()
    t = threading.Thread(target=handle, args=(connectionSocket,))
    t.start()
''')
right("k04_spanish", r'''
from socket import *

serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.bind(('localhost', 13331))
serverSocket.listen(1)

while True:
    print('Listo para servir...')
    connectionSocket, addr = serverSocket.accept()
    try:
        mensaje = connectionSocket.recv(1024).decode()
        nombre = mensaje.split()[1]
        archivo = open('.' + nombre, 'rb')
        datos = archivo.read()
        archivo.close()
        cabecera = 'HTTP/1.1 200 OK\r\n'
        if nombre.endswith('.html'):
            cabecera += 'Content-Type: text/html; charset=utf-8\r\n'
        elif nombre.endswith('.png'):
            cabecera += 'Content-Type: image/png\r\n'
        cabecera += 'Content-Length: ' + str(len(datos)) + '\r\n\r\n'
        connectionSocket.send(cabecera.encode())
        connectionSocket.send(datos)
        connectionSocket.close()
    except (IOError, IndexError):
        connectionSocket.send('HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n'.encode())
        connectionSocket.send('<h1>404 Not Found</h1>'.encode())
        connectionSocket.close()
''')
right("k05_http_1_0", r'''
from socket import *
import sys

serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
serverSocket.bind(("", 13331))
serverSocket.listen(1)
print("The web server is up on port:", 13331)

while True:
	connectionSocket, addr = serverSocket.accept()
	try:
		message = connectionSocket.recv(1024)
		filename = message.split()[1].decode()[1:]
		if filename.endswith(".html"):
			f = open(filename)
			outputdata = f.read()
			connectionSocket.send("HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n".encode())
			for i in range(0, len(outputdata)):
				connectionSocket.send(outputdata[i].encode())
		else:
			f = open(filename, "rb")
			outputdata = f.read()
			connectionSocket.send("HTTP/1.0 200 OK\r\nContent-Type: image/png\r\n\r\n".encode())
			connectionSocket.sendall(outputdata)
		f.close()
		connectionSocket.close()
	except IOError:
		connectionSocket.send("HTTP/1.0 404 Not Found\r\nContent-Type: text/html\r\n\r\n".encode())
		connectionSocket.send("<html><head><title>404</title></head><body><h1>404 Not Found</h1></body></html>".encode())
		connectionSocket.close()
	except IndexError:
		connectionSocket.close()
''')
right("k06_reads_to_the_end_of_the_head", r'''
import socket, sys, time

class WebServer:
    def __init__(self, port):
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self.sock.bind(('', port))
        self.sock.listen(1)

    def read_request(self, conn):
        data = b''
        while b'\r\n\r\n' not in data:
            chunk = conn.recv(1024)
            if not chunk:
                break
            data += chunk
        return data.decode(errors='replace')

    def serve(self):
        while True:
            conn, addr = self.sock.accept()
            with conn:
                request = self.read_request(conn)
                parts = request.split()
                if len(parts) < 2:
                    continue
                name = parts[1].split('?')[0][1:]
                try:
                    with open(name, 'rb') as page:
                        body = page.read()
                    status = '200 OK'
                except OSError:
                    body = b'<html><body>404 Not Found</body></html>'
                    status = '404 Not Found'
                head = ('HTTP/1.1 ' + status + '\r\n'
                        'Date: ' + time.strftime('%a, %d %b %Y %H:%M:%S GMT', time.gmtime()) + '\r\n'
                        'Server: MyServer\r\n'
                        'Content-Length: %d\r\n' % len(body) +
                        'Connection: close\r\n\r\n')
                conn.sendall(head.encode('ascii') + body)

if __name__ == '__main__':
    WebServer(int(sys.argv[1]) if len(sys.argv) > 1 else 13331).serve()
''')
right("k07_readlines", r'''
from socket import *

serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.bind(('127.0.0.1', 13331))
serverSocket.listen(1)
while True:
    print ('Ready to serve...')
    connectionSocket, addr = serverSocket.accept()
    try:
        message = connectionSocket.recv(2048)
        filename = message.split()[1]
        with open(filename[1:], 'rb') as f:
            outputdata = f.readlines()
        connectionSocket.send(b'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n')
        for line in outputdata:
            connectionSocket.send(line)
        connectionSocket.close()
    except IOError:
        connectionSocket.send(b'HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n')
        try:
            connectionSocket.send(open('404.html', 'rb').read())
        except IOError:
            connectionSocket.send(b'<h1>404 Not Found</h1>')
        connectionSocket.close()
serverSocket.close()
''')
right("k08_crlf", r'''
from socket import *
import sys
serverSocket = socket(AF_INET, SOCK_STREAM)
serverPort = 13331
serverSocket.bind(("", serverPort))
serverSocket.listen(1)
CRLF = "\r\n"
while True:
    print("Ready to serve...")
    connectionSocket, addr = serverSocket.accept()
    try:
        message = connectionSocket.recv(1024).decode()
        if len(message) == 0:
            connectionSocket.close()
            continue
        requestLine = message.split(CRLF)[0]
        method, path, version = requestLine.split(" ")
        if path == "/":
            path = "/HelloWorld.html"
        f = open(path[1:], "rb")
        outputdata = f.read()
        response = "HTTP/1.1 200 OK" + CRLF
        response += "Content-Length: " + str(len(outputdata)) + CRLF
        response += CRLF
        connectionSocket.send(response.encode("utf-8"))
        connectionSocket.sendall(outputdata)
    except FileNotFoundError:
        body = "<!DOCTYPE html><html><body><h1>404 - Not Found</h1></body></html>"
        response = "HTTP/1.1 404 Not Found" + CRLF + "Content-Length: " + str(len(body)) + CRLF + CRLF + body
        connectionSocket.send(response.encode("utf-8"))
    except Exception as e:
        print("error:", e)
    finally:
        connectionSocket.close()
''')
wrong("k09_lf_only", but(SKELETON, ("OK\\r\\n\\r\\n", "OK\\n\\n"), ("Found\\r\\n\\r\\n", "Found\\n\\n")), "line-ends", ['End every line of the head with'])
wrong("k10_triple_quotes", r'''
import socket

s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(('', 13331))
s.listen(5)

OK_HEADER = """HTTP/1.1 200 OK
Content-Type: %s
Connection: close

"""

NOT_FOUND = """HTTP/1.1 404 Not Found
Content-Type: text/html
Connection: close

<html><body><h1>404 Not Found</h1></body></html>
"""

while True:
    c, addr = s.accept()
    req = c.recv(1024).decode()
    if req == '':
        c.close()
        continue
    fname = req.split()[1][1:]
    try:
        with open(fname, 'rb') as f:
            data = f.read()
        if fname.endswith('.png'):
            c.sendall((OK_HEADER % 'image/png').encode())
        else:
            c.sendall((OK_HEADER % 'text/html').encode())
        c.sendall(data)
    except OSError:
        c.sendall(NOT_FOUND.encode())
    c.close()
''', "line-ends", ['In triple quotes each line break is a'])
wrong("k11_lf_404", but(BYTES, ("Found\\r\\n\\r\\n", "Found\\nContent-Type: text/html\\n\\n")), "not-found-complete", ['End every line of the head with'])
wrong("k12_no_empty_line", but(SKELETON, ("OK\\r\\n\\r\\n", "OK\\r\\n")), "head-end", ['Send one more "\\r\\n" after the last line of the head, "HTTP/1.1 200 OK"'])
wrong("k13_no_empty_line_after_fields", r'''
from socket import *
import os

serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.bind(('', 13331))
serverSocket.listen(1)

def get_type(name):
    ext = os.path.splitext(name)[1]
    return {'.html': 'text/html', '.png': 'image/png', '.jpg': 'image/jpeg'}.get(ext, 'text/plain')

while True:
    connectionSocket, addr = serverSocket.accept()
    try:
        request = connectionSocket.recv(1024).decode()
        filename = request.split()[1][1:]
        f = open(filename, 'rb')
        body = f.read()
        header = 'HTTP/1.1 200 OK\r\n'
        header += 'Content-Type: ' + get_type(filename) + '\r\n'
        header += 'Content-Length: ' + str(len(body)) + '\r\n'
        connectionSocket.send(header.encode() + body)
    except (IOError, IndexError):
        connectionSocket.send('HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<h1>404 Not Found</h1>'.encode())
    connectionSocket.close()
''', "head-end", ['Send one more "\\r\\n" after the last line of the head, "Content-Length'])
wrong("k14_no_empty_line_404", but(SKELETON, ("Found\\r\\n\\r\\n", "Found\\r\\n")), "not-found-complete", ['Send one more "\\r\\n"'])
wrong("k15_no_version_number", but(BYTES, ("HTTP/1.1 ", "HTTP ")), "status-line", ['Write HTTP/1.1 in place of HTTP'])
wrong("k16_line_end_first", but(SKELETON, ("'HTTP/1.1 200", "'\\r\\nHTTP/1.1 200")), "status-line", ['Remove what comes before HTTP/1.1, in the same string'])
wrong("k17_no_version_404", but(SKELETON, ("HTTP/1.1 404", "404")), "not-found", ['"HTTP/1.1 404 Not Found\\r\\n"'])
wrong("k18_no_head_404", but(BYTES, ("        connectionSocket.send('HTTP/1.1 404 Not Found\\r\\n\\r\\n'.encode())\n", "")), "not-found", ['before the page that says so'])
wrong("k19_head_before_open", but(BYTES, (OPEN + SEND_HEAD, SEND_HEAD + OPEN)), "not-found", ['Open the file before you send'])
wrong("k20_space_in_name", but(SKELETON, ("OK\\r\\n", "OK\\r\\nContent Type: text/html\\r\\n")), "field-lines", ['Write a hyphen instead'])
wrong("k21_getsizeof", r'''
import socket
import sys

def start(port=13331):
    server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(('', port))
    server.listen(1)
    while True:
        conn, addr = server.accept()
        try:
            data = conn.recv(1024).decode()
            filename = data.split()[1][1:]
            with open(filename, 'rb') as f:
                content = f.read()
            header = "HTTP/1.1 200 OK\r\n"
            header += "Content-Type: text/html\r\n" if filename.endswith("html") else "Content-Type: image/png\r\n"
            header += "Content-Length: " + str(sys.getsizeof(content)) + "\r\n\r\n"
            conn.send(header.encode())
            conn.sendall(content)
        except IndexError:
            pass
        except IOError:
            conn.send("HTTP/1.1 404 Not Found\r\n\r\n<h1>404 Not Found</h1>".encode())
        conn.close()

start()
''', "content-length", ['Count only the content'])
wrong("k22_no_encode", but(SKELETON, ("OK\\r\\n\\r\\n'.encode()", "OK\\r\\n\\r\\n'")), "responds", ['add .encode() to the text'])
wrong("k23_encode_of_int", but(SKELETON, ("open(filename[1:])", "open(filename[1:], 'rb')")), "content", ['without a loop, encode() or decode()'])
wrong("k24_slash_kept", but(BYTES, ("open(filename[1:], 'rb')", "open(filename, 'rb')")), "status-200", ['without its first "/": filename[1:]'])
wrong("k25_join_drops_folder", r'''
import os
import socket

BASE_DIR = os.path.dirname(os.path.abspath(__file__))
WEB_ROOT = os.getcwd()

server_socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server_socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server_socket.bind(('0.0.0.0', 13331))
server_socket.listen(5)
print('Serving', WEB_ROOT, 'on port 13331')

while True:
    client, addr = server_socket.accept()
    request = client.recv(1024).decode()
    print(request)
    if not request:
        client.close()
        continue
    path = request.split(' ')[1]
    file_path = os.path.join(WEB_ROOT, path)
    if os.path.exists(file_path) and os.path.isfile(file_path):
        with open(file_path, 'rb') as f:
            body = f.read()
        response = b'HTTP/1.1 200 OK\r\nContent-Length: ' + str(len(body)).encode() + b'\r\n\r\n' + body
    else:
        body = b'<h1>404 Not Found</h1>'
        response = b'HTTP/1.1 404 Not Found\r\nContent-Length: ' + str(len(body)).encode() + b'\r\n\r\n' + body
    client.sendall(response)
    client.close()
''', "status-200", ['os.path.join(folder, filename), too'])
wrong("k26_bare_except", but(BYTES, ("OK\\r\\n", "OK\\r\\nContent-Length: ' + len(outputdata) + '\\r\\n"), ("except IOError", "except")), "status-200", ['print the cause'])
wrong("k27_404_open", but(BYTES, (LAST + CLOSE, LAST)), "not-found-complete", ["Close the client's socket in the branch of the 404"])
wrong("k28_page_open", r'''
from socket import *
from threading import Thread

class ClientThread(Thread):
    def __init__(self, connectionSocket, addr):
        Thread.__init__(self)
        self.connectionSocket = connectionSocket
        self.addr = addr

    def run(self):
        try:
            message = self.connectionSocket.recv(1024)
            filename = message.split()[1]
            f = open(filename[1:], 'rb')
            outputdata = f.read()
            self.connectionSocket.send('HTTP/1.1 200 OK\r\n\r\n'.encode())
            self.connectionSocket.sendall(outputdata)
        except IOError:
            self.connectionSocket.send('HTTP/1.1 404 Not Found\r\n\r\n'.encode())
            self.connectionSocket.send('<h1>404 Not Found</h1>'.encode())
            self.connectionSocket.close()

serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.bind(('', 13331))
serverSocket.listen(5)
threads = []
while True:
    connectionSocket, addr = serverSocket.accept()
    newThread = ClientThread(connectionSocket, addr)
    newThread.start()
    threads.append(newThread)
''', "closes", ["Close the client's socket after sending"])
wrong("k29_exit_in_loop", but(SKELETON, ("serverSocket.close()\nsys", "    serverSocket.close()\n    sys")), "survives", ['no break, return, exit() or serverSocket.close()'])
wrong("k30_exit_after_404", but(BYTES, (LAST + CLOSE, LAST + CLOSE + "        serverSocket.close()\n        exit()\n")), "survives-not-found", ["After the 404 close only the client's socket"])
wrong("k31_accept_before_loop", but(BYTES, ACCEPT_FIRST), "survives", ['Put accept inside while True'])
passes("k32_skeletons_line", but(SKELETON, ("[i].encode())\n", "[i].encode())\n        connectionSocket.send('\\r\\n'.encode())\n")), "other-files", ['sendall(outputdata), in place of a loop'], **WITH_IMAGE)
wrong("k33_two_empty_lines", but(BYTES, ("OK\\r\\n", "OK\\r\\nContent-Type: text/html\\r\\n"), ("\\r\\n'.encode())\n        connectionSocket.sendall", "\\r\\n'.encode())\n        connectionSocket.send(b'\\r\\n')\n        connectionSocket.sendall")), "content", ['End the head with one empty line'])
wrong("k34_str_of_bytes", r'''
import socket

server_socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server_socket.bind(('', 13331))
server_socket.listen(1)

while True:
    print('Waiting for a client...')
    connection, address = server_socket.accept()
    try:
        message = connection.recv(1024).decode()
        filename = message.split()[1]
        with open(filename[1:], 'rb') as f:
            outputdata = f.read()
        response = 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n' + str(outputdata)
        connection.sendall(response.encode())
    except (IOError, IndexError):
        response = 'HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<h1>404 Not Found</h1>'
        connection.sendall(response.encode())
    connection.close()
''', "content", ['without str(), encode()'])
passes("k35_image_as_text", SKELETON, "other-files", ['sendall(outputdata), in place of a loop'], **WITH_IMAGE)
passes("k36_image_as_latin_1", but(BYTES, ("'rb'", "encoding='ISO-8859-1'"), ("all(outputdata)", "all(outputdata.encode())")), "other-files", ['It was read as text: open it with "rb"'], **WITH_IMAGE)
wrong("k37_no_head", but(SKELETON, (SEND_HEAD, "")), "status-line", ['Send the whole head before anything else'])
wrong("k38_404_printed", but(BYTES, ("connectionSocket.send('HTTP/1.1 404 Not Found\\r\\n\\r\\n'.encode())", "print('HTTP/1.1 404 Not Found')"), (LAST, "")), "not-found", ['an except that only prints or passes sends nothing'])
right("l01_semaphore", r'''
import socket
import threading

MAX_CLIENTS = 10
slots = threading.Semaphore(MAX_CLIENTS)

def attend(client):
    try:
        line = client.recv(1024).decode('latin-1')
        words = line.split()
        if len(words) >= 2 and words[0] == 'GET':
            try:
                with open('.' + words[1], 'rb') as f:
                    client.sendall(f.read())
            except OSError:
                client.sendall(b'<h1>File not found</h1>')
    except OSError:
        pass
    finally:
        client.close()
        slots.release()

server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(('', 8080))
server.listen(MAX_CLIENTS)
print('HTTP/0.9 server on port 8080')
while True:
    slots.acquire()
    client, addr = server.accept()
    threading.Thread(target=attend, args=(client,), daemon=True).start()
''', **LAB01)
right("l02_pool", r'''
import socket
from concurrent.futures import ThreadPoolExecutor

PUERTO = 8080

def leer_linea(conexion):
    datos = b""
    while b"\n" not in datos:
        parte = conexion.recv(1024)
        if not parte:
            break
        datos += parte
    return datos.split(b"\n")[0].decode("utf-8", "replace").strip()

def atender(conexion, direccion):
    with conexion:
        try:
            peticion = leer_linea(conexion).split(" ")
            if len(peticion) < 2 or peticion[0] != "GET":
                return
            ruta = peticion[1].lstrip("/")
            with open(ruta, "rb") as archivo:
                while True:
                    bloque = archivo.read(4096)
                    if not bloque:
                        break
                    conexion.sendall(bloque)
        except (FileNotFoundError, IsADirectoryError):
            conexion.sendall(b"404 - no existe el recurso")
        except OSError as e:
            print("error con", direccion, e)

with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("0.0.0.0", PUERTO))
    s.listen(10)
    with ThreadPoolExecutor(max_workers=10) as hilos:
        while True:
            conexion, direccion = s.accept()
            hilos.submit(atender, conexion, direccion)
''', **LAB01)
wrong("l03_one_at_a_time", r'''
from socket import *

serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
serverSocket.bind(('', 8080))
serverSocket.listen(10)   # maximum 10 clients

while True:
    print('Ready to serve...')
    connectionSocket, addr = serverSocket.accept()
    try:
        message = connectionSocket.recv(1024)
        filename = message.split()[1]
        f = open(filename[1:], 'rb')
        outputdata = f.read()
        connectionSocket.sendall(outputdata)
    except (IOError, IndexError):
        connectionSocket.send('<h1>404 Not Found</h1>'.encode())
    connectionSocket.close()
''', "eleventh", ['Give each connection its own thread'], **LAB01)
wrong("l04_head_in_0_9", r'''
from socket import *
from threading import Thread, Semaphore

sem = Semaphore(10)

def client_thread(conn, addr):
    try:
        request = conn.recv(1024).decode()
        path = request.split()[1]
        f = open(path[1:], 'rb')
        data = f.read()
        conn.sendall(b'HTTP/0.9 200 OK\r\n\r\n')
        conn.sendall(data)
    except (IOError, IndexError):
        conn.sendall(b'<h1>404 Not Found</h1>')
    conn.close()
    sem.release()

s = socket(AF_INET, SOCK_STREAM)
s.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
s.bind(('', 8080))
s.listen(10)
while True:
    sem.acquire()
    conn, addr = s.accept()
    Thread(target=client_thread, args=(conn, addr)).start()
''', "simple-request", ["Send only the file's bytes"], **LAB01)
wrong("l05_waits_for_empty_line", r'''
import socket
import threading

def recv_request(sock):
    data = b''
    while not data.endswith(b'\r\n\r\n'):
        part = sock.recv(1024)
        if part == b'':
            break
        data += part
    return data.decode()

def worker(sock):
    with limit:
        request = recv_request(sock)
        fields = request.split()
        if len(fields) >= 2:
            try:
                sock.sendall(open(fields[1][1:], 'rb').read())
            except OSError:
                sock.sendall(b'Not found')
        sock.close()

limit = threading.BoundedSemaphore(10)
server = socket.socket()
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(('', 8080))
server.listen(20)
while True:
    sock, addr = server.accept()
    threading.Thread(target=worker, args=(sock,)).start()
''', "simple-request", ['Respond as soon as the first line has ended'], **LAB01)
wrong("l06_eleventh_closed", r'''
import socket
import threading

MAX = 10
activos = 0
lock = threading.Lock()

def atender(cliente):
    global activos
    try:
        peticion = cliente.recv(1024).decode()
        ruta = peticion.split()[1]
        with open(ruta[1:], 'rb') as f:
            cliente.sendall(f.read())
    except (OSError, IndexError):
        cliente.sendall(b'No encontrado')
    cliente.close()
    with lock:
        activos -= 1

servidor = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
servidor.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
servidor.bind(('', 8080))
servidor.listen(10)
while True:
    cliente, dir = servidor.accept()
    if activos >= MAX:
        cliente.close()
        continue
    with lock:
        activos += 1
    threading.Thread(target=atender, args=(cliente,)).start()
''', "eleventh", ['Do not close it'], **LAB01)
right("m01_constants", r'''
import socket

HOST = '10.0.0.2'
PORT = 3000

s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind((HOST, PORT))
s.listen(1)

while True:
    conn, addr = s.accept()
    print('Connected by', addr)
    data = conn.recv(1024)
    if not data.split():
        conn.close()
        continue
    filename = data.split()[1].decode()[1:]
    try:
        with open(filename, 'rb') as f:
            page = f.read()
        conn.sendall(b'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n' + page)
    except OSError:
        conn.sendall(b'HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<html><body><h1>Not Found</h1></body></html>')
    conn.close()
''', **MININET)
right("m02_arguments", r'''
import sys
from socket import *

direccion = sys.argv[1] if len(sys.argv) > 1 else '10.0.0.2'
puerto = int(sys.argv[2]) if len(sys.argv) > 2 else 3000

servidor = socket(AF_INET, SOCK_STREAM)
servidor.bind((direccion, puerto))
servidor.listen(1)
print("Servidor listo en %s:%d" % (direccion, puerto))

def pagina(nombre):
    f = open(nombre, 'rb')
    contenido = f.read()
    f.close()
    return contenido

while True:
    cliente, dir_cliente = servidor.accept()
    peticion = cliente.recv(1024).decode()
    try:
        recurso = peticion.split(' ')[1]
        cuerpo = pagina('./' + recurso)
        estado = 'HTTP/1.1 200 OK\r\n'
    except IndexError:
        cliente.close()
        continue
    except IOError:
        cuerpo = b'<html><body>Not Found</body></html>'
        estado = 'HTTP/1.1 404 Not Found\r\n'
    cabeceras = 'Content-Length: ' + str(len(cuerpo)) + '\r\nConnection: close\r\n\r\n'
    cliente.send((estado + cabeceras).encode())
    cliente.send(cuerpo)
    cliente.close()
''', **MININET)
wrong("m04_fixed_name", r'''
import socket

s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(('10.0.0.2', 3000))
s.listen(1)
print('Esperando conexiones...')

while True:
    conn, addr = s.accept()
    peticion = conn.recv(1024).decode()
    print(peticion)
    try:
        f = open('hello.html', 'rb')
        pagina = f.read()
        f.close()
        conn.send(b'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n')
        conn.send(pagina)
    except IOError:
        conn.send(b'HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<h1>Not Found</h1>')
    conn.close()
''', "not-found", ['Its name is the second word of the request line'], **MININET)
wrong("m05_no_404_page", r'''
from socket import *

server = socket(AF_INET, SOCK_STREAM)
server.bind(('10.0.0.2', 3000))
server.listen(1)

while True:
    client, addr = server.accept()
    try:
        request = client.recv(1024).decode()
        name = request.split()[1]
        f = open(name[1:], 'rb')
        page = f.read()
        client.send('HTTP/1.1 200 OK\r\n'.encode())
        client.send('Content-Type: text/html\r\n\r\n'.encode())
        client.send(page)
    except IOError:
        client.send('HTTP/1.1 404 Not Found\r\n\r\n'.encode())
    client.close()
''', "not-found-page", ['Send a small page after the head'], **MININET)
wrong("m06_one_client", r'''
import socket

TCP_IP = '10.0.0.2'
TCP_PORT = 3000
BUFFER_SIZE = 1024

s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind((TCP_IP, TCP_PORT))
s.listen(1)

conn, addr = s.accept()
print('Connection address:', addr)
while 1:
    data = conn.recv(BUFFER_SIZE)
    if not data: break
    print('received data:', data)
    name = data.decode().split()[1]
    try:
        page = open('.' + name, 'rb').read()
        conn.send(b'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n' + page)
    except OSError:
        conn.send(b'HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<h1>Not Found</h1>')
    conn.close()
    break
''', "survives", ['Put accept inside while True'], **MININET)

wrong("x51_page_for_every_file", but(BYTES, (OPEN, "        open(filename[1:]).close()\n" + OPEN.replace("filename[1:]", "'HelloWorld.html'"))), "other-files", ["Open the file that the request names"], **WITH_IMAGE)
wrong("x52_read_100", but(BYTES, ("f.read()", "f.read(100)")), "other-files", ["nothing between the parentheses"], **WITH_IMAGE)
wrong("x53_lock_kept", but(BYTES, ("from socket import *\n", "from socket import *\nfrom threading import Lock\n\nlock = Lock()\n"), ("    try:\n", "    lock.acquire()\n    try:\n"), ("all(outputdata)\n", "all(outputdata)\n        lock.release()\n")), "survives-not-found", ["release() of a Lock"])
wrong("x54_semaphore_kept", but(TABLE.rows["l01_semaphore"][0].program, ("        slots.release()\n", "")), "at-once", ["call release() of the Semaphore"], **LAB01)
wrong("x55_indented", but(BYTES, ("OK\\r\\n", "OK\\r\\n  Content-Type: text/html\\r\\n  ")), "head-end", ["keeps its indentation"])
wrong("x56_braces", but(BYTES, ("OK\\r\\n", "OK\\r\\nContent-Length: {len(outputdata)}\\r\\n")), "content-length", ["Write f before the quotes"])
wrong("x57_listener_sends", but(BYTES, ("connectionSocket.send('HTTP/1.1 200", "serverSocket.send('HTTP/1.1 200")), "status-200", ["BrokenPipeError: send on connectionSocket"])
wrong("x59_close_before_the_404", but(SKELETON, ("        connectionSocket.send('HTTP/1.1 404", "        connectionSocket.close()\n        connectionSocket.send('HTTP/1.1 404")), "not-found", ["close() comes before the 404"])
wrong("x60_reason_first", but(BYTES, ("1.1 200 OK", "1.1 OK 200")), "status-line", ["Write the code first"])
wrong("x61_length_of_the_head_too", but(BYTES, (SEND_HEAD, "        head = 'HTTP/1.1 200 OK\\r\\nContent-Length: '\n        connectionSocket.send((head + str(len(head) + len(outputdata)) + '\\r\\n\\r\\n').encode())\n")), "content-length", ["without the head"])
wrong("x62_name_in_quotes", but(BYTES, ("open(filename[1:]", "open('filename[1:]'")), "status-200", ["take away the quotes"])
wrong("x63_errors_ignored", but(TABLE.rows["l01_semaphore"][0].program, ("'rb') as f", "'r', errors='ignore') as f"), ("f.read()", "f.read().encode()")), "other-files", ["without encoding= or errors="], **LAB01, **WITH_IMAGE)
wrong("x64_404_after_the_try", but(BYTES, (CLOSE + "    except IOError:\n", "    except IOError:\n        print('File not found')\n"), ("        connectionSocket.send('HTTP/1.1 404", "    connectionSocket.send('HTTP/1.1 404"), (LAST + CLOSE, LAST[4:] + CLOSE[4:])), "content", ["put it into the except"])
right("x58_closes_without_a_byte", but(TABLE.rows["l01_semaphore"][0].program, ("client.sendall(b'<h1>File not found</h1>')", "pass")), **LAB01)

if __name__ == "__main__":
    TABLE.main()
