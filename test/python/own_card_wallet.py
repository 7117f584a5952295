"""
What a card does but for the backup (docs/protocol.md sections 4, 5, 7, 8): its life, access code,
wallet key, proofs. A handler takes the data and P1, answers bytes or raises Refuse.
"""

import math
import os

from kincard_crypto import (
    N,
    NONCE_0,
    VERSION_SUITE,
    Key,
    Refused,
    card_id,
    check_certificate,
    hmac,
    label,
    maker_id,
    seal,
    unseal,
)
from own_card_power import CLOCK
from own_card_table import (
    BLANK,
    COPY,
    EMPTY,
    OFFERED,
    OPEN_SLOT,
    SHARED,
    WALLET,
    CONFIRMED,
    Refuse,
    need,
)

DEMO = 1
FIRMWARE, KERNEL_ABI = b"\1\0\0", 1
FREE_MISSES, FREE_DROPS, WAIT_MOST = 4, 2, 600


def wait_after(count, free):
    """Seconds after the count-th miss or drop."""
    return 0 if count < free else min(2 << (count - free), WAIT_MOST)


def wrap_key(stretched, salt):
    return hmac(stretched, b"\x1ekincard/code/1" + salt)


class Slot:
    def __init__(self):
        self.state, self.kcard, self.klink, self.counter = OPEN_SLOT, b"", b"", 0
        self.transfer, self.hash, self.kreceipt = b"", bytes(32), b""


class Wallet:
    """The record and its handlers; `channel` is the open one (own_card.py) or None."""

    def __init__(self, maker):
        self.maker, self.kcard, self.certificate, self.address = maker, None, b"", b""
        self.channel, self.offers = None, 0
        self.state = BLANK
        self.forget()
        self.misses, self.wait_until = 0, 0.0
        self.drops, self.drop_until = 0, 0.0

    def forget(self):
        """What a factory reset destroys."""
        self.wrapped, self.salt, self.cost, self.set_id = b"", bytes(16), 0, b""
        self.size, self.k, self.slots = 0, 0, [Slot(), Slot()]
        self.offer, self.klink, self.source_id, self.used = b"", None, b"", False
        self.took, self.receipt = b"", b""
        if self.channel:
            self.channel.node = None

    @property
    def id(self):
        return card_id(self.kcard.public)

    def waits(self, until):
        return max(0, math.ceil(until - CLOCK.now()))

    def wait_anew(self):
        """The waits after misses and drops begin again at power-up, in full."""
        self.wait_until = CLOCK.now() + wait_after(self.misses, FREE_MISSES)
        self.drop_until = CLOCK.now() + wait_after(self.drops, FREE_DROPS)

    def refuse_early(self, count, until):
        seconds = self.waits(until)
        if seconds:
            raise Refuse("WAIT", bytes([count]) + seconds.to_bytes(2, "big"))

    def drop(self):
        """An offer goes: without a button that is counted and slowed."""
        self.refuse_early(self.drops, self.drop_until)
        self.drops = min(self.drops + 1, 255)
        self.drop_until = CLOCK.now() + wait_after(self.drops, FREE_DROPS)

    def do_status(self, _data, _p1):
        until = self.drop_until if self.state == OFFERED else self.wait_until
        head = [self.state, DEMO, self.size, self.k, *(slot.state for slot in self.slots)]
        tries = bytes([self.misses, self.drops]) + self.waits(until).to_bytes(2, "big")
        return VERSION_SUITE + bytes(head) + tries + FIRMWARE + bytes([KERNEL_ABI])

    def do_personalise(self, _data, _p1):
        self.kcard = self.kcard or Key()
        body = VERSION_SUITE + maker_id(self.maker) + self.kcard.public
        return self.kcard.public + self.kcard.sign(label("kincard/request/1"), body)

    def do_certify(self, data, _p1):
        need(self.kcard, "CRYPTO")
        certified = check_certificate(data[:103], self.maker)
        need(certified == self.kcard.public, "CRYPTO")
        self.certificate, self.address, self.state = data[:103], data[103:], EMPTY
        return b""

    def do_certificate(self, _data, _p1):
        return self.certificate

    def do_salt(self, _data, _p1):
        self.channel.salt = os.urandom(16)
        return self.channel.salt

    def new_code(self, data):
        """Salt and cost of ACTIVATE and CHANGE_CODE."""
        need(10 <= data[0] <= 20, "DATA")
        salt = self.channel.salt
        need(salt, "STATE")
        return salt, data[0]

    def do_code(self, data, _p1):
        self.refuse_early(self.misses, self.wait_until)
        self.misses = min(self.misses + 1, 255)
        try:
            node = unseal(wrap_key(data, self.salt), NONCE_0, b"", self.wrapped)
        except Refused:
            seconds = wait_after(self.misses, FREE_MISSES)
            self.wait_until = CLOCK.now() + seconds
            told = bytes([self.misses]) + seconds.to_bytes(2, "big")
            raise Refuse("WRONG_CODE", told) from None
        self.misses, self.wait_until = 0, 0.0
        need(0 < int.from_bytes(node[:32], "big") < N, "CRYPTO")
        if self.state == COPY:
            self.used, self.drops, self.drop_until = True, 0, 0.0
        self.channel.node = node
        return b""

    def do_change_code(self, data, _p1):
        salt, cost = self.new_code(data)
        self.wrapped = seal(wrap_key(data[1:], salt), NONCE_0, b"", self.channel.node)
        self.salt, self.cost, self.channel.salt = salt, cost, b""
        return b""

    def do_activate(self, data, _p1):
        salt, cost = self.new_code(data)
        if self.state == OFFERED:
            self.drop()
        self.forget()
        key = Key()
        node = key.number.to_bytes(32, "big") + os.urandom(32)
        self.wrapped = seal(wrap_key(data[1:], salt), NONCE_0, b"", node)
        self.salt, self.cost, self.set_id, self.k = salt, cost, os.urandom(16), 1
        self.drops, self.drop_until, self.misses, self.wait_until = 0, 0.0, 0, 0.0
        self.channel.node, self.channel.salt, self.state = node, b"", WALLET
        return self.set_id + key.public

    def do_reset(self, _data, _p1):
        allowed = self.channel.node or self.state in (EMPTY, OFFERED)
        need(allowed or (self.state == COPY and not self.used), "CODE")
        if not self.channel.node and self.state != EMPTY:
            self.drop()
        self.forget()
        self.state, self.misses, self.wait_until = EMPTY, 0, 0.0
        self.channel.salt = b""
        return b""

    def derive(self, path):
        """Private key, chain code and the parent's public key of a BIP32 path."""
        depth = path[0]
        need(depth <= 8 and len(path) == 1 + 4 * depth, "DATA")
        node = self.channel.node
        key, chain, parent = Key(int.from_bytes(node[:32], "big")), node[32:], bytes(33)
        for at in range(1, len(path), 4):
            index, parent = path[at : at + 4], key.public
            hardened = b"\0" + key.number.to_bytes(32, "big")
            mac = hmac(chain, hardened if index[0] & 128 else parent, index, digest="sha512")
            tweak = int.from_bytes(mac[:32], "big")
            number = (tweak + key.number) % N
            need(tweak < N and number, "PATH")
            key, chain = Key(number), mac[32:]
        return key, chain, parent

    def do_public_key(self, data, _p1):
        key, chain, parent = self.derive(data)
        return key.public + chain + parent

    def do_sign(self, data, _p1):
        key, _, _ = self.derive(data[:-32])
        return key.sign_digest(data[-32:])

    def do_prove(self, data, _p1):
        return self.kcard.sign(label("kincard/proof/1"), VERSION_SUITE, self.certificate, data)

    def do_ledger(self, data, _p1):
        key, _, _ = self.derive(b"\0")
        if self.state == COPY:
            source = self.source_id
            entries = bytes([CONFIRMED]) + self.id + self.took + bytes(49)
        else:
            source, entries = self.id, b""
            for slot in self.slots:
                named = card_id(slot.kcard) if slot.kcard else bytes(16)
                entries += bytes([slot.state]) + named + slot.hash
        body = VERSION_SUITE + data + self.set_id + key.public + self.id + source
        body += bytes([self.state, self.k, self.size or 1]) + entries
        return body + self.kcard.sign(label("kincard/ledger/1"), body)

    def shared(self):
        """A source whose set is complete or closed."""
        self.state = SHARED
