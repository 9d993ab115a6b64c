"""A table of servers, each with what is to be said of it, and the program that lists it and runs a server of it."""
import json
import socket
import sys

from unseen import Row


class Table:
    """The servers of a set. `number` is the set's, which tells it from other sets of a script."""

    def __init__(self, number):
        self.number, self.rows = number, {}

    def right(self, name, program, **more):
        """A server that is right: no check of the lab fails."""
        self.wrong(name, program, "", [], **more)

    def passes(self, name, program, first, words, **more):
        """A server that reaches all points of the lab, and of which something else is told first."""
        self.wrong(name, program, first, words, passes=True, **more)

    def wrong(self, name, program, first, words, files=("/HelloWorld.html",), passes=None, **more):
        """A server with a fault: the checks one of which is told first, and words one of which its fix has."""
        row = Row(program, first.split(), words, **more)
        self.rows[name] = (row, files, passes or not first)

    def main(self):
        """Does what the arguments ask."""
        if sys.argv[1] == "--table":
            print(json.dumps([self.described(name) for name in self.rows]))
        else:
            self.run(sys.argv[1])

    def described(self, name):
        row, files, passes = self.rows[name]
        row = dict(set=self.number, first=row.first, words=row.words, options=row.options)
        return dict(row, name=name, files=files, passes=passes)

    def run(self, name):
        """Runs a server at a free port of this machine in place of its own, and prints the port once it listens."""
        bind, listen = socket.socket.bind, socket.socket.listen

        def bind_here(self, address):
            bind(self, ("127.0.0.1" if address[0] == "10.0.0.2" else address[0], 0))

        def listen_and_tell(self, *arguments):
            listen(self, *arguments)
            print("port", self.getsockname()[1], flush=True)

        socket.socket.bind, socket.socket.listen = bind_here, listen_and_tell
        sys.argv = [name + ".py"]
        # Threads take turns more often than every 5 ms, so that a race is lost while the checker looks.
        sys.setswitchinterval(0.00001)
        program = compile(self.rows[name][0].program, sys.argv[0], "exec")
        exec(program, {"__name__": "__main__", "__file__": sys.argv[0]})
