# Web server, optional exercise: one thread per client. Usage: python3 elena.py [port]
# What is wrong with it: it says keep-alive and closes; a query is part of the file's
# name; ".." is too; HEAD and POST are GET; one recv is the whole request.
import mimetypes
import socket
import sys
import threading

port = int(sys.argv[1]) if len(sys.argv) > 1 else 0


def serve(client):
    with client:
        words = client.recv(2048).decode("latin-1").split()
        if len(words) < 2:
            return
        try:
            with open("." + words[1], "rb") as file:
                body = file.read()
            status = "200 OK"
            kind = mimetypes.guess_type(words[1])[0] or "application/octet-stream"
        except OSError:
            body = b"<html><body><h1>404 Not Found</h1></body></html>"
            status = "404 Not Found"
            kind = "text/html"
        head = f"HTTP/1.1 {status}\r\nServer: elena\r\nContent-Type: {kind}\r\n"
        head += f"Content-Length: {len(body)}\r\nConnection: keep-alive\r\n\r\n"
        client.sendall(head.encode() + body)


with socket.socket() as server:
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(("127.0.0.1", port))
    server.listen()
    print("Listening on", server.getsockname()[1], flush=True)
    while True:
        client, address = server.accept()
        threading.Thread(target=serve, args=(client,), daemon=True).start()
