# Laboratorio de Mininet: servidor que atiende una petición a la vez.
# Uso: python3 bruno.py [puerto]
# Lo que está mal: la línea de estado no tiene versión, las líneas terminan en \n,
# y sys.exit() está dentro del bucle, así que solo atiende a un cliente.
import socket
import sys

puerto = int(sys.argv[1]) if len(sys.argv) > 1 else 0

# Crear el socket TCP y ponerlo a escuchar
servidor = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
servidor.bind(("127.0.0.1", puerto))
servidor.listen(1)
print("escuchando en el puerto", servidor.getsockname()[1], flush=True)

while True:
    conexion, cliente = servidor.accept()
    peticion = conexion.recv(1024).decode()
    archivo = peticion.split()[1]
    try:
        with open("." + archivo, "rb") as f:
            contenido = f.read()
        # Enviar la cabecera y después el archivo
        conexion.send(b"200 OK\nContent-Type: text/html\nConnection: close\n\n")
        conexion.send(contenido)
    except IOError:
        conexion.send(b"404 Not Found\n\n<h1>Not Found</h1>")
    conexion.close()
    servidor.close()
    sys.exit()
