# Lab01 - Sockets. Servidor web mínimo. Uso: python3 carla.py [puerto]
# Lo que está mal: todo es text/html; Content-Length cuenta letras y no bytes;
# os.path.join acepta una ruta absoluta; nadie mira el método; y listen(10) no son
# diez clientes a la vez: es uno, y diez que esperan.
import os
import socket
import sys

RAIZ = os.getcwd()
puerto = int(sys.argv[1]) if len(sys.argv) > 1 else 0

s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("127.0.0.1", puerto))
s.listen(10)  # máximo diez clientes
print("puerto:", s.getsockname()[1], flush=True)


def responder(conexion, estado, cuerpo):
    letras = len(cuerpo.decode("utf-8", "replace"))
    cabecera = "HTTP/1.1 " + estado + "\r\n"
    cabecera += "Server: carla\r\n"
    cabecera += "Content-Type: text/html\r\n"
    cabecera += "Content-Length: " + str(letras) + "\r\n"
    cabecera += "Connection: close\r\n\r\n"
    conexion.sendall(cabecera.encode() + cuerpo)


while True:
    conexion, _ = s.accept()
    try:
        ruta = conexion.recv(4096).decode().split()[1]
        with open(os.path.join(RAIZ, ruta[1:]), "rb") as archivo:
            responder(conexion, "200 OK", archivo.read())
    except Exception as error:
        print(error, flush=True)
        try:
            responder(conexion, "404 Not Found", b"<h1>404 Not Found</h1>")
        except OSError:
            pass  # el cliente se fue
    conexion.close()
