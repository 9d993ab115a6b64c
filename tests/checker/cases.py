"""Small servers for the lab of Kurose and Ross, each with one fault of the kind that students hand in.

Usage: python3 cases.py NAME [PORT]; it prints the port, and serves the folder in which it is started.

Each is a server that is right, but for the lines that are written here. In them `c` is the client's socket, `listener`
the one that listens, `request` the text of the request, `name` the name of the file, and `f` that file, opened.
"""
import sys

# What a server of the lab is: READ, then BODY, and MISS where the file cannot be opened.
FRAME = """
from socket import *
import sys
listener = socket(AF_INET, SOCK_STREAM)
listener.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
listener.bind(("127.0.0.1", int(sys.argv[2]) if len(sys.argv) > 2 else 0))
listener.listen(1)
print("port", listener.getsockname()[1], flush=True)
FIELDS = b"Content-Type: text/html\\r\\nServer: x\\r\\nConnection: close\\r\\n\\r\\n"
OK = b"HTTP/1.1 200 OK\\r\\n" + FIELDS
MISSING = b"HTTP/1.1 404 Not Found\\r\\n" + FIELDS
while True:
    c, address = listener.accept()
    try:
        READ
        BODY
    except KIND:
        MISS
"""
READ = """request = c.recv(1024).decode()
name = request.split()[1][1:]
f = open(name, "rb")"""
GOOD = "c.sendall(OK + f.read()); c.close()"
MISS = "c.sendall(MISSING + b'<h1>404 Not Found</h1>'); c.close()"


def server(body=GOOD, miss=MISS, read=READ, kind="OSError"):
    """The program, with these parts; of which each may have several lines."""
    program = FRAME.replace("KIND", kind)
    for place, part in (("READ", read), ("BODY", body), ("MISS", miss)):
        program = program.replace("        " + place, "\n".join("        " + line for line in part.split("\n")))
    return program


SERVERS = {
    "right": server(),
    # What the lab's sheet does not ask, or has wrong itself.
    "skeleton_crlf": server("c.sendall(OK + f.read())\nc.send(b'\\r\\n'); c.close()"),
    "empty_404": server(miss="c.sendall(MISSING); c.close()"),
    # The 404.
    "died_in_404": server(miss="c.send(b'HTTP/1.1 404 Not Found\\r\\n')\nc.send('\\r\\n')"),
    "both_unended": server(
        "c.sendall(b'HTTP/1.1 200 OK\\r\\n' + f.read()); c.close()",
        "c.send(b'HTTP/1.1 404 Not Found\\r\\n'); c.close()",
    ),
    "lf_end_404": server(miss="c.sendall(b'HTTP/1.1 404 Not Found\\r\\n'); c.close()"),
    # The page does not come.
    "swallowed": server("c.sendall(OK + outputdata); c.close()", kind="Exception"),
    "page_name": server("if name != 'helloworld.html': raise OSError\n" + GOOD),
    "silent_else": server("if name == 'helloworld.html': c.sendall(OK + f.read())\nc.close()"),
    "wrong_socket": server(read=READ.replace("c.recv", "listener.recv")),
    "echo": server("c.sendall(request.upper().encode()); c.close()"),
    "exit_in_loop": server(GOOD + "\nlistener.close(); sys.exit()"),
    # The head.
    "lf_first": server("c.sendall(b'\\n' + OK + f.read()); c.close()"),
    "glued": server("c.sendall(b'HTTP/1.1 200 OK' + f.read()); c.close()"),
    "glued_field": server("c.sendall(b'HTTP/1.1 200 OK\\r\\nContent-Type: text/html' + f.read()); c.close()"),
    "raw_string": server("c.sendall(rb'HTTP/1.1 200 OK\\r\\nContent-Type: text/html\\r\\n\\r\\n' + f.read()); c.close()"),
    "fields_joined": server(
        "c.sendall(b'HTTP/1.1 200 OK\\r\\nServer: xContent-Type: text/htmlConnection: close\\r\\n\\r\\n' + f.read())\nc.close()"
    ),
    "field_in_status": server(
        "c.sendall(b'HTTP/1.1 200 OK; Content-Type: text/html\\r\\n\\r\\n' + f.read()); c.close()"
    ),
    # The content.
    "first_line_lost": server("data = b''\nfor line in f: data += f.read()\nc.sendall(OK + data); c.close()"),
    "first_line_only": server("c.sendall(OK)\nfor line in f:\n    c.send(line); c.close()", "sys.exit()"),
    "repeated": server("data = f.read()\nc.sendall(OK + data * len(data)); c.close()"),
    "crlf_each": server("c.sendall(OK + b''.join(bytes([x]) + b'\\r\\n' for x in f.read())); c.close()"),
    "field_after_blank": server(
        "c.sendall(b'HTTP/1.1 200 OK\\r\\n\\r\\nContent-Type: text/html\\r\\n' + f.read() + b'\\r\\n'); c.close()"
    ),
    "extra_both": server("c.sendall(OK + b'<h1>hi</h1>' + f.read() + b'\\r\\n'); c.close()"),
    "second_response": server(
        "c.sendall(OK + f.read())\nfor letter in f.name: c.send(letter)\nc.close()",
        "c.sendall(MISSING); c.close()",
        kind="Exception",
    ),
    "wrote_bytes": server("c.sendall(OK + str(f.read()).encode()); c.close()"),
    "image_as_text": server("c.sendall(OK + open(name).read().encode()); c.close()", kind="Exception"),
}

# The optional exercise: several clients at once. WORK is what a thread does with `c`, START how it is called.
THREADS = """
from socket import *
from threading import Thread
import sys, time
listener = socket(AF_INET, SOCK_STREAM)
listener.bind(("127.0.0.1", 0))
listener.listen(20)
print("port", listener.getsockname()[1], flush=True)
turn = 0
def work(c):
    global name, response, turn
    try:
        name = c.recv(1024).decode().split()[1][1:]
        head, status = b"HTTP/1.1 200 OK\\r\\n\\r\\n", 200
        response = head + open(name, "rb").read()
    except Exception:
        response = b"HTTP/1.1 404 Not Found\\r\\n\\r\\n<h1>404 Not Found</h1>"
    PAUSE
    try:
        c.sendall(response)
    finally:
        c.close()
while True:
    c, address = listener.accept()
    START
"""


PAUSE = """turn += 1
    mine, start = turn, time.monotonic()
    while turn == mine and time.monotonic() - start < 0.25:
        time.sleep(0.001)"""


def threads(start="Thread(target=work, args=(c,)).start()", are_shared=False):
    program = THREADS.replace("START", start)
    if not are_shared:
        return program.replace("    global name, response, turn\n", "").replace("    PAUSE\n", "")
    # What a slow disk does: time for another thread to come in between. It waits for that thread, as no fixed time is
    # long enough on a busy machine; somebody who is alone waits for a quarter of a second.
    return program.replace("PAUSE", PAUSE)


SERVERS["threads"] = threads()
SERVERS["threads_race"] = threads(are_shared=True)
SERVERS["threads_called"] = threads("Thread(target=work(c)).start()")
SERVERS["threads_joined"] = threads("t = Thread(target=work, args=(c,)); t.start(); t.join()")

if __name__ == "__main__":
    exec(compile(SERVERS[sys.argv[1]], sys.argv[1] + ".py", "exec"), {"__name__": "__main__"})
