"""On-card consent, docs/protocol.md section 14: a card that takes part in runs and wants none itself."""

import os

from kincard_crypto import label, sha256
from own_card_power import CLOCK
from own_card_table import OFFERED, need

RUN_S, AFTER_POWER_UP_S = 60, 10
FLASHES = ("1000", "202000", "40404000")


def digits_of(pattern):
    """Eight digits of 0..2, the first one first."""
    value = int.from_bytes(pattern[:4], "big") & 0x7FFFFFFF
    return [value // 3**place % 3 for place in range(8)]


class Consent:
    """`round`: what a light would do, a character for each fifth of a second."""

    run_until, run, round = 0.0, None, ""

    def wait_for_run(self):
        """From power-up: a run that the power ended is not followed at once by another."""
        self.run, self.round = None, ""
        self.run_until = CLOCK.now() + AFTER_POWER_UP_S

    def do_consent(self, data, p1):
        gives = self.state != OFFERED
        need(not gives or self.channel.node, "CODE")
        left = self.waits(self.run_until)
        if p1 == 0:
            self.refuse_early(0, self.run_until)
            self.run_until, own = CLOCK.now() + RUN_S, os.urandom(32)
            # The run is of this channel and this part.
            self.run = (self.channel, gives, own, data)
            if gives:
                return sha256(label("kincard/consent/1"), own, data)
            return own
        begun = self.run and self.run[0] is self.channel and self.run[1] == gives
        need(left > 0 and begun, "CONSENT")
        (_, _, own, told), self.run = self.run, None
        ns, nd = (own, data) if gives else (data, own)
        offer = told if gives else sha256(self.offer)
        if not gives:
            need(sha256(label("kincard/consent/1"), ns, offer) == told, "CRYPTO")
        pattern = sha256(label("kincard/pattern/1"), ns, offer, nd)
        self.round = "0000" + "".join(FLASHES[digit] for digit in digits_of(pattern))
        return own if gives else b""
