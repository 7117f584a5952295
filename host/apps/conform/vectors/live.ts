/**
 * A card driven byte by byte over whatever carries APDUs, with the vectors' own code and nothing of
 * the library's: chaining, paging and the channel as docs/protocol.md 3 and 5 have them.
 */
import { COMMANDS, type CommandName } from "../../../sdk/wire/generated.js";
import {
  channelHeader,
  channelKeys,
  helloKeys,
  nonce,
  sealCommand,
  shortApdu,
} from "../../../../test/vectors/channel.js";
import {
  NONCE_0,
  byte,
  cat,
  ecdh,
  fromHex,
  open,
  verifyDigest,
  type Bytes,
  type Source,
} from "../../../../test/vectors/suite.js";
import type { Carrier } from "./carrier.js";

export interface Answer {
  readonly data: Bytes;
  readonly sw: number;
}
export const OK = 0x9000;
const SELECT = fromHex("00a4040009f04b494e4341524401");
const GET_RESPONSE = fromHex("00c0000000");
const insOf = (name: CommandName) => COMMANDS.find((entry) => entry.name === name)!.ins;

export class LiveCard {
  #opened = 0;
  /** Keys and message count of the open channel. */
  channel: { toCard: Bytes; toHost: Bytes; count: number } | undefined;
  /** Of the last hello. */
  salt: Bytes = byte();
  cost = 0;

  constructor(
    readonly carrier: Carrier,
    private readonly source: Source,
  ) {}

  /** One APDU as it stands, and its answer as it stands: a page at most. */
  async once(apdu: Bytes): Promise<Answer> {
    const answer = await this.carrier.exchange(apdu);
    const sw = ((answer.at(-2) ?? 0) << 8) | (answer.at(-1) ?? 0);
    return { data: answer.slice(0, -2), sw };
  }
  /** One APDU as it stands, its pages fetched. */
  async raw(apdu: Bytes): Promise<Answer> {
    let data = byte();
    for (let next = apdu; ; next = GET_RESPONSE) {
      const page = await this.once(next);
      data = cat(data, page.data);
      if (page.sw >> 8 !== 0x61) return { data, sw: page.sw };
      if (!page.data.length) throw new Error("a page without data says that more is to come");
    }
  }
  /** A command of any length in short APDUs. */
  async chained(head: Bytes, data: Bytes): Promise<Answer> {
    const more = cat(byte((head[0] ?? 0) | 0x10), head.subarray(1));
    let rest = data;
    for (; rest.length > 255; rest = rest.subarray(255)) {
      const part = await this.raw(shortApdu(more, rest.subarray(0, 255)));
      if (part.sw !== OK) return part;
    }
    return this.raw(shortApdu(head, rest));
  }
  plain(name: CommandName, data: Bytes = byte(), p1 = 0): Promise<Answer> {
    return this.chained(byte(0x80, insOf(name), p1, 0), data);
  }

  /** Ends the channel. */
  async select(): Promise<void> {
    this.channel = undefined;
    const { sw } = await this.raw(SELECT);
    if (sw !== OK) throw new Error(`SELECT: ${sw.toString(16)}`);
  }

  /** Opens a channel; throws when the card does not prove to be `certificate`'s. */
  async open(certificate: Bytes): Promise<void> {
    const host = this.source.key(`E_h ${this.#opened++}`);
    const { data, sw } = await this.plain("OPEN", host.public);
    if (sw !== OK) throw new Error(`OPEN: ${sw.toString(16)}`);
    const card = data.subarray(0, 33);
    const z = ecdh(host.secret, card);
    const { khello } = helloKeys(z, host.public, card);
    const hello = open(khello, NONCE_0, byte(), data.subarray(33));
    const keys = channelKeys(z, certificate, host.public, card);
    const shown = Buffer.from(hello.subarray(0, 103)).equals(certificate);
    if (!shown || !verifyDigest(hello.subarray(103, 167), keys.t1, certificate.subarray(6, 39))) {
      throw new Error("the channel does not prove to be the card's");
    }
    this.salt = hello.slice(167, 183);
    this.cost = hello[183] ?? 0;
    this.channel = { toCard: keys.toCard, toHost: keys.toHost, count: 0 };
  }

  /** Header and sealed data of a command of the open channel; counts nothing. */
  sealed(name: CommandName, data: Bytes = byte(), p1 = 0): { head: Bytes; sealed: Bytes } {
    const head = channelHeader(insOf(name), p1);
    if (!this.channel) throw new Error("no channel is open");
    return { head, sealed: sealCommand(this.channel.toCard, this.channel.count, head, data) };
  }
  async secure(name: CommandName, data: Bytes = byte(), p1 = 0): Promise<Answer> {
    const { head, sealed } = this.sealed(name, data, p1);
    return this.unseal(head, await this.chained(head, sealed));
  }
  /** What a sealed answer says; a refusal outside the encryption as it is. */
  unseal(head: Bytes, answer: Answer): Answer {
    const { channel } = this;
    if (!channel || answer.sw !== OK) return answer;
    const plain = open(channel.toHost, nonce(channel.count++), head, answer.data);
    const sw = ((plain.at(-2) ?? 0) << 8) | (plain.at(-1) ?? 0);
    return { data: plain.subarray(0, -2), sw };
  }
  async status(): Promise<Bytes> {
    const { data, sw } = await this.plain("STATUS");
    if (sw !== OK || data.length !== 16) throw new Error(`STATUS: ${sw.toString(16)}`);
    return data;
  }
}
