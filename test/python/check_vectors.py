#!/usr/bin/env python3
"""
Computes every derived value of test/vectors/ceremony-*.json again, with OpenSSL (through
python3-cryptography) in place of the library that made them, by the formulas of docs/protocol.md.

    check_vectors.py ceremony-2.json ...

Prints how many values it compared; exit code 1 and the name of the first that differs.
"""

import json
import sys
import unicodedata

from kincard_crypto import (
    NONCE_0,
    VERSION_SUITE,
    Key,
    Refused,
    card_id,
    check,
    hkdf,
    hmac,
    label,
    make_certificate,
    maker_id,
    public_child,
    seal,
    sha256,
    stretch,
    unseal,
    verify,
    verify_digest,
)

compared = 0


def same(what, made, given):
    global compared
    compared += 1
    check(made.hex() == given, f"{what}: {made.hex()} is not {given}")


def raw(text):
    return bytes.fromhex(text)


def key(pair, what):
    made = Key(int(pair["secret"], 16))
    same(what, made.public, pair["public"])
    return made


def check_cards(vectors, maker):
    same("maker id", maker_id(maker.public), vectors["maker"]["makerId"])
    keys = {}
    for card in vectors["cards"]:
        kcard = key(card["Kcard"], "Kcard")
        same("card id", card_id(kcard.public), card["id"])
        body = VERSION_SUITE + maker_id(maker.public) + kcard.public
        request = kcard.public + kcard.sign(label("kincard/request/1"), body)
        same("request", request, card["personalise"]["answer"])
        same("digest", sha256(label("kincard/cert/1"), body), card["certificateHash"])
        check(card["url"].startswith("https://"), "the URL")
        payload = b"\x04" + card["url"][8:].encode("utf-8")
        same("URI record", payload, card["uriPayload"])
        same("CERTIFY", raw(card["certificate"]) + payload, card["certify"]["data"])
        same("Cert_Card", make_certificate(maker, kcard.public), card["certificate"])
        keys[card["name"]] = (kcard, raw(card["certificate"]), raw(card["id"]))
    return keys


def check_wallet(wallet):
    code = unicodedata.normalize("NFKD", wallet["accessCode"]).encode("utf-8")
    same("code", code, wallet["accessCodeBytes"])
    salt = raw(wallet["salt"])
    s = stretch(code, salt, wallet["cost"])
    same("S", s, wallet["S"])
    info = b"\x1ekincard/code/1" + salt
    same("info", info, wallet["wrapInfo"])
    same("Kwrap", hmac(s, info), wallet["Kwrap"])
    node = raw(wallet["Kpriv"] + wallet["chainCode"])
    same("wrapped", seal(hmac(s, info), NONCE_0, b"", node), wallet["wrapped"])
    same("master", Key(int(wallet["Kpriv"], 16)).public, wallet["masterPublicKey"])
    return raw(wallet["wrapped"]) + salt + bytes([wallet["cost"]]) + raw(wallet["setId"])


def check_copy(copy, cards, wallet, content):
    kcard_s, cert_s, id_s = cards["source"]
    kcard_d, cert_d, _ = cards[copy["destination"]]
    link_d, link_s = key(copy["Klink_D"], "Klink_D"), key(copy["Klink_S"], "Klink_S")
    body = VERSION_SUITE + b"\x01" + cert_d + link_d.public + b"\0\0\0\x01" + id_s + raw(wallet["setId"])
    offer = body + kcard_d.sign(label("kincard/offer/1"), body)
    same("OFFER", offer, copy["OFFER"])
    body = VERSION_SUITE + b"\x02" + cert_s + link_s.public + sha256(offer)
    head = body + kcard_s.sign(label("kincard/transfer/1"), body)
    th = sha256(sha256(offer), head)
    same("th", th, copy["th"])
    z = link_s.ecdh(link_d.public)
    same("Z", z, copy["Z"])
    check(z == link_d.ecdh(link_s.public), "the two sides do not agree on Z")
    ktrans, kreceipt = hkdf(z, th, "kincard/ktrans/1"), hkdf(z, th, "kincard/kreceipt/1")
    same("Ktrans", ktrans, copy["Ktrans"])
    same("Kreceipt", kreceipt, copy["Kreceipt"])
    plain = content + bytes([copy["n"], copy["k"]])
    same("content", plain, copy["content"])
    transfer = head + seal(ktrans, NONCE_0, th, plain)
    same("TRANSFER", transfer, copy["TRANSFER"])
    message = label("kincard/receipt/1") + sha256(transfer)
    same("RECEIPT", hmac(kreceipt, message), copy["RECEIPT"])


def check_channel(channel, cards):
    kcard, certificate, _ = cards[channel["card"]]
    host, ephemeral = key(channel["E_h"], "E_h"), key(channel["E_c"], "E_c")
    points, z = host.public + ephemeral.public, host.ecdh(ephemeral.public)
    t0 = sha256(label("kincard/hello/1"), VERSION_SUITE, points)
    t1 = sha256(label("kincard/channel/1"), VERSION_SUITE, certificate, points)
    same("T0", t0, channel["T0"])
    same("T1", t1, channel["T1"])
    sealed = raw(channel["open"]["answer"])[33:]
    hello = unseal(hkdf(z, t0, "kincard/khello/1"), NONCE_0, b"", sealed)
    check(hello[:103] == certificate and len(hello) == 184, "the hello is malformed")
    verify_digest(kcard.public, t1, hello[103:167], "the channel")
    to_card, to_host = hkdf(z, t1, "kincard/ktocard/1"), hkdf(z, t1, "kincard/ktohost/1")
    same("Ktocard", to_card, channel["Ktocard"])
    same("Ktohost", to_host, channel["Ktohost"])
    for count, step in enumerate(channel["exchanges"]):
        nonce, aad = count.to_bytes(4, "little") + bytes(8), raw(step["aad"])
        same("nonce", nonce, step["nonce"])
        same("command", seal(to_card, nonce, aad, raw(step["data"])), step["sealedData"])
        answer = raw(step["answer"]) + b"\x90\x00"
        same("answer", seal(to_host, nonce, aad, answer), step["sealedAnswer"])


def check_file(vectors):
    maker = key(vectors["maker"]["Kmaker"], "Kmaker")
    cards = check_cards(vectors, maker)
    content = check_wallet(vectors["wallet"])
    for copy in vectors["copies"]:
        check_copy(copy, cards, vectors["wallet"], content)
    for channel in vectors["channels"]:
        check_channel(channel, cards)
    for entry in vectors["ledgers"]:
        kcard, certificate, _ = cards[entry["card"]]
        signed = label("kincard/ledger/1") + raw(entry["body"])
        verify(kcard.public, signed, raw(entry["signature"]), "a ledger")
        proof = label("kincard/proof/1") + VERSION_SUITE + certificate
        proof += raw(entry["proofChallenge"])
        same("proof", proof, entry["proofMessage"])
        verify(kcard.public, proof, raw(entry["proof"]), "a proof")
    master, chain = raw(vectors["wallet"]["masterPublicKey"]), raw(vectors["wallet"]["chainCode"])
    for entry in vectors["keys"]:
        public = raw(entry["publicKeyAnswer"])[:33]
        signature = raw(entry["signAnswer"])[:64]
        verify_digest(public, raw(entry["digest"]), signature, "a wallet's signature")
        if len(entry["path"]) == 1 and entry["path"][0] < 1 << 31:
            child = b"".join(public_child(master, chain, entry["path"][0])) + master
            same("child", child, entry["publicKeyAnswer"])


def main():
    for path in sys.argv[1:]:
        try:
            with open(path, encoding="utf-8") as file:
                check_file(json.load(file))
        except Refused as problem:
            print(f"{path}: {problem}", file=sys.stderr)
            return 1
    print(f"ok: {compared} values")
    return 0


if __name__ == "__main__":
    sys.exit(main())
