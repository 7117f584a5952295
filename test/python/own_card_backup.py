"""The backup on both sides of a card: docs/protocol.md section 6, command by command."""

from kincard_crypto import (
    VERSION_SUITE,
    Key,
    Refused,
    card_id,
    check_certificate,
    hkdf,
    hmac,
    label,
    point,
    seal,
    sha256,
    unseal,
    verify,
)
from own_card_table import (
    CLOSED,
    CONFIRMED,
    COPY,
    EMPTY,
    LOST,
    OFFERED,
    OPEN_SLOT,
    SEALED,
    SHARING,
    need,
)
from own_card_wallet import Wallet

OFFER_HEAD, TRANSFER_HEAD = VERSION_SUITE + b"\1", VERSION_SUITE + b"\2"
NONCE_0 = bytes(12)


def copy_keys(klink, other, offer, head):
    """th, Ktrans, Kreceipt. `head` = TRANSFER before ENC."""
    th, z = sha256(sha256(offer), head), klink.ecdh(other)
    return th, hkdf(z, th, "kincard/ktrans/1"), hkdf(z, th, "kincard/kreceipt/1")


def receipt_of(kreceipt, transfer):
    return hmac(kreceipt, label("kincard/receipt/1") + sha256(transfer))


class Backup(Wallet):
    def do_name_source(self, data, _p1):
        source, set_id = data[:16], data[16:]
        need(source != self.id, "NAMES")
        if self.state == OFFERED:
            if data == self.source_id + self.set_id:
                return b""
            self.drop()
        self.offers += 1
        self.klink, self.source_id, self.set_id = Key(), source, set_id
        body = OFFER_HEAD + self.certificate + self.klink.public
        body += self.offers.to_bytes(4, "big") + source + set_id
        self.offer = body + self.kcard.sign(label("kincard/offer/1"), body)
        self.state = OFFERED
        return b""

    def do_offer(self, _data, _p1):
        return self.offer

    def do_cancel(self, _data, _p1):
        self.drop()
        self.forget()
        self.state = EMPTY
        return b""

    def do_name_destinations(self, data, _p1):
        size, ids = data[0], [data[at : at + 16] for at in range(1, len(data), 16)]
        need(size in (2, 3) and len(data) in (17, 33) and len(ids) <= size - 1, "DATA")
        need(self.state != SHARING or size == self.size, "NAMES")
        need(self.id not in ids and len(set(ids)) == len(ids), "DATA")
        self.channel.named = (size, ids)
        return b""

    def do_seal(self, offer, _p1):
        kcard, klink = offer[9:42], offer[106:139]
        counter = int.from_bytes(offer[139:143], "big")
        need(offer[:3] == OFFER_HEAD, "DATA")
        need(offer[143:175] == self.id + self.set_id, "NAMES")
        need(kcard != self.kcard.public, "CRYPTO")
        code = self.channel is not None and self.channel.node is not None
        slot = next((one for one in self.slots if one.kcard == kcard), None)
        if slot:
            need(slot.state == SEALED, "USED")
            if slot.klink == klink:
                return slot.transfer
            need(code, "CODE")
            need(counter > slot.counter, "USED")
            size = self.size
        else:
            need(code, "CODE")
            size, ids = self.channel.named
            need(card_id(kcard) in ids, "NAMES")
            free = [one for one in self.slots[: size - 1] if one.state == OPEN_SLOT]
            need(free, "FULL")
            slot = free[0]
        check_certificate(offer[3:106], self.maker)
        verify(kcard, label("kincard/offer/1") + offer[:175], offer[175:], "Sign_Attest_D")
        point(klink)
        others = [one.klink for one in self.slots if one is not slot]
        need(klink not in others, "CRYPTO")
        self.size, self.state = size, SHARING
        slot.state, slot.kcard, slot.klink, slot.counter = SEALED, kcard, klink, counter
        slot.transfer, slot.kreceipt = self.make_transfer(offer, klink, self.slots.index(slot) + 2)
        slot.hash = sha256(slot.transfer)
        return slot.transfer

    def make_transfer(self, offer, klink, k):
        mine = Key()
        body = TRANSFER_HEAD + self.certificate + mine.public + sha256(offer)
        head = body + self.kcard.sign(label("kincard/transfer/1"), body)
        th, ktrans, kreceipt = copy_keys(mine, klink, offer, head)
        content = self.wrapped + self.salt + bytes([self.cost]) + self.set_id
        content += bytes([self.size, k])
        return head + seal(ktrans, NONCE_0, th, content), kreceipt

    def do_accept(self, transfer, _p1):
        need(transfer[:3] == TRANSFER_HEAD, "DATA")
        if self.state == COPY:
            need(sha256(transfer) == self.took, "USED")
            return self.receipt
        kcard = transfer[9:42]
        need(card_id(kcard) == self.source_id, "NAMES")
        need(transfer[139:171] == sha256(self.offer), "CRYPTO")
        check_certificate(transfer[3:106], self.maker)
        verify(kcard, label("kincard/transfer/1") + transfer[:171], transfer[171:235], "attest")
        head = transfer[:235]
        th, ktrans, kreceipt = copy_keys(self.klink, transfer[106:139], self.offer, head)
        content = unseal(ktrans, NONCE_0, th, transfer[235:])
        wrapped, salt, cost, set_id = content[:80], content[80:96], content[96], content[97:113]
        size, k = content[113], content[114]
        need(set_id == self.set_id and kcard != self.kcard.public, "CRYPTO")
        need(10 <= cost <= 20 and size in (2, 3) and 2 <= k <= size, "CRYPTO")
        source, receipt = self.source_id, receipt_of(kreceipt, transfer)
        self.forget()
        self.wrapped, self.salt, self.cost, self.set_id = wrapped, salt, cost, set_id
        self.size, self.k, self.source_id = size, k, source
        self.took, self.receipt, self.state = sha256(transfer), receipt, COPY
        return receipt

    def do_confirm(self, receipt, _p1):
        sealed = [one for one in self.slots if one.state == SEALED]
        matching = [one for one in sealed if receipt_of(one.kreceipt, one.transfer) == receipt]
        need(matching, "CRYPTO")
        slot = matching[0]
        slot.state, slot.transfer, slot.kreceipt = CONFIRMED, b"", b""
        if all(one.state == CONFIRMED for one in self.slots[: self.size - 1]):
            self.shared()
        return b""

    def do_finish(self, _data, p1):
        need(p1 or all(one.state != SEALED for one in self.slots), "UNCONFIRMED")
        for slot in self.slots[: self.size - 1]:
            after = {OPEN_SLOT: CLOSED, SEALED: LOST}
            slot.state, slot.transfer, slot.kreceipt = after.get(slot.state, slot.state), b"", b""
        self.shared()
        return b""

    def do_resend(self, _data, p1):
        slot = self.slots[p1]
        need(slot.state != CONFIRMED, "USED")
        need(slot.state == SEALED, "STATE")
        return slot.transfer


__all__ = ["Backup", "Refused"]
