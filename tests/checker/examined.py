"""Servers by another independent author, who had seen only the sheets of three labs: kurose, mininet and lab01.

Usage: python3 examined.py NAME; it prints the port, and serves the folder in which it is started.
       python3 examined.py --table: the expectations, as JSON.

Which check must be told first, and what its fix must mend, the author wrote down before any of them was run, and judged
each fix by following it to the letter. The words of the fix were chosen afterwards, as those found wanting were mended.
Two have all points by the sheet, and a fault without points: m45 and l49. A server at another port than the lab's, m41,
cannot be here. What begins with x was written after the rest, and is in one form.
"""
from table import Table
from unseen import but

TABLE = Table(7)
right, wrong = TABLE.right, TABLE.wrong

MININET = {"options": ("--preset", "mininet"), "files": ("/hello.html",)}
LAB01 = {"options": ("--preset", "lab01"), "files": ("/text/index.html", "/img/logo.png")}
THREADS = {"options": ("--preset", "kurose", "--threads")}


NOT_FOUND_200OK = r'''
from socket import *

serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
serverSocket.bind(('', 13331))
serverSocket.listen(1)
while True:
    connectionSocket, addr = serverSocket.accept()
    try:
        message = connectionSocket.recv(1024).decode()
        filename = message.split()[1]
        f = open(filename[1:])
        outputdata = f.read()
        connectionSocket.send('HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n'.encode())
        connectionSocket.sendall(outputdata.encode())
        connectionSocket.close()
    except IOError:
        connectionSocket.send('HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n<h1>404 Not Found</h1>'.encode())
        connectionSocket.close()
'''

WRONG_ORDER = r'''
from socket import *

serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
serverSocket.bind(('', 13331))
serverSocket.listen(1)
while True:
    connectionSocket, addr = serverSocket.accept()
    try:
        message = connectionSocket.recv(1024).decode()
        filename = message.split()[1]
        f = open(filename[1:])
        outputdata = f.read()
        for i in range(0, len(outputdata)):
            connectionSocket.send(outputdata[i].encode())
        connectionSocket.send('HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n'.encode())
        connectionSocket.close()
    except IOError:
        connectionSocket.send('HTTP/1.1 404 Not Found\r\n\r\n<h1>404 Not Found</h1>'.encode())
        connectionSocket.close()
'''

NEVER_READ = r'''
from socket import *

serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
serverSocket.bind(('', 13331))
serverSocket.listen(1)
while True:
    connectionSocket, addr = serverSocket.accept()
    try:
        message = connectionSocket.recv(1024).decode()
        filename = message.split()[1]
        outputdata = open(filename[1:])
        connectionSocket.send('HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n'.encode())
        connectionSocket.send(str(outputdata).encode())
        connectionSocket.close()
    except IOError:
        connectionSocket.send('HTTP/1.1 404 Not Found\r\n\r\n<h1>404 Not Found</h1>'.encode())
        connectionSocket.close()
'''

wrong("k13_last_letter", r'''
from socket import *

serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
serverSocket.bind(('', 13331))
serverSocket.listen(1)
while True:
    connectionSocket, addr = serverSocket.accept()
    try:
        message = connectionSocket.recv(1024).decode()
        filename = message.split()[1]
        f = open(filename[1:])
        outputdata = f.read()
        connectionSocket.send("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n".encode())
        for i in range(0, len(outputdata) - 1):
            connectionSocket.send(outputdata[i].encode())
        connectionSocket.close()
    except IOError:
        connectionSocket.send("HTTP/1.1 404 Not Found\r\n\r\n<h1>404 Not Found</h1>".encode())
        connectionSocket.close()
''', "content", ["no loop that stops one byte too early"])
wrong("k14_no_blank_line", but(WRONG_ORDER, ('while True:\n', "while True:\n    print('Ready to serve...')\n"), ('t.recv(1024).decode()\n', 't.recv(1024)\n'), (' = f.read()\n', " = f.read()\n        f.close()\n        connectionSocket.send('HTTP/1.1 200 OK\\r\\n'.encode())\n"), ("        connectionSocket.send('HTTP/1.1 200 OK\\r\\nContent-Type: text/html\\r\\n\\r\\n'.encode())\n", ''), ("ound\\r\\n\\r\\n<h1>404 Not Found</h1>'.encod", "ound\\r\\n\\r\\n'.encode())\n        connectionSocket.send('<html><body>404 Not Found</body></html>'.encod")), "head-end", ["Send one more"])
wrong("k15_404_no_end", r'''
from socket import *

serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
serverSocket.bind(('', 13331))
serverSocket.listen(1)
while True:
    connectionSocket, addr = serverSocket.accept()
    try:
        message = connectionSocket.recv(1024)
        filename = message.split()[1]
        f = open(filename[1:], 'rb')
        outputdata = f.read()
        connectionSocket.send(b'HTTP/1.1 200 OK\r\n\r\n')
        connectionSocket.sendall(outputdata)
        connectionSocket.close()
    except IOError:
        connectionSocket.send(b'HTTP/1.1 404 Not Found\r\n')
        connectionSocket.close()
''', "not-found-complete", ["Send one more"])
wrong("k16_leading_slash", but(NOT_FOUND_200OK, ('pen(filename[1:])\n', 'pen(filename)\n'), ("ot Found\\r\\nContent-Type: text/html\\r\\n<h1>404 Not Found</h1>'.encode", "ot Found\\r\\n\\r\\n404 Not Found'.encode")), "status-200", ["without its first \"/\": filename[1:]"])
wrong("k17_404_not_encoded", but(WRONG_ORDER, ('while True:\n', "while True:\n    print('Ready to serve...')\n"), ('t.recv(1024).decode()\n', 't.recv(1024)\n'), (' = f.read()\n', " = f.read()\n        connectionSocket.send('HTTP/1.1 200 OK\\r\\n\\r\\n'.encode())\n"), ("        connectionSocket.send('HTTP/1.1 200 OK\\r\\nContent-Type: text/html\\r\\n\\r\\n'.encode())\n", ''), ("ound\\r\\n\\r\\n<h1>404 Not Found</h1>'.encode())\n", "ound\\r\\n\\r\\n')\n        connectionSocket.send('<h1>404 Not Found</h1>')\n")), "not-found", ["needs .encode()"])
wrong("k18_no_close", r'''
import socket

s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(('', 13331))
s.listen(5)
clients = []
while True:
    conn, addr = s.accept()
    clients.append(conn)
    print('connection from', addr, 'number', len(clients))
    req = conn.recv(1024).decode()
    if req == '':
        continue
    name = req.split()[1].lstrip('/')
    try:
        with open(name, 'rb') as f:
            page = f.read()
        conn.sendall(b'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n' + page)
    except OSError:
        conn.sendall(b'HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<h1>404 Not Found</h1>')
''', "closes", ["Close the client's socket"])
wrong("k19_close_in_loop", but(WRONG_ORDER, ('t.recv(1024).decode()\n', 't.recv(1024)\n'), (' = f.read()\n', " = f.read()\n        connectionSocket.send('HTTP/1.1 200 OK\\r\\n\\r\\n'.encode())\n"), ("        connectionSocket.send('HTTP/1.1 200 OK\\r\\nContent-Type: text/html\\r\\n\\r\\n'.encode())\n        connectionSocket.close()\n    except IOError:\n", '            connectionSocket.close()\n    except FileNotFoundError:\n')), "content", ["Take it out of the loop"])
wrong("k20_recv10", r'''
from socket import *

serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
serverSocket.bind(('', 13331))
serverSocket.listen(1)
while True:
    connectionSocket, addr = serverSocket.accept()
    try:
        message = connectionSocket.recv(10).decode()
        filename = message.split()[1]
        f = open(filename[1:])
        outputdata = f.read()
        connectionSocket.send("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n".encode())
        connectionSocket.sendall(outputdata.encode())
    except IOError:
        connectionSocket.send("HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n".encode())
        connectionSocket.send("<h1>404 Not Found</h1>".encode())
    connectionSocket.close()
''', "status-200", ["print the cause"])
wrong("k21_length_letters", r'''
from socket import *

serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
serverSocket.bind(('', 13331))
serverSocket.listen(1)
while True:
    connectionSocket, addr = serverSocket.accept()
    try:
        message = connectionSocket.recv(1024).decode()
        filename = message.split()[1]
        f = open(filename[1:], encoding='utf-8')
        outputdata = f.read()
        header = 'HTTP/1.1 200 OK\r\n'
        header += 'Content-Type: text/html; charset=utf-8\r\n'
        header += 'Content-Length: ' + str(len(outputdata)) + '\r\n'
        header += 'Connection: close\r\n\r\n'
        connectionSocket.sendall(header.encode())
        connectionSocket.sendall(outputdata.encode('utf-8'))
    except IOError:
        connectionSocket.sendall(b'HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<h1>404 Not Found</h1>')
    connectionSocket.close()
''', "content-length", ["Count the bytes"])
wrong("k22_twice", but(WRONG_ORDER, (' = f.read()\n', " = f.read()\n        respuesta = 'HTTP/1.1 200 OK\\r\\nContent-Type: text/html\\r\\n\\r\\n' + outputdata\n        connectionSocket.send(respuesta.encode())\n"), ("        connectionSocket.send('HTTP/1.1 200 OK\\r\\nContent-Type: text/html\\r\\n\\r\\n'.encode())\n", '')), "content", ["Delete one of the two"])
wrong("k23_no_status", r'''
from socket import *

s = socket(AF_INET, SOCK_STREAM)
s.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
s.bind(('', 13331))
s.listen(1)
while True:
    c, a = s.accept()
    m = c.recv(1024).decode()
    try:
        fn = m.split()[1]
        data = open(fn[1:], 'rb').read()
        c.send(b'Content-Type: text/html\r\n')
        c.send(b'Content-Length: ' + str(len(data)).encode() + b'\r\n\r\n')
        c.sendall(data)
    except IOError:
        c.send(b'HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n')
        c.send(b'<h1>404 Not Found</h1>')
    c.close()
''', "status-line", ["before anything else"])
wrong("k24_lf_only", r'''
from socket import *

serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
serverSocket.bind(('', 13331))
serverSocket.listen(1)

OK = """HTTP/1.1 200 OK
Content-Type: text/html

"""
NOT_FOUND = """HTTP/1.1 404 Not Found
Content-Type: text/html

<html><body><h1>404 Not Found</h1></body></html>
"""

while True:
    connectionSocket, addr = serverSocket.accept()
    try:
        message = connectionSocket.recv(1024).decode()
        filename = message.split()[1]
        with open(filename[1:]) as f:
            outputdata = f.read()
        connectionSocket.send(OK.encode())
        connectionSocket.send(outputdata.encode())
    except IOError:
        connectionSocket.send(NOT_FOUND.encode())
    connectionSocket.close()
''', "line-ends", ["triple quotes"])
wrong("k25_accept_outside", r'''
from socket import *

serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
serverSocket.bind(('', 13331))
serverSocket.listen(1)
print('Ready to serve...')
connectionSocket, addr = serverSocket.accept()
while True:
    try:
        message = connectionSocket.recv(1024).decode()
        if not message:
            continue
        filename = message.split()[1]
        f = open(filename[1:])
        outputdata = f.read()
        header = 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n' % len(outputdata.encode())
        connectionSocket.send(header.encode())
        connectionSocket.send(outputdata.encode())
    except FileNotFoundError:
        connectionSocket.send('HTTP/1.1 404 Not Found\r\nContent-Length: 13\r\n\r\n404 Not Found'.encode())
''', "survives", ["accept inside an endless loop"])
wrong("k26_hardcoded_page", but(NOT_FOUND_200OK, (' filename = message.split()[1]\n        f = open(filename[1:])\n', " filename = 'HelloWorld.html'\n        f = open(filename, 'rb')\n"), ('l(outputdata.encode())\n', 'l(outputdata)\n'), ('ot Found\\r\\nContent-Type: text/html\\r\\n<h1>', 'ot Found\\r\\n\\r\\n<h1>')), "not-found", ["split()[1][1:]"])
wrong("k27_404_with_200", r'''
import os
from socket import *

s = socket(AF_INET, SOCK_STREAM)
s.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
s.bind(('', 13331))
s.listen(1)
while True:
    conn, addr = s.accept()
    message = conn.recv(1024).decode()
    words = message.split()
    if len(words) > 1:
        filename = words[1][1:]
        if os.path.isfile(filename):
            f = open(filename, 'rb')
            content = f.read()
            f.close()
        else:
            content = b'<html><body><h1>404 Not Found</h1></body></html>'
        conn.send(b'HTTP/1.1 200 OK\r\n')
        conn.send(b'Content-Type: text/html\r\n')
        conn.send(b'\r\n')
        conn.sendall(content)
    conn.close()
''', "not-found", ["404 Not Found"])
wrong("k28_never_read", NEVER_READ, "content", ["f.read().encode()"])
wrong("k29_header_in_content", but(NOT_FOUND_200OK, ('1 200 OK\\r\\nContent-', "1 200 OK\\r\\n\\r\\n'.encode())\n        connectionSocket.send('Content-"), ('ot Found\\r\\nContent-Type: text/html\\r\\n<h1>', 'ot Found\\r\\n\\r\\n<h1>')), "content", ["before the empty line"])
wrong("k30_except_all", r'''
from socket import *

serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
serverSocket.bind(('', 13331))
serverSocket.listen(1)
while True:
    connectionSocket, addr = serverSocket.accept()
    try:
        message = connectionSocket.recv(1024).decode()
        filename = message.split()[1]
        f = open(filname[1:])
        outputdata = f.read()
        connectionSocket.send('HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n'.encode())
        connectionSocket.sendall(outputdata.encode())
    except:
        connectionSocket.send('HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n'.encode())
        connectionSocket.send('<html><h1>404 Not Found</h1></html>'.encode())
    connectionSocket.close()
''', "status-200", ["print the cause"])
wrong("k31_closed_before", r'''
import socket

s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(('', 13331))
s.listen(1)


def send_head(conn, status, length):
    head = 'HTTP/1.1 ' + status + '\r\n'
    head += 'Content-Type: text/html\r\n'
    head += 'Content-Length: ' + str(length) + '\r\n\r\n'
    conn.sendall(head.encode())
    conn.close()


while True:
    conn, addr = s.accept()
    try:
        msg = conn.recv(1024).decode()
        name = msg.split()[1][1:]
        try:
            body = open(name, 'rb').read()
            status = '200 OK'
        except FileNotFoundError:
            body = b'<h1>404 Not Found</h1>'
            status = '404 Not Found'
        send_head(conn, status, len(body))
        conn.sendall(body)
    except Exception as e:
        print('Error', e)
        conn.close()
''', "content content-length", ["before close()"])
wrong("k32_200_before_open", but(WRONG_ORDER, ('.split()[1]\n', ".split()[1]\n        connectionSocket.send('HTTP/1.1 200 OK\\r\\nContent-Type: text/html\\r\\n\\r\\n'.encode())\n"), ("        for i in range(0, len(outputdata)):\n            connectionSocket.send(outputdata[i].encode())\n        connectionSocket.send('HTTP/1.1 200 OK\\r\\nContent-Type: text/html\\r\\n\\r\\n'.encode(", '        connectionSocket.sendall(outputdata.encode(')), "not-found", ["Open the file before"])
wrong("k33_thread_global", r'''
import socket
import threading

s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(('', 13331))
s.listen(10)


def handle():
    message = conn.recv(1024).decode()
    if message == '':
        conn.close()
        return
    filename = message.split()[1]
    try:
        f = open(filename[1:], 'rb')
        data = f.read()
        f.close()
        conn.sendall(b'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n' + data)
    except IOError:
        conn.sendall(b'HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<h1>404 Not Found</h1>')
    conn.close()


while True:
    conn, addr = s.accept()
    t = threading.Thread(target=handle)
    t.start()
''', "at-once crowd", ["as an argument"], **THREADS)
wrong("k34_split_index", but(NOT_FOUND_200OK, ('age.split()[1]\n', 'age.split()[0]\n'), ('ext/html\\r\\n<h1>404 ', 'ext/html\\r\\n\\r\\n<h1>404 ')), "status-200", ["print the cause"])
wrong("k35_status_no_newline", but(NOT_FOUND_200OK, ("        connectionSocket.send('HTTP/1.1 200 OK\\r\\nContent-Type: text/html\\r\\n\\r\\n'.encode(", "        header = 'HTTP/1.1 200 OK'\n        header += 'Content-Type: text/html\\r\\n'\n        header += 'Connection: close\\r\\n\\r\\n'\n        connectionSocket.send(header.encode("), ('ot Found\\r\\nContent-Type: text/html\\r\\n<h1>', 'ot Found\\r\\n\\r\\n<h1>')), "status-line field-lines", ["at the end of the status line"])
wrong("k36_leading_space", but(NOT_FOUND_200OK, ('1 200 OK\\r\\nContent-Type: text/html\\r\\n\\r\\n', '1 200 OK\\r\\n Content-Type: text/html\\r\\n Connection: close\\r\\n\\r\\n'), ('ext/html\\r\\n<h1>404 ', 'ext/html\\r\\n\\r\\n<h1>404 ')), "field-lines", ["no whitespace"])
wrong("k37_wrong_order", WRONG_ORDER, "status-line", ["Move the send of the head up"])
wrong("k38_print", but(WRONG_ORDER, (' = f.read()\n', " = f.read()\n        print('HTTP/1.1 200 OK\\r\\n\\r\\n')\n"), ("        connectionSocket.send('HTTP/1.1 200 OK\\r\\nContent-Type: text/html\\r\\n\\r\\n'.encode())\n", ''), ("        connectionSocket.send('HTTP/1.1 404 Not Found\\r\\n\\r\\n<h1>404 ", "        print('HTTP/1.1 404 Not Found\\r\\n\\r\\n')\n        connectionSocket.send('<h1>404 ")), "status-line", ["print only writes"])
wrong("k39_slashes", but(NOT_FOUND_200OK, ("P/1.1 200 OK\\r\\nContent-Type: text/html\\r\\n\\r\\n'.encod", "P/1.1 200 OK/r/nContent-Type: text/html/r/n/r/n'.encod"), ('04 Not Found\\r\\nContent-Type: text/html\\r\\n<h1>404', '04 Not Found/r/n/r/n<h1>404')), "status-line line-ends head-end", ["one backslash"])
wrong("k40_str_bytes", but(NEVER_READ, ("        outputdata = open(filename[1:])\n        connectionSocket.send('HTTP/1.1 200 OK\\r\\nContent-Type: text/html\\r\\n\\r\\n'.encode())\n        connectionSocket.send(str(outputdata).encode(", "        f = open(filename[1:], 'rb')\n        outputdata = f.read()\n        respuesta = 'HTTP/1.1 200 OK\\r\\nContent-Type: text/html\\r\\n\\r\\n' + str(outputdata)\n        connectionSocket.sendall(respuesta.encode(")), "content", ["apart from the head"])
wrong("l46_three_words", r'''
import socket
import threading


def atender(conn):
    datos = conn.recv(4096).decode()
    try:
        metodo, ruta, version = datos.split("\r\n")[0].split(" ")
        f = open(ruta[1:], "rb")
        conn.sendall(f.read())
        f.close()
    except FileNotFoundError:
        conn.sendall(b"<h1>404 Not Found</h1>")
    conn.close()


s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("", 8080))
s.listen(10)
while True:
    conn, addr = s.accept()
    threading.Thread(target=atender, args=(conn,)).start()
''', "simple-request", ["line.split()[1]"], **LAB01)
wrong("l47_head_in_09", r'''
import socket
import threading


def atender(conn):
    datos = conn.recv(4096).decode("latin-1")
    if not datos.strip():
        conn.close()
        return
    ruta = datos.split()[1]
    try:
        with open("." + ruta, "rb") as f:
            cuerpo = f.read()
        conn.sendall(b"HTTP/0.9 200 OK\r\n\r\n" + cuerpo)
    except OSError:
        conn.sendall(b"HTTP/0.9 404 Not Found\r\n\r\n<h1>404 Not Found</h1>")
    conn.close()


s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("", 8080))
s.listen(10)
while True:
    conn, addr = s.accept()
    threading.Thread(target=atender, args=(conn,)).start()
''', "simple-request", ["Send only the file's bytes"], **LAB01)
wrong("l48_text_thread", r'''
import socket
import threading


def atender(conn):
    peticion = conn.recv(1024).decode()
    partes = peticion.split()
    if len(partes) < 2:
        conn.close()
        return
    try:
        archivo = open(partes[1][1:], "r", encoding="utf-8")
        texto = archivo.read()
        conn.sendall(texto.encode("utf-8"))
        conn.close()
    except FileNotFoundError:
        conn.sendall("404 Not Found".encode())
        conn.close()


s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("", 8080))
s.listen(10)
while True:
    conn, addr = s.accept()
    hilo = threading.Thread(target=atender, args=(conn,))
    hilo.start()
''', "other-files", ["\"rb\""], **LAB01)
right("l49_traversal", r'''
import os
import socket
import threading

RAIZ = os.getcwd()


def atender(conn):
    conn.settimeout(10)
    try:
        linea = b""
        while b"\n" not in linea:
            d = conn.recv(1024)
            if not d:
                return
            linea += d
        partes = linea.decode("latin-1").split()
        if len(partes) >= 2 and partes[0] == "GET":
            ruta = partes[1].split("?")[0].lstrip("/")
            if ruta == "":
                ruta = "index.html"
            archivo = os.path.join(RAIZ, ruta)
            if os.path.isfile(archivo):
                with open(archivo, "rb") as f:
                    conn.sendall(f.read())
            else:
                conn.sendall(b"<h1>404 Not Found</h1>")
    except OSError as e:
        print(e)
    finally:
        conn.close()


s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("", 8080))
s.listen(10)
while True:
    conn, addr = s.accept()
    threading.Thread(target=atender, args=(conn,)).start()
''', **LAB01)
wrong("l50_waits_blank", r'''
import socket
import threading


def atender(conn):
    peticion = b""
    while b"\r\n\r\n" not in peticion:
        d = conn.recv(1024)
        if not d:
            conn.close()
            return
        peticion += d
    ruta = peticion.decode("latin-1").split()[1]
    try:
        f = open(ruta[1:], "rb")
        conn.sendall(f.read())
        f.close()
    except OSError:
        conn.sendall(b"<h1>404 Not Found</h1>")
    conn.close()


s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("", 8080))
s.listen(10)
while True:
    conn, addr = s.accept()
    threading.Thread(target=atender, args=(conn,)).start()
''', "simple-request", ["as soon as the first line has ended"], **LAB01)
wrong("m42_recv_until_eof", r'''
import socket

s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("0.0.0.0", 3000))
s.listen(1)
while True:
    conn, addr = s.accept()
    peticion = b""
    while True:
        datos = conn.recv(1024)
        if not datos:
            break
        peticion += datos
    try:
        archivo = peticion.decode().split()[1][1:]
        contenido = open(archivo, "rb").read()
        conn.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + contenido)
    except (OSError, IndexError):
        conn.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<h1>Not Found</h1>")
    conn.close()
''', "responds", ["Stop reading at the empty line"], **MININET)
wrong("m43_404_no_close", r'''
import socket

s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("0.0.0.0", 3000))
s.listen(1)
abiertos = []
while True:
    conn, addr = s.accept()
    abiertos.append(conn)
    peticion = conn.recv(1024).decode()
    if not peticion:
        conn.close()
        continue
    archivo = peticion.split()[1][1:]
    try:
        f = open(archivo, "rb")
        contenido = f.read()
        conn.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        conn.sendall(contenido)
        conn.close()
    except OSError:
        conn.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n")
        conn.sendall(b"<h1>Not Found</h1>")
''', "not-found-complete", ["in the branch of the 404 too"], **MININET)
wrong("m44_read1024", r'''
import socket

s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("0.0.0.0", 3000))
s.listen(1)
while True:
    conn, addr = s.accept()
    peticion = conn.recv(1024).decode()
    archivo = peticion.split()[1][1:]
    try:
        f = open(archivo, "r")
        contenido = f.read(1024)
        conn.send("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n".encode())
        conn.send(contenido.encode())
        f.close()
    except OSError:
        conn.send("HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<h1>Not Found</h1>".encode())
    conn.close()
''', "content", ["nothing between the parentheses"], **MININET)
right("m45_empty_request", r'''
import os
import socket

s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("0.0.0.0", 3000))
s.listen(1)
base = os.getcwd()
while True:
    conn, addr = s.accept()
    linea = conn.recv(1024).decode("latin-1").split("\r\n")[0]
    metodo = linea.split(" ")[0]
    ruta = linea.split(" ")[1].split("?")[0]
    archivo = os.path.realpath(base + ruta)
    if archivo.startswith(base) and os.path.isfile(archivo):
        contenido = open(archivo, "rb").read()
        cabecera = "HTTP/1.1 200 OK\r\n"
    else:
        contenido = b"<h1>404 Not Found</h1>"
        cabecera = "HTTP/1.1 404 Not Found\r\n"
    cabecera += "Content-Type: text/html\r\nContent-Length: " + str(len(contenido)) + "\r\nConnection: close\r\n\r\n"
    conn.sendall(cabecera.encode() + contenido)
    conn.close()
''', **MININET)
right("r01_skeleton", r'''
# Web server, Kurose & Ross lab 1
from socket import *
import sys

serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
serverSocket.bind(('', 13331))
serverSocket.listen(1)

while True:
    print('Ready to serve...')
    connectionSocket, addr = serverSocket.accept()
    try:
        message = connectionSocket.recv(1024).decode()
        filename = message.split()[1]
        f = open(filename[1:])
        outputdata = f.read()
        connectionSocket.send("HTTP/1.1 200 OK\r\n".encode())
        connectionSocket.send("Content-Type: text/html\r\n".encode())
        connectionSocket.send("\r\n".encode())
        for i in range(0, len(outputdata)):
            connectionSocket.send(outputdata[i].encode())
        connectionSocket.close()
    except IOError:
        connectionSocket.send("HTTP/1.1 404 Not Found\r\n".encode())
        connectionSocket.send("Content-Type: text/html\r\n\r\n".encode())
        connectionSocket.send("<html><body><h1>404 Not Found</h1></body></html>\r\n".encode())
        connectionSocket.close()
serverSocket.close()
sys.exit()
''')
right("r02_threads", r'''
import os
import socket
import threading

HOST, PORT = "0.0.0.0", 13331


def handle(conn):
    data = conn.recv(4096)
    if not data:
        conn.close()
        return
    parts = data.decode("latin-1").split("\r\n")[0].split(" ")
    if len(parts) < 2:
        conn.close()
        return
    path = "." + parts[1]
    if os.path.isfile(path):
        with open(path, "rb") as f:
            body = f.read()
        status = "200 OK"
    else:
        body = b"<h1>404 Not Found</h1>"
        status = "404 Not Found"
    ctype = "image/jpeg" if path.endswith(".jpeg") else "text/html"
    head = f"HTTP/1.1 {status}\r\nContent-Type: {ctype}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    conn.sendall(head.encode() + body)
    conn.close()


s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind((HOST, PORT))
s.listen(5)
while True:
    conn, addr = s.accept()
    threading.Thread(target=handle, args=(conn,), daemon=True).start()
''')
right("r03_class", r'''
import socket
import os
from datetime import datetime, timezone


class WebServer:
    def __init__(self, port):
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.sock.bind(("", port))
        self.sock.listen(1)

    def headers(self, code, reason, length):
        h = {
            "Date": datetime.now(timezone.utc).strftime("%a, %d %b %Y %H:%M:%S GMT"),
            "Server": "MyServer/1.0",
            "Content-Type": "text/html; charset=utf-8",
            "Content-Length": length,
            "Connection": "close",
        }
        out = "HTTP/1.1 %d %s\r\n" % (code, reason)
        for k, v in h.items():
            out += "%s: %s\r\n" % (k, v)
        return (out + "\r\n").encode()

    def one(self, c):
        rfile = c.makefile("rb")
        line = rfile.readline().decode("latin-1")
        while True:
            l = rfile.readline()
            if l in (b"\r\n", b"\n", b""):
                break
        words = line.split()
        if len(words) != 3:
            return
        name = words[1].lstrip("/")
        try:
            with open(name, "rb") as f:
                body = f.read()
            c.sendall(self.headers(200, "OK", len(body)) + body)
        except OSError:
            body = b"<html><body>404 Not Found</body></html>"
            c.sendall(self.headers(404, "Not Found", len(body)) + body)
        rfile.close()

    def run(self):
        while True:
            c, a = self.sock.accept()
            try:
                self.one(c)
            except Exception as e:
                print("error:", e)
            finally:
                c.close()


WebServer(13331).run()
''')
right("r04_chunks", r'''
from socket import *

server = socket(AF_INET, SOCK_STREAM)
server.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
server.bind(("", 13331))
server.listen(1)
print("server on 13331")
while 1:
    conn, address = server.accept()
    req = conn.recv(2048).decode(errors="ignore")
    print(req)
    try:
        fname = req.split()[1][1:]
        with open(fname, "rb") as fp:
            conn.sendall(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n")
            while True:
                block = fp.read(512)
                if not block:
                    break
                conn.sendall(block)
    except (IOError, IndexError):
        conn.sendall(b"HTTP/1.0 404 Not Found\r\nContent-Type: text/html\r\n\r\n<h1>404 Not Found</h1>")
    conn.close()
''')
right("r05_keepalive", r'''
import socket, threading, os

def serve(c):
    buf = b""
    c.settimeout(20)
    try:
        while True:
            while b"\r\n\r\n" not in buf:
                d = c.recv(1024)
                if not d:
                    return
                buf += d
            head, buf = buf.split(b"\r\n\r\n", 1)
            lines = head.decode("latin-1").split("\r\n")
            method, target, version = lines[0].split(" ")
            fields = {}
            for l in lines[1:]:
                k, v = l.split(":", 1)
                fields[k.lower()] = v.strip().lower()
            close = fields.get("connection") == "close" or version == "HTTP/1.0"
            name = target.split("?")[0].lstrip("/")
            if os.path.isfile(name):
                status, body = "200 OK", open(name, "rb").read()
            else:
                status, body = "404 Not Found", b"<h1>404 Not Found</h1>"
            c.sendall(("HTTP/1.1 %s\r\nContent-Type: text/html\r\nContent-Length: %d\r\nConnection: %s\r\n\r\n"
                       % (status, len(body), "close" if close else "keep-alive")).encode() + body)
            if close:
                return
    except (OSError, ValueError):
        pass
    finally:
        c.close()

s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("", 13331))
s.listen(10)
while True:
    c, _ = s.accept()
    threading.Thread(target=serve, args=(c,), daemon=True).start()
''')
right("r06_lines", r'''
from socket import *

sock = socket(AF_INET, SOCK_STREAM)
sock.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
sock.bind(('', 13331))
sock.listen(1)
while True:
    cli, addr = sock.accept()
    request = ""
    while "\r\n\r\n" not in request:
        data = cli.recv(1024).decode()
        if data == "":
            break
        request += data
    if request == "":
        cli.close()
        continue
    filename = request.split()[1]
    try:
        f = open(filename[1:], encoding="utf-8")
        lines = f.readlines()
        f.close()
        cli.send("HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n".encode())
        for line in lines:
            cli.send(line.encode("utf-8"))
    except IOError:
        cli.send("HTTP/1.0 404 Not Found\r\nContent-Type: text/html\r\n\r\n".encode())
        cli.send("<html><h1>404 Not Found</h1></html>".encode())
    cli.close()
''')
right("r07_socketserver", r'''
import os
import socketserver


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        line = self.rfile.readline(4096).decode("latin-1").strip()
        if not line:
            return
        words = line.split()
        while True:
            h = self.rfile.readline(4096)
            if not h.strip():
                break
        if len(words) != 3 or words[0] != "GET":
            self.answer("400 Bad Request", b"<h1>Bad Request</h1>")
            return
        name = os.path.normpath(words[1].split("?")[0]).lstrip("/")
        if ".." in name or not os.path.isfile(name):
            self.answer("404 Not Found", b"<h1>Not Found</h1>")
        else:
            with open(name, "rb") as f:
                self.answer("200 OK", f.read())

    def answer(self, status, body):
        self.wfile.write(b"HTTP/1.1 " + status.encode() + b"\r\n")
        self.wfile.write(b"Content-Type: text/html\r\n")
        self.wfile.write(b"Content-Length: " + str(len(body)).encode() + b"\r\n")
        self.wfile.write(b"Connection: close\r\n\r\n")
        self.wfile.write(body)


socketserver.TCPServer.allow_reuse_address = True
with socketserver.ThreadingTCPServer(("", 13331), Handler) as srv:
    srv.serve_forever()
''')
right("r08_asyncio", r'''
import asyncio
import pathlib

ROOT = pathlib.Path(".").resolve()


async def client(reader, writer):
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        target = head.split()[1].decode()
        path = (ROOT / target.split("?")[0].lstrip("/")).resolve()
        if ROOT in path.parents and path.is_file():
            body = path.read_bytes()
            writer.write(b"HTTP/1.1 200 OK\r\n")
        else:
            body = b"<h1>404 Not Found</h1>"
            writer.write(b"HTTP/1.1 404 Not Found\r\n")
        writer.write(b"Content-Type: text/html\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(body))
        writer.write(body)
        await writer.drain()
    except Exception as e:
        print("client:", e)
    writer.close()


async def main():
    server = await asyncio.start_server(client, "0.0.0.0", 13331)
    async with server:
        await server.serve_forever()

asyncio.run(main())
''')
right("r09_mininet", r'''
import socket

s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("127.0.0.1", 3000))
s.listen(1)
while True:
    conn, addr = s.accept()
    peticion = conn.recv(1024).decode()
    lineas = peticion.split("\n")
    if len(lineas[0].split()) < 2:
        conn.close()
        continue
    archivo = lineas[0].split()[1][1:]
    try:
        f = open(archivo, "r")
        contenido = f.read()
        f.close()
        respuesta = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + contenido
    except OSError:
        respuesta = "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<html><body><h1>Not Found</h1></body></html>"
    conn.sendall(respuesta.encode())
    conn.close()
''', **MININET)
right("r10_mininet_func", r'''
import socket
import os


def leer_peticion(conn):
    datos = b""
    while b"\r\n\r\n" not in datos:
        trozo = conn.recv(1024)
        if not trozo:
            return None
        datos += trozo
    return datos.decode("utf-8", "replace")


def responder(conn, codigo, cuerpo):
    conn.sendall(("HTTP/1.0 " + codigo + "\r\n").encode())
    conn.sendall(("Content-Length: " + str(len(cuerpo)) + "\r\n").encode())
    conn.sendall(b"Content-Type: text/html\r\n")
    conn.sendall(b"\r\n")
    conn.sendall(cuerpo)


def main():
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("0.0.0.0", 3000))
    s.listen(1)
    while True:
        conn, quien = s.accept()
        peticion = leer_peticion(conn)
        if peticion:
            trozos = peticion.split()
            ruta = os.path.join(os.getcwd(), trozos[1][1:])
            if os.path.exists(ruta) and os.path.isfile(ruta):
                responder(conn, "200 OK", open(ruta, "rb").read())
            else:
                responder(conn, "404 Not Found", b"<h1>404 Not Found</h1>")
        conn.close()


if __name__ == "__main__":
    main()
''', **MININET)
right("r11_lab01_sem", r'''
import socket
import threading

cupo = threading.Semaphore(10)


def atender(c):
    try:
        linea = b""
        while not linea.endswith(b"\n"):
            d = c.recv(1024)
            if not d:
                return
            linea += d
        partes = linea.decode("latin-1").split()
        if len(partes) < 2 or partes[0] != "GET":
            return
        with open("." + partes[1], "rb") as f:
            c.sendall(f.read())
    except OSError:
        c.sendall(b"<html><body>404 Not Found</body></html>")
    finally:
        c.close()
        cupo.release()


s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("", 8080))
s.listen(20)
while True:
    cupo.acquire()
    c, a = s.accept()
    threading.Thread(target=atender, args=(c,)).start()
''', **LAB01)
right("r12_lab01_pool", r'''
from concurrent.futures import ThreadPoolExecutor
import os
import socket


def handle(c):
    with c:
        request = c.recv(4096).decode(errors="replace")
        words = request.split()
        if len(words) < 2:
            return
        path = os.path.join(os.getcwd(), words[1].lstrip("/"))
        if os.path.isfile(path):
            with open(path, "rb") as f:
                c.sendfile(f)
        else:
            c.sendall(b"<h1>Not found</h1>")


with ThreadPoolExecutor(max_workers=10) as pool:
    s = socket.create_server(("", 8080), backlog=50)
    while True:
        c, addr = s.accept()
        pool.submit(handle, c)
''', **LAB01)
wrong("x51_lower", but(NOT_FOUND_200OK, ('e.split()[1]\n', 'e.split()[1].lower()\n'), ('ext/html\\r\\n<h1>404 ', 'ext/html\\r\\n\\r\\n<h1>404 ')), "status-200", ["print the cause"])
wrong("x52_encode_parens", but(NOT_FOUND_200OK, ("\\r\\n'.encode())\n", "\\r\\n'.encode)\n"), ('ext/html\\r\\n<h1>404 ', 'ext/html\\r\\n\\r\\n<h1>404 ')), "responds", ["exception"])
wrong("x53_ascii", but(NOT_FOUND_200OK, ('data.encode())\n', "data.encode('ascii'))\n"), ('ext/html\\r\\n<h1>404 ', 'ext/html\\r\\n\\r\\n<h1>404 ')), "content", ["UnicodeEncodeError"])
wrong("x54_length100", but(NOT_FOUND_200OK, ("ext/html\\r\\n\\r\\n'.en", "ext/html\\r\\nContent-Length: 100\\r\\n\\r\\n'.en"), ('ext/html\\r\\n<h1>404 ', 'ext/html\\r\\n\\r\\n<h1>404 ')), "content-length", ["Count the bytes"])
wrong("x55_only_hello", but(NOT_FOUND_200OK, ("        f = open(filename[1:])\n        outputdata = f.read()\n        connectionSocket.send('HTTP/1.1 200 OK\\r\\nContent-Type: text/html\\r\\n\\r\\n'.encode())\n        ", "        if filename == '/HelloWorld.html':\n            f = open(filename[1:])\n            outputdata = f.read()\n            connectionSocket.send('HTTP/1.1 200 OK\\r\\nContent-Type: text/html\\r\\n\\r\\n'.encode())\n            "), ('ext/html\\r\\n<h1>404 ', 'ext/html\\r\\n\\r\\n<h1>404 ')), "not-found", ["an if without else"])
wrong("x56_server_close", but(NOT_FOUND_200OK, ("ext/html\\r\\n<h1>404 Not Found</h1>'.encode())\n        connectionSocket.c", "ext/html\\r\\n\\r\\n<h1>404 Not Found</h1>'.encode())\n        connectionSocket.close()\n        serverSocket.c")), "survives-not-found", ["not serverSocket.close()"])
wrong("x57_break", but(NOT_FOUND_200OK, ("    except IOError:\n        connectionSocket.send('HTTP/1.1 404 Not Found\\r\\nContent-Type: text/html\\r\\n<h1>", "        break\n    except IOError:\n        connectionSocket.send('HTTP/1.1 404 Not Found\\r\\nContent-Type: text/html\\r\\n\\r\\n<h1>")), "survives", ["no break"])
wrong("x58_head_each", but(NOT_FOUND_200OK, ("        connectionSocket.send('HTTP/1.1 200 OK\\r\\nContent-Type: text/html\\r\\n\\r\\n'.encode())\n        connectionSocket.sendall(outputdata.encode", "        for linea in outputdata.splitlines(True):\n            connectionSocket.send('HTTP/1.1 200 OK\\r\\nContent-Type: text/html\\r\\n\\r\\n'.encode())\n            connectionSocket.send(linea.encode"), ('ext/html\\r\\n<h1>404 ', 'ext/html\\r\\n\\r\\n<h1>404 ')), "content", ["before the loop"])
wrong("x59_serversocket_send", but(NOT_FOUND_200OK, ("        connectionSocket.send('HTTP/1.1 404 Not Found\\r\\nContent-Type: text/html\\r\\n<h1>", "        serverSocket.send('HTTP/1.1 404 Not Found\\r\\nContent-Type: text/html\\r\\n\\r\\n<h1>")), "not-found", ["send it on connectionSocket"])
wrong("x60_equals", but(NOT_FOUND_200OK, ("TTP/1.1 200 OK\\r\\nContent-Type: text/html\\r\\n\\r\\n'.", "TTP/1.1 200 OK\\r\\nContent-Type = text/html\\r\\n\\r\\n'."), ('ext/html\\r\\n<h1>404 ', 'ext/html\\r\\n\\r\\n<h1>404 ')), "field-lines", ["colon right after its name"])
wrong("x61_first_line", but(NOT_FOUND_200OK, ("ata = f.read()\n        connectionSocket.send('HTTP/1.1 200 OK\\r\\nContent-Type: text/html\\r\\n\\r\\n'.encode())\n        connectionSocket.sendall(outputdata.encode(", "ata = f.readlines()\n        connectionSocket.send('HTTP/1.1 200 OK\\r\\nContent-Type: text/html\\r\\n\\r\\n'.encode())\n        connectionSocket.sendall(outputdata[0].encode("), ('ext/html\\r\\n<h1>404 ', 'ext/html\\r\\n\\r\\n<h1>404 ')), "content", ["[0] of readlines()"])
wrong("x62_join", but(NOT_FOUND_200OK, ('utputdata = f.read()\n', "utputdata = '\\n'.join(f.readlines())\n"), ('ext/html\\r\\n<h1>404 ', 'ext/html\\r\\n\\r\\n<h1>404 ')), "content", ["without \"\\n\".join"])
wrong("x63_splitlines", but(NOT_FOUND_200OK, ('        connectionSocket.sendall(outputdata.encode(', '        for line in outputdata.splitlines():\n            connectionSocket.send(line.encode('), ('ext/html\\r\\n<h1>404 ', 'ext/html\\r\\n\\r\\n<h1>404 ')), "content", ["splitlines()"])
wrong("x64_not_found_200ok", NOT_FOUND_200OK, "not-found-complete", ["Send one more"])
wrong("x65_crlf_order", but(NOT_FOUND_200OK, ("/1.1 200 OK\\r\\nContent-Type: text/html\\r\\n\\r\\n'.encode", "/1.1 200 OK\\n\\rContent-Type: text/html\\n\\r\\n\\r'.encode"), ('ext/html\\r\\n<h1>404 ', 'ext/html\\r\\n\\r\\n<h1>404 ')), "line-ends", ["first \\r, then \\n"])
wrong("x66_except_pass", but(NOT_FOUND_200OK, ("        connectionSocket.send('HTTP/1.1 404 Not Found\\r\\nContent-Type: text/html\\r\\n<h1>404 Not Found</h1>'.encode())\n        connectionSocket.close()\n", '        pass\n')), "not-found", ["an except that only prints or passes"])
wrong("x67_code_in_words", but(NOT_FOUND_200OK, ("d('HTTP/1.1 200 OK\\r\\nCont", "d('HTTP/1.1 OK 200\\r\\nCont"), ('ext/html\\r\\n<h1>404 ', 'ext/html\\r\\n\\r\\n<h1>404 ')), "status-line", ["Write the code first"])
wrong("x68_no_space", but(NOT_FOUND_200OK, ('HTTP/1.1 200 OK\\r\\nCo', 'HTTP/1.1 200OK\\r\\nCo'), ('ext/html\\r\\n<h1>404 ', 'ext/html\\r\\n\\r\\n<h1>404 ')), "status-line", ["a space between code and reason"])
wrong("x69_second_recv", but(NOT_FOUND_200OK, ('4).decode()\n', '4).decode()\n        message2 = connectionSocket.recv(1024).decode()\n'), ('ext/html\\r\\n<h1>404 ', 'ext/html\\r\\n\\r\\n<h1>404 ')), "responds", ["no further recv"])
wrong("x70_version", but(NOT_FOUND_200OK, ("t.send('HTTP/1.1 200", "t.send('HTTP /1.1 200"), ('ext/html\\r\\n<h1>404 ', 'ext/html\\r\\n\\r\\n<h1>404 ')), "status-line", ["no space"])


if __name__ == "__main__":
    TABLE.main()
