#!/usr/bin/env python3
"""
Makes a wallet on one blank card and backs it up to one or two others, checking everything that a
card says. A second implementation of the host, written from docs/protocol.md alone: the proof that
the document suffices. Needs python3 and python3-cryptography.

    kincard_client.py --maker-key FILE [--code-fd N] tcp:HOST:PORT tcp:HOST:PORT [tcp:HOST:PORT]

FILE holds the maker's private key in hex (the key whose public half the cards were built with); the
access code is one line read from file descriptor N (0 = standard input, the default). The first
card becomes the source. Exit code: 0 = everything verified, 1 = something did not, 2 = usage.
"""

import argparse
import os
import sys
import time
import unicodedata

from kincard_card import Card, StatusWord
from kincard_crypto import (
    VERSION_SUITE,
    Key,
    Refused,
    card_id,
    check,
    check_certificate,
    label,
    make_certificate,
    maker_id,
    point,
    public_child,
    sha256,
    stretch,
    verify,
    verify_digest,
)

BLANK, EMPTY, OFFERED, WALLET, SHARING, SHARED, COPY = range(7)
SLOT_SEALED, SLOT_CONFIRMED = 1, 2
USED, CODE = 0x69E2, 0x6983
COST = 12  # scrypt's log2 N: light, for a test
HARDENED = 1 << 31
URI_RECORD = b"\x04kincard.example/"  # NFC Forum URI RTD: 04 stands for https://


def step(text):
    print(text, flush=True)


class Client:
    def __init__(self, uris, maker, code):
        self.maker, self.code = maker, code
        self.cards = [Card(uri) for uri in uris]
        self.source, self.destinations = self.cards[0], self.cards[1:]
        self.size = len(self.cards)

    def personalise(self):
        for card in self.cards:
            check(card.status()["state"] == BLANK, "a card is not blank")
            answer = card.plain("PERSONALISE")
            check(answer == card.plain("PERSONALISE"), "asked again, another Kcard")
            card.key, signature = answer[:33], answer[33:]
            body = label("kincard/request/1") + VERSION_SUITE + maker_id(self.maker.public)
            verify(card.key, body + card.key, signature, "the request")
            card.certificate = make_certificate(self.maker, card.key)
            card.plain("CERTIFY", card.certificate + URI_RECORD)
            check(card.plain("CERTIFICATE") == card.certificate, "another certificate came back")
            check(card.status()["state"] == EMPTY, "the card is not EMPTY")
            card.id = card_id(card.key)
            step(f"personalised and certified card {card.id.hex()}")

    def open(self, card, with_code=False):
        certificate, salt, cost = card.open(self.maker.public, card.key)
        check(certificate == card.certificate, "the channel shows another certificate")
        if with_code:
            card.secure("CODE", stretch(self.code, salt, cost))

    def activate(self):
        self.open(self.source)
        salt = self.source.secure("SALT")
        data = bytes([COST]) + stretch(self.code, salt, COST)
        answer = self.source.secure("ACTIVATE", data)
        check(len(answer) == 49, "ACTIVATE answered another length")
        self.set_id, self.master = answer[:16], answer[16:]
        point(self.master)
        check(self.source.status()["state"] == WALLET, "the source is not WALLET")
        step(f"activated {self.source.id.hex()}: master public key {self.master.hex()}")

    def offer(self, card):
        """NAME_SOURCE and OFFER; checks the chain Kmaker -> Kcard -> Klink and both names."""
        self.open(card)
        card.secure("NAME_SOURCE", self.source.id + self.set_id)
        offer = card.plain("OFFER")
        check(len(offer) == 239 and offer[:3] == VERSION_SUITE + b"\x01", "OFFER: header")
        check(check_certificate(offer[3:106], self.maker.public) == card.key, "OFFER: Kcard")
        point(offer[106:139])
        check(int.from_bytes(offer[139:143], "big") > 0, "OFFER: counter")
        check(offer[143:175] == self.source.id + self.set_id, "OFFER: names")
        verify(card.key, label("kincard/offer/1") + offer[:175], offer[175:], "Sign_Attest_D")
        check(card.status()["state"] == OFFERED, "the destination is not OFFERED")
        step(f"card {card.id.hex()} offers to take the key from {self.source.id.hex()}")
        return offer

    def refuse_without_code(self, offer):
        try:
            self.source.plain("SEAL", offer)
        except StatusWord as refusal:
            check(refusal.word == CODE, f"SEAL without the code: {refusal.word:04X}")
            return
        raise Refused("the source sealed without the access code")

    def backup(self):
        offers = [self.offer(card) for card in self.destinations]
        self.source.link.exchange(b"")  # sync: the channel and the code's validity end
        self.refuse_without_code(offers[0])
        self.open(self.source, with_code=True)
        names = b"".join(card.id for card in self.destinations)
        self.source.secure("NAME_DESTINATIONS", bytes([self.size]) + names)
        for slot, (card, offer) in enumerate(zip(self.destinations, offers)):
            self.copy(card, offer, slot)
        check(self.source.status()["state"] == SHARED, "the source is not SHARED")
        step("every place in the set is taken: the source is SHARED")

    def copy(self, card, offer, slot):
        source = self.source
        transfer = source.plain("SEAL", offer)
        check(len(transfer) == 366 and transfer[:3] == VERSION_SUITE + b"\x02", "TRANSFER: header")
        check(transfer[3:106] == source.certificate, "TRANSFER: Cert_S")
        point(transfer[106:139])
        check(transfer[139:171] == sha256(offer), "TRANSFER: H(OFFER)")
        signed = label("kincard/transfer/1") + transfer[:171]
        verify(source.key, signed, transfer[171:235], "Sign_Attest_S")
        check(source.plain("SEAL", offer) == transfer, "asked again, another TRANSFER")
        receipt = card.plain("ACCEPT", transfer)
        check(len(receipt) == 32, "RECEIPT: length")
        check(card.plain("ACCEPT", transfer) == receipt, "asked again, another RECEIPT")
        check(source.secure("RESEND", p1=slot) == transfer, "RESEND gave another TRANSFER")
        source.plain("CONFIRM", receipt)
        card.transfer_hash = sha256(transfer)
        status = card.status()
        check(status["state"] == COPY and status["n"] == self.size, "the destination is no COPY")
        card.number = status["k"]
        step(f"card {card.id.hex()} took the key as copy {card.number} of {self.size}")

    def refuse_second_backup(self):
        """A SHARED source and a COPY never start another backup."""
        for card, command, data in (
            (self.source, "SEAL", bytes(239)),
            (self.source, "RESEND", b""),
            (self.destinations[0], "SEAL", bytes(239)),
        ):
            try:
                card.plain(command, data)
            except StatusWord as refusal:
                check(refusal.word == USED, f"a second backup: {refusal.word:04X}")
            else:
                raise Refused("a second backup was not refused")
        step("a second backup is refused")

    def ledger(self, card):
        challenge = os.urandom(32)
        answer = card.secure("LEDGER", challenge)
        check(len(answer) == 280, "LEDGER: length")
        body, signature = answer[:216], answer[216:]
        verify(card.key, label("kincard/ledger/1") + body, signature, "the ledger")
        is_source = card is self.source
        entries = [(SLOT_CONFIRMED, c.id, c.transfer_hash) for c in self.destinations]
        if not is_source:
            entries = [(SLOT_CONFIRMED, card.id, card.transfer_hash)]
        expected = VERSION_SUITE + challenge + self.set_id + self.master + card.id
        expected += self.source.id + bytes([SHARED if is_source else COPY])
        expected += bytes([1 if is_source else card.number, self.size])
        expected += b"".join(bytes([state]) + ident + h for state, ident, h in entries)
        check(body == expected.ljust(216, b"\x00"), "the ledger says something else")

    def prove(self, card):
        challenge = os.urandom(32)
        signed = label("kincard/proof/1") + VERSION_SUITE + card.certificate + challenge
        verify(card.key, signed, card.secure("PROVE", challenge), "the proof of being genuine")

    def keys(self, card):
        """The master node, one normal child (checked by BIP32) and one hardened."""
        master = card.secure("PUBLIC_KEY", b"\x00")
        check(master[:33] == self.master and master[65:] == bytes(33), "another master key")
        child = card.secure("PUBLIC_KEY", b"\x01" + (7).to_bytes(4, "big"))
        expected = public_child(self.master, master[33:65], 7)
        check((child[:33], child[33:65]) == expected, "m/7 is not the master's child")
        check(child[65:] == self.master, "m/7 has another parent")
        path = b"\x02" + (HARDENED + 44).to_bytes(4, "big") + (1).to_bytes(4, "big")
        deep = card.secure("PUBLIC_KEY", path)
        return master, deep, path

    def use(self):
        """The user's code on every card: same set, same keys, signatures under the same key."""
        digest = os.urandom(32)
        seen = []
        for card in self.cards:
            self.open(card, with_code=True)
            self.ledger(card)
            self.prove(card)
            master, deep, path = self.keys(card)
            signatures = [card.secure("SIGN", p + digest) for p in (b"\x00", path)]
            for public, signature in zip((self.master, deep[:33]), signatures):
                check(len(signature) == 65 and signature[64] < 4, "SIGN: length")
                verify_digest(public, digest, signature[:64], "the wallet's signature")
            seen.append((master, deep, signatures))
            step(f"card {card.id.hex()}: ledger, proof, keys and signatures verified")
        check(all(s == seen[0] for s in seen), "the cards do not share one key")
        step("all cards signed the same digest under the same public key")


def arguments():
    parser = argparse.ArgumentParser(description="makes a Kincard wallet and backs it up")
    parser.add_argument("--maker-key", required=True, metavar="FILE")
    parser.add_argument("--code-fd", type=int, default=0, metavar="N")
    parser.add_argument("cards", nargs="+", metavar="tcp:HOST:PORT")
    parsed = parser.parse_args()
    if not 2 <= len(parsed.cards) <= 3:
        parser.error("two or three cards")
    return parsed


def read_code(descriptor):
    with os.fdopen(descriptor, "rb") as stream:
        text = stream.readline().decode("utf-8").rstrip("\r\n")
    code = unicodedata.normalize("NFKD", text).encode("utf-8")
    check(6 <= len(code) <= 32, "the access code must be 6 to 32 bytes")
    return code


def main():
    options = arguments()
    started = time.monotonic()
    try:
        with open(options.maker_key, encoding="ascii") as file:
            maker = Key(int(file.read().strip(), 16))
        client = Client(options.cards, maker, read_code(options.code_fd))
        client.personalise()
        client.activate()
        client.backup()
        client.refuse_second_backup()
        client.use()
    except (Refused, StatusWord, ConnectionError, OSError) as problem:
        print(f"failed: {problem}", file=sys.stderr)
        return 1
    total = sum(card.link.bytes for card in client.cards)
    apdus = sum(card.apdus for card in client.cards)
    seconds = time.monotonic() - started
    step(f"ok: {client.size} cards, {apdus} APDUs, {total} bytes on the links, {seconds:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
