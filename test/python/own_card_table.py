"""
The tables of docs/protocol.md sections 3 and 4 that a card needs: status words, commands, states x
commands. Copied from the document by hand.
"""

OK = 0x9000
WORDS = {
    "WRONG_CODE": 0x6300,
    "WAIT": 0x6301,
    "LENGTH": 0x6700,
    "CHANNEL": 0x6982,
    "CODE": 0x6983,
    "STATE": 0x6985,
    "CRYPTO": 0x6988,
    "BLANK": 0x69E0,
    "EMPTY": 0x69E1,
    "USED": 0x69E2,
    "NAMES": 0x69E4,
    "FULL": 0x69E5,
    "UNCONFIRMED": 0x69E6,
    "CONSENT": 0x69E9,
    "DATA": 0x6A80,
    "NOT_FOUND": 0x6A82,
    "P1P2": 0x6A86,
    "PATH": 0x6A88,
    "INS": 0x6D00,
    "CLA": 0x6E00,
}
BLANK, EMPTY, OFFERED, WALLET, SHARING, SHARED, COPY = range(7)
OPEN_SLOT, SEALED, CONFIRMED, CLOSED, LOST = range(5)

CERTIFIED = "BLANK ok ok ok ok ok ok"
KEYED = "BLANK EMPTY EMPTY ok ok ok ok"
# name: INS, access, least and most data, highest P1, the row of states x commands
COMMANDS = {
    "STATUS": (0x10, "plain", 0, 0, 0, "ok ok ok ok ok ok ok"),
    "PERSONALISE": (0x12, "plain", 0, 0, 0, "ok STATE STATE STATE STATE USED USED"),
    "CERTIFY": (0x14, "plain", 103, 150, 0, "ok STATE STATE STATE STATE USED USED"),
    "CERTIFICATE": (0x16, "plain", 0, 0, 0, CERTIFIED),
    "OPEN": (0x20, "plain", 33, 33, 0, CERTIFIED),
    "SALT": (0x22, "channel", 0, 0, 0, CERTIFIED),
    "CODE": (0x24, "channel", 32, 32, 0, KEYED),
    "CHANGE_CODE": (0x26, "code", 33, 33, 0, "BLANK EMPTY EMPTY ok STATE ok ok"),
    "ACTIVATE": (0x28, "channel", 33, 33, 0, "BLANK ok ok STATE STATE USED USED"),
    "NAME_SOURCE": (0x30, "channel", 32, 32, 0, "BLANK ok ok STATE STATE USED USED"),
    "OFFER": (0x32, "plain", 0, 0, 0, "BLANK EMPTY ok STATE STATE USED USED"),
    "NAME_DESTINATIONS": (0x34, "code", 17, 33, 0, "BLANK EMPTY EMPTY ok ok USED USED"),
    "SEAL": (0x36, "plain", 239, 239, 0, "BLANK EMPTY EMPTY ok ok USED USED"),
    "ACCEPT": (0x38, "plain", 366, 366, 0, "BLANK EMPTY ok STATE STATE USED ok"),
    "CONFIRM": (0x3A, "plain", 32, 32, 0, "BLANK EMPTY EMPTY STATE ok USED USED"),
    "FINISH": (0x3C, "code", 0, 0, 1, "BLANK EMPTY EMPTY STATE ok USED USED"),
    "CANCEL": (0x3E, "channel", 0, 0, 0, "BLANK EMPTY ok STATE STATE USED USED"),
    "PUBLIC_KEY": (0x40, "code", 1, 33, 0, KEYED),
    "SIGN": (0x42, "code", 33, 65, 0, KEYED),
    "PROVE": (0x44, "channel", 32, 32, 0, CERTIFIED),
    "LEDGER": (0x46, "code", 32, 32, 0, KEYED),
    "RESEND": (0x48, "code", 0, 0, 1, "BLANK EMPTY EMPTY STATE ok USED USED"),
    "CONSENT": (0x4A, "channel", 32, 32, 1, "BLANK EMPTY ok ok ok USED USED"),
    "RESET": (0x4E, "channel", 0, 0, 0, CERTIFIED),
}
BY_INS = {row[0]: name for name, row in COMMANDS.items()}


class Refuse(Exception):
    """A status word, with data for the few that have some."""

    def __init__(self, word, data=b""):
        super().__init__(word)
        self.word, self.data = WORDS[word], data


def need(condition, word):
    if not condition:
        raise Refuse(word)
