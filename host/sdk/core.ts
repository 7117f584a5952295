/**
 * The host's library for any platform: links, cards, the maker in memory, the ceremony.
 * Nothing here needs Node; host/sdk/index.ts adds what does.
 *
 * A link is a Transport: `openLink("tcp:localhost:9001")`, LineTransport over any Duplex, or
 * MailboxTransport over any Tag (an NFC reader that passes READ and WRITE).
 *
 *   const session = new CardSession(await openLink(uri));
 *   const status = await session.status();                       // anybody may ask
 *   await session.openChannel({ maker, expectId: label });       // genuine, and that card
 *   await session.enterCode(code);                               // AccessCode.from(text)
 *   const { signature } = await session.sign(parsePath("m/44'/0'/0'/0/0"), digest);
 *   const ledger = await session.ledger();                       // verified
 *
 * A blank card:    maker.certify(await session.personalise()) -> session.certify(bytes) An empty
 * card:   openChannel -> session.activate(code) -> { setId, publicKey }; the code then holds A
 * backup:        backup({ maker, code, setSize, present, store }), see relay/ceremony.ts; with all
 *                  cards connected: cards = new ConnectedCards(places); await cards.arrange();
 *                  present = cards.present
 *
 * What can be thrown: a RangeError for a caller's mistake, and a Failure for everything else. It
 * has a code of a closed set and the code's facts (failures/facts.ts), and a plain English message.
 * `isFailure(error, "code/short")` asks for a code, `error.kind` is what stands before its slash.
 * Four kinds have a class:
 *   CardError      a card refused (.word, .sw, .misses, .waitSeconds); its channel is gone
 *   LinkError      nothing came through (.failure: open, timeout, closed, aborted, garbled)
 *   VerifyError    not genuine, not the expected card, a wrong signature (.reason)
 *   BackupError    the ceremony stopped (.card that it was about, .cards' states, .cause)
 */

export * from "./book/book.js";
export { BookGuard, COST_MOST } from "./book/guard.js";
export type { CardGuard, GuardOptions, Learned, Presented } from "./book/guard.js";
export { memoryBook } from "./book/store.js";
export type { BookStore } from "./book/store.js";
export * from "./card/certificate.js";
export { Channel } from "./card/channel.js";
export type { ChannelOptions } from "./card/channel.js";
export type * from "./card/commands/index.js";
export * as commands from "./card/commands/index.js";
export { cardId, describeExpected, makerId, matchesId } from "./card/identity.js";
export type { ExpectedId } from "./card/identity.js";
export { uriRecord } from "./card/uri-record.js";
export { formatLabel, labelMatches, parseLabel } from "./card/label.js";
export * from "./card/ledger.js";
export * from "./card/messages.js";
export { plain, select } from "./card/plain.js";
export { CardSession } from "./card/session.js";
export type { NewCodeOptions } from "./card/session.js";
export { CardError, isCardError, OK, wordName } from "./card/words.js";
export { decodeBase58Check, encodeBase58Check } from "./crypto/base58.js";
export * from "./crypto/bip32.js";
export { concat, equal, fromHex, toHex, wipe } from "./crypto/bytes.js";
export { AccessCode } from "./crypto/code.js";
export type { StretchOptions } from "./crypto/code.js";
export { isPoint, pointOf } from "./crypto/curve.js";
export { recoverPoint, verifyDigest, verifyMessage } from "./crypto/ecdsa.js";
export { hash } from "./crypto/hash.js";
export { label } from "./crypto/labels.js";
export { randomBytes } from "./crypto/random.js";
export type * from "./failures/facts.js";
export {
  Failure,
  failureIn,
  isFailure,
  isLost,
  LinkError,
  VerifyError,
} from "./failures/failure.js";
export { cardName, hexWord, plainText } from "./failures/text.js";
export { LineTransport } from "./links/line/transport.js";
export type { LineOptions } from "./links/line/transport.js";
export type * from "./links/link.js";
export { MailboxTransport } from "./links/nfc/mailbox.js";
export type { MailboxOptions } from "./links/nfc/mailbox.js";
export { TagRefusal } from "./links/nfc/tag.js";
export type { Tag } from "./links/nfc/tag.js";
export { Meter, Recorder } from "./links/meter.js";
export type { RecordedApdu } from "./links/meter.js";
export { duplexPair } from "./links/line/pair.js";
export { openLink, parseLinkUri, registerLink } from "./links/registry.js";
export type { LinkUri, OpenOptions } from "./links/registry.js";
export { Maker } from "./maker/maker.js";
export { addressOf, readAddress, witnessAddressOf } from "./signed/address.js";
export type { Address, AddressKind } from "./signed/address.js";
export { formatSignature, messageDigest } from "./signed/message.js";
export { verifySigned } from "./signed/verify.js";
export type { Verdict } from "./signed/verify.js";
export { backup } from "./relay/ceremony.js";
export type { BackupResult } from "./relay/ceremony.js";
export { ConnectedCards } from "./relay/connected.js";
export type { Place } from "./relay/connected.js";
export type { BackupOptions } from "./relay/visits/context.js";
export { BackupError } from "./relay/errors.js";
export type { CardState } from "./relay/errors.js";
export type * from "./relay/events.js";
export type { LabelName, SlotStateName, StateName, StatusWordName } from "./wire/generated.js";
export { memoryRun } from "./relay/run/run.js";
export type { Run, RunStore, SourceIdentity } from "./relay/run/run.js";
