# Web server lab. Usage: python3 ana.py [port]
# What is wrong with it: the head has no field lines; everything is opened as text and
# sent one character at a time, with a CRLF after it; the 404 is a status line and
# nothing else; a client that says nothing raises IndexError, which nobody catches.
import sys
import time
from socket import socket, AF_INET, SOCK_STREAM, IPPROTO_TCP, TCP_NODELAY

port = int(sys.argv[1]) if len(sys.argv) > 1 else 0
server = socket(AF_INET, SOCK_STREAM)
server.bind(("127.0.0.1", port))
server.listen(1)
print("ready on port", server.getsockname()[1], flush=True)

while True:
    client, where = server.accept()
    try:
        request = client.recv(1024).decode()
        name = request.split()[1]
        page = open(name[1:])
        text = page.read()
        client.send("HTTP/1.1 200 OK\r\n\r\n".encode())
        client.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
        for i in range(0, len(text)):
            client.send(text[i].encode())
            time.sleep(0.001)  # otherwise they arrive together
        client.send("\r\n".encode())
        client.close()
    except IOError:
        client.send("HTTP/1.1 404 Not Found\r\n\r\n".encode())
        client.close()
