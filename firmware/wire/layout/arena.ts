/**
 * The arena: one flat buffer, allocated once at boot, that the card and the native kernel share
 * (docs/architecture.md). What the kernel takes lies at multiples of 4.
 *
 * Nothing else on the card holds bytes for longer than a statement. What a command leaves in
 * PASSING and the record's secrets is zeroed when the command ends.
 */
import { BuildRefused } from "../refused.js";
import { TAG_MEMORY } from "../mailbox.js";
import { LIMITS, type LabelName } from "../table.js";
import { ANSWERS, ENC, LEDGER, RUN, UNITS } from "./messages.js";
import { BANK, RECORD } from "./record.js";
import { bytes, either, group, layout, pinned, room, words } from "./structure.js";

const { HASH, ID, SALT, SIGNATURE, TAG } = UNITS;
const STATUS_WORD = 2;
const CRC = 4;
/** A point without its prefix, as the kernel has them. */
const XY = 64;
const NONCE = 12;
/** Start-up samples of the random number generator (SP 800-90B 4.3), and those of one call. */
const START_SAMPLES = 1024;
const SAMPLES = 64;
/** Bytes of flash that are looked at at a time where it is not mapped. */
const PIECE = 512;

/** Labels as the card keeps them: a length byte and ASCII, each at a multiple of 4, by name. */
export type Labels = Readonly<Record<LabelName, string>>;
const labelSize = (label: string) => 1 + label.length;

/** What the kernel's seal and open take; th is the longest aad. */
export const AEAD = layout("Aead", { KEY: words(32), NONCE: words(NONCE), AAD: words(HASH) });
const DIRECTION = words(AEAD.at.AAD + 4);

export function labelBlock(labels: Labels) {
  const parts = Object.fromEntries(
    Object.entries(labels).map(([name, label]) => [name, words(labelSize(label))]),
  ) as Record<LabelName, ReturnType<typeof words>>;
  return layout("Label", parts);
}

/** The info of lock and unlock: its length, label and salt. */
export const infoOf = (labels: Labels) =>
  layout("Info", { LABEL: bytes(labelSize(labels.CODE)), SALT: bytes(SALT) });
/**
 * What is hashed for random bytes: a label, raw samples, which are words, and what no other card
 * has and no other record of this one.
 */
export const rawOf = (labels: Labels) =>
  layout("Raw", {
    LABEL: words(labelSize(labels.RNG_BYTES)),
    SAMPLES: words(SAMPLES),
    SEQ: words(4),
    KCARD: words(UNITS.KEY),
  });
/** What RECEIPT is a MAC of. */
export const receiptOf = (labels: Labels) =>
  layout("ReceiptOf", { LABEL: bytes(labelSize(labels.RECEIPT)), HASH: bytes(HASH) });

/** Bytes before an answer that its base64 needs (the kernel's enframe); its seq is the last. */
const lineRoom = (answer: number) => Math.ceil((1 + answer + STATUS_WORD + CRC) / 3 + CRC) | 3;

export function arenaOf(labels: Labels) {
  const longest = Math.max(...Object.values(labels).map(labelSize));
  const answer = Math.max(...Object.values(ANSWERS)) + STATUS_WORD + TAG;
  for (const label of [labels.RNG_BYTES, labels.RNG_STATE])
    if (labelSize(label) !== rawOf(labels).at.SAMPLES)
      throw new BuildRefused(
        `firmware/wire/layout: Raw: "${label}" does not end where SAMPLES begin`,
      );
  return layout("At", {
    REC: room(RECORD),
    /** Zeroed as one when a command ends. */
    PASSING: group({
      COMMAND: either(
        "nothing is heard during the boot, which takes both for samples and the log",
        {
          TAKEN: group({
            FRAME: either("each is done with when the next begins", {
              /** The line, and in place of its begin what it carries. */
              RECEIVED: group({ SEQ: words(1), APDU: bytes(LIMITS.LINE - 1) }),
              /** What a handler puts together to be hashed or sealed; a piece of flash. */
              MSG: either("a handler makes one message at a time", {
                /** A label and at most so much behind it; the ledger's body is the longest. */
                HASHED: words(longest + LEDGER.size),
                /** Where flash is not mapped. */
                PIECE: words(PIECE),
                COPY: group({ ENC: words(ENC.size), RECEIPT_OF: room(receiptOf(labels)) }),
              }),
              /**
               * The link's answer, aligned for copies: its seq is the byte before it. Its line is
               * written to FRAME, a third longer, and must not reach what it is made of.
               */
              SENT: group({
                TX_SEQ: pinned(lineRoom(answer), bytes(1)),
                TX: words(answer + STATUS_WORD + CRC),
              }),
            }),
            /** Data of a command, collected over chained parts and decrypted in place. */
            DATA: words(LIMITS.DATA),
          }),
          SAMPLES: words(START_SAMPLES),
          LOG: words(BANK.sizes.LOG),
        },
      ),
      /** Secrets in the making. */
      SCRATCH: group({
        POINT: words(XY),
        POINT2: words(XY),
        KEY: words(32),
        SHARED: words(32),
        HASH: words(HASH),
        HASH2: words(HASH),
        HASH3: words(HASH),
        /** With the recovery id. */
        SIG: words(SIGNATURE + 1),
        BLOCK: room(AEAD),
        CHILD: words(UNITS.NODE),
        INFO: room(infoOf(labels)),
        RAW: room(rawOf(labels)),
      }),
    }),
    /** The handler's answer, sealed in place. */
    OUT: words(answer),
    SESSION: group({
      /** The channel: key, nonce and aad for each direction, in the order that take and give know. */
      RX: DIRECTION,
      TXKEY: DIRECTION,
      /** Header and tag of the last command in the channel, for a resend. */
      LAST: group({ LAST_HEADER: words(4), LAST_TAG: words(TAG) }),
      /** What goes with the wallet key. */
      UNLOCKED: group({
        /** Kpriv and chain code while the access code holds. */
        NODE: words(UNITS.NODE),
        /** The fresh salt of SALT as the info of lock. */
        NEW_SALT: room(infoOf(labels)),
        /** What NAME_DESTINATIONS said. */
        NAMED_N: bytes(1),
        NAMED_COUNT: bytes(1),
        NAMED_IDS: words(2 * ID),
      }),
      /** A run of CONSENT: how far it is, what it hashes, and in a destination the source's hash. */
      STAGE: words(1),
      RUN: words(RUN.size),
      COMMITMENT: words(HASH),
    }),
    /** The random number generator: pool, health state. */
    POOL: words(32),
    HEALTH: words(16),
    KMAKER_PUB: words(XY),
    MAKER_ID: words(UNITS.MAKER_ID),
    LABELS: room(labelBlock(labels)),
    TAG: room(TAG_MEMORY),
  });
}
