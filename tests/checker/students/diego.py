# Servidor web del capítulo 2. Uso: python3 diego.py [puerto]
# Lo que está mal: "HTTP 1.1/" en lugar de "HTTP/1.1"; "Content Type" sin guion;
# la página de error lleva 200; y close() está dentro del try, así que la conexión
# del 404 queda abierta.
from socket import *
import sys

puerto = int(sys.argv[1]) if len(sys.argv) > 1 else 0
server = socket(AF_INET, SOCK_STREAM)
server.bind(("127.0.0.1", puerto))
server.listen(1)
print("Servidor listo, puerto", server.getsockname()[1], flush=True)

while True:
    conexion, direccion = server.accept()
    mensaje = conexion.recv(1024).decode(errors="ignore")
    try:
        nombre = mensaje.split()[1]
        f = open(nombre[1:], "rb")
        datos = f.read()
        cabecera = b"HTTP 1.1/ 200 OK\r\nContent Type: text/html\r\n\r\n"
        conexion.sendall(cabecera + datos)
        conexion.close()
    except (IOError, IndexError):
        conexion.send(b"HTTP 1.1/ 200 OK\r\n\r\n<html><body>404 Not Found</body></html>")
