"""
A Kincard card over TCP: the byte link (docs/protocol.md section 9), APDUs (3) and the
authenticated channel (5). Written from the document alone.
"""

import base64
import binascii
import socket

from kincard_crypto import (
    NONCE_0,
    VERSION_SUITE,
    Key,
    check,
    check_certificate,
    hkdf,
    label,
    seal,
    sha256,
    unseal,
    verify_digest,
)

SELECT = bytes.fromhex("00A4040009F04B494E4341524401")
GET_RESPONSE = bytes.fromhex("00C0000000")
INS = {
    "STATUS": 0x10,
    "PERSONALISE": 0x12,
    "CERTIFY": 0x14,
    "CERTIFICATE": 0x16,
    "OPEN": 0x20,
    "SALT": 0x22,
    "CODE": 0x24,
    "ACTIVATE": 0x28,
    "NAME_SOURCE": 0x30,
    "OFFER": 0x32,
    "NAME_DESTINATIONS": 0x34,
    "SEAL": 0x36,
    "ACCEPT": 0x38,
    "CONFIRM": 0x3A,
    "PUBLIC_KEY": 0x40,
    "SIGN": 0x42,
    "PROVE": 0x44,
    "LEDGER": 0x46,
    "RESEND": 0x48,
}
OK = 0x9000
CHAIN = 0x10


class StatusWord(Exception):
    def __init__(self, command, word, data=b""):
        super().__init__(f"{command} was refused with {word:04X}")
        self.word, self.data = word, data


class Link:
    """One frame is one line: base64(seq, APDU, CRC32), stop-and-wait."""

    def __init__(self, uri, patience=10, tries=6):
        scheme, host, port = uri.split(":")
        check(scheme == "tcp", "only tcp:HOST:PORT is known")
        self.socket = socket.create_connection((host, int(port)), patience)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.settimeout(patience)
        self.tries, self.seq, self.buffer, self.bytes = tries, 0, b"", 0
        check(self.exchange(b"") == b"", "sync was answered by something")

    def exchange(self, apdu):
        self.seq = (self.seq + 1) & 255
        body = bytes([self.seq]) + apdu
        frame = base64.b64encode(body + binascii.crc32(body).to_bytes(4, "big")) + b"\n"
        for _ in range(self.tries):
            self.socket.sendall(frame)
            self.bytes += len(frame)
            answer = self.receive()
            if answer is not None:
                return answer
        raise ConnectionError("the card does not answer")

    def receive(self):
        """The answer to this sequence number, or None when none came in time."""
        while True:
            while b"\n" not in self.buffer:
                try:
                    got = self.socket.recv(4096)
                except socket.timeout:
                    return None
                if not got:
                    raise ConnectionError("the card closed the link")
                self.buffer += got
            line, self.buffer = self.buffer.split(b"\n", 1)
            self.bytes += len(line) + 1
            try:
                frame = base64.b64decode(line, validate=True)
                check(base64.b64encode(frame) == line, "a line that is no standard base64")
            except binascii.Error:
                continue
            crc = int.from_bytes(frame[-4:], "big")
            if len(frame) >= 5 and binascii.crc32(frame[:-4]) == crc and frame[0] == self.seq:
                return frame[1:-4]


class Channel:
    """Keys and counters of one authenticated channel, one AEAD key per direction."""

    def __init__(self, to_card, to_host):
        self.keys, self.counts = (to_card, to_host), [0, 0]

    def nonce(self, direction):
        counter = self.counts[direction]
        self.counts[direction] += 1
        return counter.to_bytes(4, "little") + bytes(8)


class Card:
    def __init__(self, uri):
        self.link, self.channel, self.apdus = Link(uri), None, 0
        check(self.transceive(SELECT, "SELECT")[:2] == VERSION_SUITE, "another version or suite")

    def transceive(self, apdu, command):
        """One APDU and its paged answer; raises on any word but 9000."""
        data = b""
        while True:
            self.apdus += 1
            answer = self.link.exchange(apdu)
            check(len(answer) >= 2, f"the answer to {command} has no status word")
            data += answer[:-2]
            word = int.from_bytes(answer[-2:], "big")
            if word == OK:
                return data
            if word >> 8 != 0x61:
                self.channel = None
                raise StatusWord(command, word, data)
            apdu = GET_RESPONSE

    def send(self, cla, command, p1, data):
        """Short APDUs only: what is longer goes in chained parts."""
        head = bytes([INS[command], p1, 0])
        while len(data) > 255:
            part, data = data[:255], data[255:]
            self.transceive(bytes([cla | CHAIN]) + head + bytes([255]) + part, command)
        tail = bytes([len(data)]) + data if data else b""
        return self.transceive(bytes([cla]) + head + tail, command)

    def plain(self, command, data=b"", p1=0):
        return self.send(0x80, command, p1, data)

    def secure(self, command, data=b"", p1=0):
        check(self.channel is not None, "no channel is open")
        aad = bytes([0x84, INS[command], p1, 0])
        to_card, to_host = self.channel.keys
        sealed = seal(to_card, self.channel.nonce(0), aad, data)
        channel = self.channel
        answer = self.send(0x84, command, p1, sealed)
        plain = unseal(to_host, channel.nonce(1), aad, answer)
        word = int.from_bytes(plain[-2:], "big")
        if word != OK:
            self.channel = None
            raise StatusWord(command, word, plain[:-2])
        return plain[:-2]

    def open(self, maker, expected=None):
        """Opens the channel; returns certificate, salt and cost. `expected` is a card key."""
        mine = Key()
        answer = self.plain("OPEN", mine.public)
        check(len(answer) == 33 + 184 + 16, "the hello has the wrong length")
        theirs = answer[:33]
        shared = mine.ecdh(theirs)
        points = mine.public + theirs
        t0 = sha256(label("kincard/hello/1"), VERSION_SUITE, points)
        hello = unseal(hkdf(shared, t0, "kincard/khello/1"), NONCE_0, b"", answer[33:])
        certificate, signature = hello[:103], hello[103:167]
        card = check_certificate(certificate, maker)
        check(expected in (None, card), "another card answered")
        t1 = sha256(label("kincard/channel/1"), VERSION_SUITE, certificate, points)
        verify_digest(card, t1, signature, "the channel")
        self.channel = Channel(
            hkdf(shared, t1, "kincard/ktocard/1"), hkdf(shared, t1, "kincard/ktohost/1")
        )
        return certificate, hello[167:183], hello[183]

    def status(self):
        answer = self.plain("STATUS")
        check(len(answer) == 16 and answer[:2] == VERSION_SUITE, "STATUS is malformed")
        names = ("state", "flags", "n", "k", "slot1", "slot2", "misses", "drops")
        return dict(zip(names, answer[2:10]), wait=int.from_bytes(answer[10:12], "big"))
