#!/usr/bin/env python3
"""
A Kincard card of one's own: a simulator on a TCP port, written from docs/protocol.md alone, that
shares nothing with the firmware. A DEMO card without a button that forgets everything when it ends.

    own_card.py [PORT [CONTROL]]   prints "listening tcp:127.0.0.1:PORT"; 0 or nothing = any port

CONTROL: another port, by which power and time are in your hands; it prints "control tcp:...".

Here: the byte link (section 9), APDUs (3), the channel (5). own_card_table.py has the tables,
own_card_wallet.py and own_card_backup.py the commands, own_card_power.py clock and power.
"""

import base64
import binascii
import select
import socket
import sys
import time

from kincard_crypto import (
    NONCE_0,
    VERSION_SUITE,
    Key,
    Refused,
    hkdf,
    label,
    point,
    seal,
    sha256,
    unseal,
)
from own_card_backup import Backup
from own_card_consent import Consent
from own_card_power import CLOCK, Control, Power
from own_card_table import BY_INS, COMMANDS, OK, WORDS, Refuse, need
from own_card_wallet import FIRMWARE

DEMO_MAKER = bytes.fromhex("02dab8c0ba6a17c10394e9198dae23ac2fa7587f0b41f199217323bc459c2dd1e5")
AID = bytes.fromhex("F04B494E4341524401")
DATA_MOST, PAGE, LINE_MOST, IDLE_S = 512, 256, 716, 60
SECOND_CLIENT_S = 0.2
BUSY = b"busy: another client is connected to this card\n"


class Channel:
    def __init__(self, to_card, to_host):
        self.to_card, self.to_host, self.count = to_card, to_host, 0
        self.node, self.salt, self.named = None, b"", (0, [])
        self.last, self.answer, self.used = None, b"", CLOCK.now()

    def nonce(self):
        return self.count.to_bytes(4, "little") + bytes(8)


def parse(apdu):
    """Header, data, and whether the length was an extended one."""
    need(len(apdu) >= 4, "LENGTH")
    head, body = apdu[:4], apdu[4:]
    if len(body) <= 1:
        return head, b"", False
    extended = body[0] == 0
    skip = 3 if extended else 1
    need(len(body) >= skip, "LENGTH")
    if extended and len(body) == 3:
        return head, b"", True
    length = int.from_bytes(body[:skip], "big")
    need(length and len(body) - skip - length in ((0, 2) if extended else (0, 1)), "LENGTH")
    return head, body[skip : skip + length], extended


class Card(Consent, Backup):
    def __init__(self):
        super().__init__(DEMO_MAKER)
        self.power_up()

    def power_up(self):
        """What lies in memory alone is gone, and what waits waits anew."""
        self.sync()
        self.wait_anew()
        self.wait_for_run()

    def sync(self):
        """Who talked before is gone."""
        self.channel, self.parts, self.rest = None, None, b""

    def answer(self, apdu):
        """One APDU, one answer."""
        if self.channel and CLOCK.now() - self.channel.used > IDLE_S:
            self.channel = None
        try:
            data, word, extended = self.take(apdu)
        except Refuse as refusal:
            data, word, extended = refusal.data, refusal.word, True
        if word != OK:
            self.channel = None
        if len(data) > PAGE and not extended:
            data, self.rest = data[:PAGE], data[PAGE:]
            word = 0x6100 | min(len(self.rest), 256) & 255
        return data + word.to_bytes(2, "big")

    def take(self, apdu):
        parts, self.parts = self.parts, None
        page, self.rest = self.rest, b""
        (cla, ins, p1, p2), data, extended = parse(apdu)
        if (cla, ins) == (0, 0xC0):
            need(page, "INS")
            need(p1 == 0 and p2 == 0, "P1P2")
            need(not data, "LENGTH")
            return page, OK, False
        if (cla, ins) == (0, 0xA4):
            self.channel = None
            need(p1 == 4 and p2 == 0, "P1P2")
            need(data == AID, "NOT_FOUND")
            return VERSION_SUITE + FIRMWARE, OK, extended
        need(cla != 0, "INS")
        need(cla in (0x80, 0x84, 0x90, 0x94), "CLA")
        key = (cla & ~0x10, ins, p1, p2)
        if parts and parts[0] == key:
            data = parts[1] + data
        need(len(data) <= DATA_MOST, "LENGTH")
        if cla & 0x10:
            self.parts = (key, data)
            return b"", OK, extended
        if cla == 0x80:
            if self.channel:
                self.channel.last = None
            return self.execute(ins, p1, p2, data, False), OK, extended
        return self.sealed(bytes(key), data), OK, extended

    def sealed(self, head, data):
        channel = self.channel
        need(channel, "CHANNEL")
        if channel.last == (head, data[-16:]):
            return channel.answer
        try:
            need(len(data) >= 16, "CRYPTO")
            plain = unseal(channel.to_card, channel.nonce(), head, data)
        except Refused:
            raise Refuse("CRYPTO") from None
        channel.used = CLOCK.now()
        try:
            inner, word = self.execute(head[1], head[2], head[3], plain, True), OK
        except Refuse as refusal:
            inner, word = refusal.data, refusal.word
            self.channel = None
        inner += word.to_bytes(2, "big")
        channel.last = (head, data[-16:])
        channel.answer = seal(channel.to_host, channel.nonce(), head, inner)
        channel.count += 1
        return channel.answer

    def execute(self, ins, p1, p2, data, inside):
        name = BY_INS.get(ins)
        need(name, "INS")
        _, access, least, most, p1_most, cells = COMMANDS[name]
        cell = cells.split()[self.state]
        need(cell == "ok", cell if cell in WORDS else "STATE")
        need(not (inside and name == "OPEN"), "CLA")
        need(inside or access == "plain", "CHANNEL")
        need(access != "code" or self.channel.node, "CODE")
        need(p1 <= p1_most and p2 == 0, "P1P2")
        need(least <= len(data) <= most, "LENGTH")
        try:
            return getattr(self, f"do_{name.lower()}")(data, p1)
        except Refused:
            raise Refuse("CRYPTO") from None

    def do_open(self, host, _p1):
        self.channel = None
        point(host)
        mine = Key()
        z, points = mine.ecdh(host), host + mine.public
        t0 = sha256(label("kincard/hello/1"), VERSION_SUITE, points)
        t1 = sha256(label("kincard/channel/1"), VERSION_SUITE, self.certificate, points)
        hello = self.certificate + self.kcard.sign_digest(t1)[:64] + self.salt + bytes([self.cost])
        self.channel = Channel(hkdf(z, t1, "kincard/ktocard/1"), hkdf(z, t1, "kincard/ktohost/1"))
        return mine.public + seal(hkdf(z, t0, "kincard/khello/1"), NONCE_0, b"", hello)


class Link:
    """Lines of one client; the stored answer of the last frame."""

    def __init__(self, card):
        self.card, self.buffer, self.last, self.stored = card, b"", None, b""
        card.sync()

    def feed(self, data):
        """Bytes in, bytes out."""
        out = b""
        *lines, self.buffer = (self.buffer + data).split(b"\n")
        self.buffer = self.buffer[: LINE_MOST + 1]
        for line in lines:
            out += self.line(line) if len(line) <= LINE_MOST else b""
        return out

    def line(self, line):
        text = line.removesuffix(b"\r")
        try:
            frame = base64.b64decode(text, validate=True)
        except binascii.Error:
            return b""
        if base64.b64encode(frame) != text:
            return b""
        crc = frame[-4:]
        if len(frame) < 5 or binascii.crc32(frame[:-4]).to_bytes(4, "big") != crc:
            return b""
        if len(frame) == 5:
            self.card.sync()
            self.last = None
            return self.frame(frame[0], b"")
        if self.last != (frame[0], crc):
            self.last, self.stored = (frame[0], crc), b""
            self.stored = self.frame(frame[0], self.card.answer(frame[1:-4]))
        return self.stored

    def frame(self, seq, apdu):
        body = bytes([seq]) + apdu
        return base64.b64encode(body + binascii.crc32(body).to_bytes(4, "big")) + b"\n"


def serve(server, card, control=None):
    """
    One client at a time; a second one is told so, once the first had time to be gone. Without power
    nothing is heard and nobody stays connected.
    """
    client, link, waiting = None, None, []
    while True:
        watched = [server, client] if client else [server]
        watched += control.sockets() if control else []
        ready, _, _ = select.select(watched, [], [], 0.05)
        if control:
            control.look(ready)
            if client and not control.power.is_on:
                client.close()
                client = None
                continue
        if server in ready:
            waiting.append((server.accept()[0], time.monotonic()))
        if client in ready:
            try:
                data = client.recv(4096)
                client.sendall(link.feed(data))
            except OSError:
                data = b""
            if not data:
                client.close()
                client = None
                card.sync()
        for entry in list(waiting):
            other, since = entry
            if client is None:
                client, link = other, Link(card)
                client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                waiting.remove(entry)
            elif client not in ready and time.monotonic() - since > SECOND_CLIENT_S:
                # Whoever has just been heard may be gone with the next look.
                waiting.remove(entry)
                try:
                    other.sendall(BUSY)
                except OSError:
                    pass
                other.close()


def listen(name, port):
    server = socket.create_server(("127.0.0.1", port))
    print(f"{name} tcp:127.0.0.1:{server.getsockname()[1]}", flush=True)
    return server


def main():
    port, *more = [int(word) for word in sys.argv[1:]] or [0]
    card = Card()
    control = Control(listen("control", more[0]), Power(card)) if more else None
    try:
        serve(listen("listening", port), card, control)
    except KeyboardInterrupt:
        return 0


if __name__ == "__main__":
    sys.exit(main())
