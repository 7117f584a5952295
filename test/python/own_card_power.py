"""
Time and power of a card, in somebody's hands: the clock that the card goes by, which may be moved, and
the lines of `kincard conform --control` (docs/conformance.md), so that nobody has to wait.
"""

import time


class Clock:
    """Seconds since some moment, and those that were let pass."""

    def __init__(self):
        self.moved = 0.0

    def now(self):
        return time.monotonic() + self.moved


CLOCK = Clock()


class Power:
    """`on`, `off`, `advance S`; the card has no button, which may be released at any time."""

    def __init__(self, card):
        self.card, self.is_on = card, True

    def answer(self, line):
        verb, *words = line.decode("ascii", "replace").split() or [""]
        if verb == "advance" and len(words) == 1 and words[0].replace(".", "", 1).isdigit():
            CLOCK.moved += float(words[0])
        elif verb == "off" and not words:
            self.is_on = False
        elif verb == "on" and not words:
            if not self.is_on:
                self.card.power_up()
            self.is_on = True
        elif verb != "release" or words:
            return b"error: on, off, release or advance S\n"
        return b"ok\n"


class Control:
    """Lines of whoever holds the card, of as many clients as there are."""

    def __init__(self, server, power):
        self.server, self.power, self.clients = server, power, {}

    def sockets(self):
        return [self.server, *self.clients]

    def look(self, ready):
        if self.server in ready:
            self.clients[self.server.accept()[0]] = b""
        for client in [each for each in self.clients if each in ready]:
            try:
                data = client.recv(4096)
                *lines, self.clients[client] = (self.clients[client] + data).split(b"\n")
                for line in lines:
                    client.sendall(self.power.answer(line))
            except OSError:
                data = b""
            if not data:
                del self.clients[client]
                client.close()
