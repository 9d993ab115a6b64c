"""Servers with the faults of 43 published ones, and the forms of eighteen more that are right.

Usage: python3 published.py NAME; it prints the port, and serves the folder in which it is started.
       python3 published.py --table: the expectations, as JSON.

The faults were not chosen: they are those of all the published servers for the lab that a search for lines of its skeleton
gave, as far as the whole program was to be seen. The programs are our own; they do what those do. What is to be said of
each was written down before any of them was run.
"""
import json
import sys

from unseen import BOOK, NYU, THREAD_CLASS, Row, but

# The skeleton as most fill it in: the head in one send.
PLAIN = but(
    BOOK,
    ('connectionSocket.send("HTTP/1.1 200 OK\\r\\n".encode())\n        connectionSocket.send("Content-Type: text/html\\r\\n".encode())\n        connectionSocket.send("\\r\\n".encode())\n', 'connectionSocket.send("HTTP/1.1 200 OK\\r\\n\\r\\n".encode())\n'),
    ('connectionSocket.send("HTTP/1.1 404 Not Found\\r\\n".encode())\n        connectionSocket.send("\\r\\n".encode())\n', 'connectionSocket.send("HTTP/1.1 404 Not Found\\r\\n\\r\\n".encode())\n'),
)
OK = '"HTTP/1.1 200 OK\\r\\n\\r\\n"'
MISSING = '"HTTP/1.1 404 Not Found\\r\\n\\r\\n"'
LOOP = "        for i in range(0, len(outputdata)):\n            connectionSocket.send(outputdata[i].encode())\n"
LAST = '        connectionSocket.send("\\r\\n".encode())\n        connectionSocket.close()\n    except'
END = "        #Close client socket\n        connectionSocket.close()\n"

# A function that each thread runs.
HANDLE = but(
    PLAIN,
    ("while True:\n    #Establish the connection\n    connectionSocket, addr = serverSocket.accept() #Fill in\n    try:", "from threading import Thread\ndef handle(connectionSocket, addr):\n    try:"),
    ("serverSocket.close()\nsys.exit()\n", "while True:\n    connection, addr = serverSocket.accept()\n    t = Thread(target=handle, args=(connection, addr))\n    t.start()\n"),
)

ROWS = {}


def right(name, program, **more):
    ROWS[name] = Row(program, **more)


def wrong(name, program, first, words, **more):
    ROWS[name] = Row(program, first.split(), words, **more)


AS_NYU = {"options": ("--preset", "nyu")}

right("r_plain", PLAIN)
right("r_handle", HANDLE)
right("r_page_for_404", but(PLAIN, (END, '        connectionSocket.send("<html><head></head><body><h1>404 Not Found</h1></body></html>\\r\\n".encode())\n' + END)))
right("r_whole_file", but(PLAIN, (LOOP, "        connectionSocket.send(outputdata.encode())\n")))
right("r_lines", but(PLAIN, ("f.read()", "f.readlines()")))
right("r_no_last_line", but(PLAIN, (LAST, "        connectionSocket.close()\n    except")))
right("r_bytes_with_charset", but(PLAIN, (OK + ".encode()", 'bytes("HTTP/1.0 200 OK\\r\\n\\r\\n", "UTF-8")'), (MISSING + ".encode()", 'bytes("HTTP/1.0 404 Not Found\\r\\n\\r\\n", "UTF-8")')))
right("r_small_letters_404", but(PLAIN, (MISSING, '"HTTP/1.1 404 Not found\\r\\n\\r\\n"')))
right("r_capitals_404", but(HANDLE, (MISSING, '"HTTP/1.1 404 NOT FOUND\\r\\n\\r\\n"')))
right("r_nothing_received", but(PLAIN, ("        filename = message", "        if not message: connectionSocket.close(); continue\n        filename = message")))
right("r_index", but(HANDLE, ("        f = open(filename[1:])", "        if filename == '/': filename = '/index.html'\n        f = open(filename[1:], 'r+')")))
right("r_length_and_last_line", but(PLAIN, ("(" + OK + ".encode())", '(("HTTP/1.1 200 OK\\r\\nContent-Type: text/html; charset=utf-8\\r\\nContent-Length: %d\\r\\n\\r\\n" % len(outputdata)).encode())')))
right("r_nyu_keep_alive", but(NYU, ("Connection: close", "Connection: Keep-Alive")))
right("r_nyu_bare_except", but(NYU, ("except (OSError, IndexError) as e", "except")))
right("r_nyu_sends", but(NYU, ("      connectionSocket.sendall(outputdata)\n", "      for line in outputdata.splitlines(True):\n        connectionSocket.send(line)\n")))
right("r_class", THREAD_CLASS)
right("r_second_except", but(PLAIN, ("    except IOError:", "    except IndexError:\n        connectionSocket.close()\n    except IOError:")))
right("r_name_decoded", but(PLAIN, ("filename = message.split()[1]\n", 'filename = message.split("\\r\\n")[0].split()[1]\n')))

# Lines that end with LF.
wrong("lf_and_backslash", but(HANDLE, (OK, "'HTTP/1.1 200 OK\\nContent-Type: text\\\\html\\n\\n'"), (MISSING, "'HTTP/1.1 404 Not Found\\n\\n'")), "line-ends", ["End every line"])
wrong("lf_both", but(PLAIN, (OK, "'HTTP/1.1 200 OK\\n\\n'"), (MISSING, '"HTTP/1.1 404 Not Found\\n\\n"')), "line-ends", ["End every line"])
wrong("lf_many_fields", but(HANDLE, (OK, '"HTTP/1.1 200 OK\\nConnection: close\\nDate: 2026-11-21\\nServer: 0\\nContent-Length: %d\\nContent-Type: text/html\\n\\n" % len(outputdata)'), ('("HTTP/1.1 200 OK\\n', '(("HTTP/1.1 200 OK\\n'), ("% len(outputdata).encode()", "% len(outputdata)).encode()"), (LAST, "        connectionSocket.close()\n    except"), (MISSING, '"HTTP/1.1 404 Not Found\\n\\n"')), "line-ends", ["End every line"])
wrong("lf_and_one_for_404", but(PLAIN, (OK, '"HTTP/1.1 200 OK\\nContent-Type: text/html\\n\\n"'), (MISSING, "'HTTP/1.1 404 NOT FOUND\\n'"), ("f.read()", "f.readlines()"), (LAST, "        connectionSocket.close()\n    except")), "line-ends", ["End every line"])
wrong("lf_no_blank_for_404", but(HANDLE, (OK, '"HTTP/1.1 200 OK\\nConnection:close\\nContent-Type:text/html\\n\\n"'), (MISSING, "' HTTP/1.1 404 Not Found'")), "line-ends", ["End every line"])
wrong("lf_and_finally", but(HANDLE, (OK, '"HTTP/1.1 200 OK\\nConnection: close\\nContent-Type: text/html\\n\\n"'), (MISSING, "'HTTP/1.1 404 Not Found\\n\\n<h1>404 Not Found</h1>'"), (END, "    finally:\n        f.close()\n        connectionSocket.close()\n")), "line-ends", ["End every line"])
wrong("crlf_lf_lf", but(PLAIN, (OK, "'HTTP/1.0 200 OK\\r\\n\\n\\n'"), (MISSING, "'HTTP/1.1 404 Not Found\\r\\n\\n'"), (LAST, "        connectionSocket.close()\n    except")), "line-ends content", ["End every line", "one empty line"])
wrong("cr_cr", but(PLAIN, ("connectionSocket.send(" + OK + ".encode())", 'connectionSocket.send("HTTP/1.0 200 OK\\r\\r".encode())\n        connectionSocket.send("Content-Type: text/html\\r\\n".encode())\n        connectionSocket.send(message.encode())')), "line-ends status-line head-end", ["\\r\\n"])
wrong("indented_field", but(HANDLE, (OK, '"HTTP/1.1 200 OK\\r\\n Content-type: text/html\\r\\n\\n"'), (MISSING, '"HTTP/1.1 404 Not Found\\r\\n Content-type: text/html\\r\\n \\n\\n<html>\\r\\n<h1>404 Not Found</h1></html>"')), "line-ends field-lines", ["End every line", "space", "white"])

# The head does not end.
wrong("glued_both", but(PLAIN, (OK + ".encode()", "'HTTP/1.1 200 OK'.encode()"), (MISSING, "'HTTP/1.1 404 Not Found'")), "head-end", ["\"\\r\\n\\r\\n\""])
wrong("glued_page", but(PLAIN, (OK, '"HTTP/1.1 200 OK"'), (MISSING, '"HTTP/1.1 404 Not Found\\r\\nContent-Type: text/html\\r\\n\\r\\n<h1>404 Not Found<h1>"'), (LAST, "        connectionSocket.close()\n    except")), "head-end", ["\"\\r\\n\\r\\n\""])
wrong("one_end_both", but(PLAIN, (OK, '"HTTP/1.1 200 OK\\r\\n"'), (MISSING, '"HTTP/1.1 404 Not Found\\r\\n"')), "head-end", ["one more"])
wrong("one_end_page", but(PLAIN, (OK, "'HTTP/1.1 200 OK\\r\\n'")), "head-end", ["one more"])
wrong("date_without_name", but(PLAIN, (OK, '"HTTP/1.1 200 OK\\r\\nSat, 21 Nov 2026 21:30:00 GMT\\r\\n"'), (MISSING, '"HTTP/1.1 404 Not Found\\r\\nSat, 21 Nov 2026 21:30:00 GMT\\r\\n\\r\\n<body><h1>404 NOT FOUND</h1></body>"')), "head-end field-lines", ["one more", "colon"])
wrong("data_as_a_label", but(HANDLE, (OK, '"HTTP/1.1 200 OK\\r\\nContent-Length: " + str(len(outputdata)) + " \\r\\nData:"'), ('("HTTP/1.1 200 OK\\r\\nC', '(("HTTP/1.1 200 OK\\r\\nC'), ('\\r\\nData:".encode()', '\\r\\nData:").encode()'), ("except IOError:", "except ConnectionResetError:")), "head-end", ["\\r\\n"])
wrong("lf_unended_and_exit", but(PLAIN, (OK, "'HTTP/1.0 200 OK\\nContent-Type: text/html\\n'"), ("range(0, len", "range(-1, len"), ("serverSocket.close()\nsys.exit()", "    serverSocket.close()\n    sys.exit()")), "line-ends head-end survives", ["End every line", "one more", "exit()"])

# The status line.
wrong("blank_and_lf", but(PLAIN, (OK, "' HTTP/1.1 200 OK\\nConnection: close\\nContent-Type: text/html\\n\\n'"), (MISSING, "'HTTP/1.1. 404 Found'")), "status-line line-ends", ["comes before", "End every line"])
wrong("lf_before", but(PLAIN, (OK, "'\\nHTTP/1.1 200 OK\\nServer: me\\nConnection: Keep-Alive;\\n\\n'"), (MISSING, "'\\nHTTP/1.1 404 not found\\n\\n'")), "status-line", ["comes before"])
wrong("lf_before_and_x", but(PLAIN, (OK, '"\\nHTTP/1.x 200 OK\\r\\n\\r\\n"'), (MISSING, '"\\nHTTP/1.x 404 Not Found\\r\\n\\r\\n"')), "status-line", ["comes before", "two digits"])
wrong("head_never_sent", but(PLAIN, ("connectionSocket.send(" + OK + ".encode())", 'first_header = "HTTP/1.1 200 OK"'), (LAST, "        connectionSocket.close()\n    except"), (MISSING + ".encode()", MISSING)), "status-line", ["before anything else"])
wrong("file_first", but(NYU, ("      outputdata = b\"HTTP/1.1 200 OK\\r\\n\" + outputdata\n", "      head = b\"HTTP/1.1 200 OK\\r\\n\" + outputdata; outputdata = b''\n"), ("connectionSocket.sendall(outputdata)", "connectionSocket.sendall(outputdata + head)")), "status-line", ["before anything else"])
wrong("whole_message_and_no_version", but(PLAIN, ("filename = message.split()[1]", "filename = '/' + message"), (OK, '"200 OK\\r\\n"'), (MISSING, '"404 Not Found\\r\\n"')), "status-line status-200", ["HTTP/1.1", "second word"])

# The content.
wrong("read_not_called", but(PLAIN, ("f.read()", "f.read")), "content survives", ["exception"])
wrong("type_twice", but(NYU, ("      outputdata += b\"Server: webServer/1.0\\r\\n\"\n      outputdata += b\"Connection: close\\r\\n\\r\\n\"\n      outputdata = b\"HTTP/1.1 200 OK\\r\\n\" + outputdata\n", "      outputdata += b\"\\r\\n\"\n      outputdata = b\"HTTP/1.1 200 OK\\r\\nContent-Type: text/html; charset=UTF-8\\r\\n\\r\\n\" + outputdata\n")), "content", ["before the empty line", "field lines"])
wrong("blank_after_each_field", but(PLAIN, (OK, '"HTTP/1.1 200 OK\\r\\n\\r\\nContent-Length: 59\\r\\n\\r\\nContent-Type: text/html; charset=utf-8\\r\\n\\r\\ndate: Fri, 20 Apr 2018 15:47:01 GMT\\r\\n\\r\\n"'), (LAST, "        connectionSocket.close()\n    except")), "content", ["before the empty line", "field lines"])
wrong("type_after_blank", but(NYU, ("b\"HTTP/1.1 200 OK\\r\\n\" + outputdata", "b\"HTTP/1.1 200 OK\\r\\n\\r\\nContent-Type: text/html; charset=UTF-8\\r\\n\"")), "content", ["before the empty line", "field lines"])
wrong("turned_last_line", but(PLAIN, (LAST, '        connectionSocket.send(bytes("\\n\\r", "UTF-8"))\n        connectionSocket.close()\n    except'), ('connectionSocket.send("HTTP/1.1 404 Not Found\\r\\n\\r\\n".encode())', 'f = open("/404/page.html")\n        connectionSocket.send("HTTP/1.1 404 Not Found\\r\\n\\r\\n".encode() + f.read().encode())')), "content not-found", ["remove the send", "exception"])

# The page, or nothing, comes.
wrong("three_pages", but(PLAIN, ("        f = open(filename[1:])", "        filename = {'/': '/index.html', '/red': '/hello.html'}.get(filename, '/none')\n        f = open(filename[1:])")), "status-200", ["--page"])
wrong("folder_above", but(HANDLE, ("open(filename[1:])", 'open(".." + filename)')), "status-200", ["folder"])
wrong("one_page_and_silence", but(PLAIN, ("        outputdata = f.read()\n", "        if filename != '/helloworld.html':\n            connectionSocket.close()\n            continue\n        outputdata = f.read()\n")), "responds", ["--page", "branch"])
wrong("no_encode_both", but(PLAIN, (OK + ".encode()", OK), (MISSING + ".encode()", MISSING)), "responds", ["exception"])
wrong("text_plus_bytes", but(PLAIN, (OK + ".encode()", '("HTTP/1.1 200 OK\\r\\n" + b"Content-Type: text/html\\r\\n" + "\\r\\n").encode()')), "responds", ["exception"])
wrong("closed_by_the_main_thread", but(HANDLE, ("    t.start()\n", "    t.start()\n    connection.close()\n"), ("    try:\n        message", "    try:\n        import time; time.sleep(0.05)\n        message")), "responds", ["exception"])
wrong("hello_first", but(PLAIN, ("    try:\n", "    try:\n        connectionSocket.sendall(b'Hello World')\n")), "responds", ["recv before send"])
wrong("welcome_first", but(PLAIN, ("    try:\n", '    connectionSocket.send(bytes("Welcome to the server!", "utf-8"))\n    try:\n'), (OK, "'HTTP 1.1/ 200 OK\\r\\n'")), "responds", ["recv before send"])

# One client; the end of the connection.
wrong("exit_in_the_loop", but(PLAIN, ("serverSocket.close()\nsys.exit()", "    serverSocket.close()\n    sys.exit()")), "survives", ["exit()"])
wrong("never_closed", but(THREAD_CLASS, ("            self.connectionSocket.sendall(header.encode() + b\"<h1>404 Not Found</h1>\")\n        self.connectionSocket.close()\n", "            self.connectionSocket.sendall(header.encode() + b\"<h1>404 Not Found</h1>\")\n")), "closes", ["Close the client's socket"])

# The 404.
wrong("listener_closed_after_404", but(PLAIN, (MISSING, "'404 NOT FOUND\\r\\n\\r\\n'"), (END, "        serverSocket.close()\n")), "not-found", ["HTTP/1.1 404"])
wrong("lf_once_404", but(PLAIN, (MISSING, "'HTTP/1.1 404 Not Found\\n'"), (LAST, "        connectionSocket.close()\n    except")), "not-found-complete", ["one more", "End every line", "\\r\\n"])
wrong("space_in_version_404", but(PLAIN, (MISSING, '"HTTP/ 1.1 404 not Found \\r\\n\\r\\n"')), "not-found", ["HTTP/1.1 404"])
wrong("fields_unended_404", but(NYU, ('Connection: close\\r\\n\\r\\n"\n      connectionSocket', 'Connection: close\\r\\n"\n      connectionSocket'), (' + b"<html><body>404 Not Found</body></html>"', "")), "not-found-complete", ["one more"])
wrong("lf_404_page", but(NYU, ('b"HTTP/1.1 404 Not Found\\r\\n" + error', 'b"HTTP/1.1 404 Not Found\\n\\n"')), "not-found-complete", ["End every line"])
wrong("keep_alive_as_nyu", but(NYU, ("Connection: close", "Connection: Keep-Alive")), "connection-field", ["Connection: close"], **AS_NYU)

if __name__ == "__main__":
    if sys.argv[1] == "--table":
        rows = [dict(name=n, set=5, first=r.first, words=r.words, options=r.options) for n, r in ROWS.items()]
        print(json.dumps(rows))
    else:
        exec(compile(ROWS[sys.argv[1]].program, sys.argv[1] + ".py", "exec"), {"__name__": "__main__"})
