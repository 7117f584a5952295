/**
 * Brings a real card into a situation of cases/ by a live ceremony in which the test itself plays
 * every other party: the maker (the published demo maker) and the peers. The counterpart of
 * model.ts, which does the same on paper.
 */
import { DEMO_MAKER_PRIVATE } from "../../firmware/build/demo-maker.js";
import type { CommandName } from "../../firmware/wire/table.js";
import { writeImage } from "../../host/emulator/board/fresh.js";
import { NorFlash } from "../../host/emulator/flash/nor.js";
import { builtKernel, makeBoard } from "../support/boards.js";
import { offerBy } from "../vectors/cases/offer.js";
import { keysOfPeer } from "../vectors/cases/receipt.js";
import { transferBy } from "../vectors/cases/transfer.js";
import type { Situation, World } from "../vectors/cases/types.js";
import { LiveCard, type Answer } from "../vectors/live.js";
import { cardId, certificate, receipt } from "../vectors/messages.js";
import { makeContent, makePeer } from "../vectors/model.js";
import { Source, byte, cat, fromHex, hex, keyPair, type Bytes } from "../vectors/suite.js";
import { ACCESS_CODE, COST, stretch } from "../vectors/wallet.js";

function must(what: string, answer: Answer): Bytes {
  if (answer.sw !== 0x9000) throw new Error(`${what}: ${answer.sw.toString(16)}`);
  return answer.data;
}

/**
 * A fresh image. The card's own logic is what these cases test, and there are hundreds of them: the
 * kernel's entries are answered by the oracle, which is a hundred times faster than its emulated
 * machine, unless KINCARD_VECTORS_KERNEL=built.
 */
function freshFlash(): NorFlash {
  const flash = new NorFlash();
  const built = process.env.KINCARD_VECTORS_KERNEL === "built";
  writeImage(flash, built ? builtKernel() : undefined);
  return flash;
}

export class Stage {
  readonly card: LiveCard;
  world: World;
  private readonly certified: Bytes;

  constructor(
    readonly situation: Situation,
    seed: string,
  ) {
    const source = new Source(seed);
    const board = makeBoard({ seed, flash: freshFlash() });
    board.powerOn();
    this.card = new LiveCard(board, source);
    this.card.sync();
    const maker = keyPair(fromHex(DEMO_MAKER_PRIVATE));
    const kcard = must("PERSONALISE", this.card.plain("PERSONALISE")).slice(0, 33);
    this.certified = certificate(maker, kcard);
    const setId = source.bytes("set id", 16);
    this.world = {
      source,
      maker,
      stranger: source.key("another Kmaker"),
      card: { kcard, certificate: this.certified, id: cardId(kcard) },
      setId,
      peers: [makePeer(source, maker, "peer 0"), makePeer(source, maker, "peer 1")],
      content: makeContent(source, "wallet", setId, 2),
    };
    if (situation.state === "BLANK") return;
    this.plain("CERTIFY", this.certified);
    if (situation.state === "EMPTY") return;
    if (situation.state === "OFFERED" || situation.state === "COPY") this.offer();
    else this.activate();
  }

  private plain(name: CommandName, data: Bytes = byte()): Bytes {
    return must(name, this.card.plain(name, data));
  }
  private secure(name: CommandName, data: Bytes = byte()): Bytes {
    return must(name, this.card.secure(name, data));
  }

  private offer(): void {
    const { world, card } = this;
    card.open(this.certified);
    this.secure("NAME_SOURCE", cat(world.peers[0].id, world.setId));
    this.world = { ...world, offer: this.plain("OFFER") };
    if (this.situation.state === "OFFERED") return;
    this.plain("ACCEPT", transferBy(this.world));
  }

  private activate(): void {
    const { card, situation } = this;
    card.open(this.certified);
    const salt = this.secure("SALT");
    const answer = this.secure("ACTIVATE", cat(byte(COST), stretch(ACCESS_CODE, salt, COST)));
    this.world = {
      ...this.world,
      setId: answer.slice(0, 16),
      master: answer.slice(16),
      stretched: stretch(ACCESS_CODE, salt, COST),
    };
    if (!situation.slot) return;
    const { world } = this;
    this.secure("NAME_DESTINATIONS", cat(byte(situation.n ?? 2), world.peers[0].id));
    const transfer = this.plain("SEAL", offerBy(world, world.peers[0]));
    this.world = { ...world, transfer };
    if (situation.slot !== "CONFIRMED") return;
    this.plain("CONFIRM", receipt(keysOfPeer(this.world).kreceipt, transfer));
  }

  /** A fresh link and the session that the situation asks for: a refusal ends the last one. */
  ready(): World {
    const { card, situation, world } = this;
    card.sync();
    this.wait();
    const { session, named } = situation;
    if (session === "none") return world;
    card.open(this.certified);
    const channel = card.channel && { toCard: card.channel.toCard, toHost: card.channel.toHost };
    if (session === "salt") this.secure("SALT");
    if (session === "code") this.secure("CODE", stretch(ACCESS_CODE, card.salt, card.cost));
    if (named) {
      const ids = named.peers.map((index) => world.peers[index].id);
      this.secure("NAME_DESTINATIONS", cat(byte(named.n), ...ids));
    }
    return { ...world, channel };
  }
  /** Lets the time pass that STATUS says the card still waits. */
  private wait(): void {
    const status = this.card.status();
    const seconds = ((status[10] ?? 0) << 8) | (status[11] ?? 0);
    if (seconds) this.card.board.advance(seconds + 1);
  }
  /** STATUS but for the tries, which a wrong code must change. */
  state(): string {
    return hex(this.card.status().subarray(0, 8));
  }
}
