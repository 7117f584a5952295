"""
Cryptography of the Kincard protocol, suite 1, written from docs/protocol.md sections 1 and 2 alone.

Uses python3's standard library and Debian's python3-cryptography (38 or later). Signing is RFC 6979
by hand, since that package has no deterministic ECDSA; curve arithmetic with python integers is
not constant-time: a test client, not a wallet.
"""

import hashlib
import hmac as hmac_module

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

P = 2**256 - 2**32 - 977
N = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
VERSION_SUITE = b"\x01\x01"
NONCE_0 = bytes(12)


class Refused(Exception):
    """Something that a card sent is not valid."""


def check(condition, what):
    if not condition:
        raise Refused(what)


def label(text):
    """L(x): one length byte, then the ASCII bytes."""
    return bytes([len(text)]) + text.encode("ascii")


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def hmac(key, *parts, digest="sha256"):
    return hmac_module.new(key, b"".join(parts), digest).digest()


def hkdf(ikm, salt, name):
    return HKDF(hashes.SHA256(), 32, salt, label(name)).derive(ikm)


def stretch(code, salt, cost):
    """S of section 5. `code` is already NFKD and UTF-8."""
    n = 1 << cost
    return hashlib.scrypt(code, salt=salt, n=n, r=8, p=1, dklen=32, maxmem=129 * 8 * (n + 16))


def seal(key, nonce, aad, plain):
    return ChaCha20Poly1305(key).encrypt(nonce, plain, aad)


def unseal(key, nonce, aad, sealed):
    try:
        return ChaCha20Poly1305(key).decrypt(nonce, sealed, aad)
    except InvalidTag:
        raise Refused("a seal is not valid") from None


def point(data):
    """A public key from 33 bytes: prefix 02 or 03, x < p, on the curve."""
    check(len(data) == 33 and data[0] in (2, 3), "not a compressed point")
    check(int.from_bytes(data[1:], "big") < P, "the x of a point is not below p")
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256K1(), data)
    except ValueError:
        raise Refused("a point is not on the curve") from None


class Key:
    """A private key with its compressed public half."""

    def __init__(self, secret=None):
        if secret is None:
            self.handle = ec.generate_private_key(ec.SECP256K1())
        else:
            self.handle = ec.derive_private_key(secret, ec.SECP256K1())
        self.number = self.handle.private_numbers().private_value
        self.public = compressed(self.handle.public_key())

    def ecdh(self, other):
        return self.handle.exchange(ec.ECDH(), point(other))

    def sign(self, *message):
        """ECDSA(K, m): RFC 6979 section 3.2 with SHA-256, r || s, low s."""
        return self.sign_digest(sha256(*message))[:64]

    def sign_digest(self, digest):
        """r || s || recovery id over a digest of 32 bytes."""
        h1 = (int.from_bytes(digest, "big") % N).to_bytes(32, "big")
        x = self.number.to_bytes(32, "big")
        k, v = bytes(32), b"\x01" * 32
        for mark in (b"\x00", b"\x01"):
            k = hmac(k, v, mark, x, h1)
            v = hmac(k, v)
        while True:
            v = hmac(k, v)
            nonce = int.from_bytes(v, "big")
            if 0 < nonce < N:
                point_r = ec.derive_private_key(nonce, ec.SECP256K1()).public_key().public_numbers()
                r = point_r.x % N
                s = pow(nonce, -1, N) * (int.from_bytes(digest, "big") + r * self.number) % N
                if r and s:
                    high = s > N - s
                    recovery = (point_r.y & 1) ^ high | (2 if point_r.x >= N else 0)
                    low = N - s if high else s
                    return r.to_bytes(32, "big") + low.to_bytes(32, "big") + bytes([recovery])
            k = hmac(k, v, b"\x00")
            v = hmac(k, v)


def compressed(handle):
    return handle.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)


def verify_digest(public, digest, signature, what):
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    check(len(signature) == 64 and 0 < r < N and 0 < s <= (N - 1) // 2, f"{what}: s is high")
    algorithm = ec.ECDSA(Prehashed(hashes.SHA256()))
    try:
        point(public).verify(encode_dss_signature(r, s), digest, algorithm)
    except InvalidSignature:
        raise Refused(f"{what}: the signature is not valid") from None


def verify(public, message, signature, what):
    verify_digest(public, sha256(message), signature, what)


def maker_id(maker):
    return sha256(label("kincard/maker/1"), maker)[:4]


def card_id(card):
    return sha256(label("kincard/id/1"), card)[:16]


def make_certificate(maker, card):
    body = VERSION_SUITE + maker_id(maker.public) + card
    return body + maker.sign(label("kincard/cert/1"), body)


def check_certificate(certificate, maker):
    """The card key that the certificate vouches for."""
    check(len(certificate) == 103, "a certificate has the wrong length")
    # 80 in the suite's byte: on-card consent.
    opening = bytes((certificate[0], certificate[1] & 0x7F))
    check(opening == VERSION_SUITE, "a certificate of another version")
    check(certificate[2:6] == maker_id(maker), "a certificate of another maker")
    point(certificate[6:39])
    signed = label("kincard/cert/1") + certificate[:39]
    verify(maker, signed, certificate[39:], "the certificate")
    return certificate[6:39]


def add_points(a, b):
    """Affine addition of two different points (x, y)."""
    slope = (b[1] - a[1]) * pow(b[0] - a[0], -1, P) % P
    x = (slope * slope - a[0] - b[0]) % P
    return x, (slope * (a[0] - x) - a[1]) % P


def public_child(public, chain, index):
    """BIP32 CKDpub: what a card's answer for a normal child must be."""
    mac = hmac(chain, public, index.to_bytes(4, "big"), digest="sha512")
    tweak = ec.derive_private_key(int.from_bytes(mac[:32], "big"), ec.SECP256K1())
    numbers = [key.public_numbers() for key in (point(public), tweak.public_key())]
    x, y = add_points(*[(n.x, n.y) for n in numbers])
    return bytes([2 + (y & 1)]) + x.to_bytes(32, "big"), mac[32:]
