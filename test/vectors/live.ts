/**
 * A real card (the built bundle on a virtual board) driven byte by byte over its line link, with
 * the vectors' own code and nothing of the host's: frames, chaining, paging and the channel as
 * docs/protocol.md has them. Synchronous, since a virtual board answers before `send` returns.
 */
import type { VirtualBoard } from "../../host/emulator/board/virtual.js";
import { COMMANDS, type CommandName } from "../../firmware/wire/table.js";
import { channelHeader, channelKeys, helloKeys, nonce, sealCommand, shortApdu } from "./channel.js";
import { frame } from "./messages.js";
import {
  NONCE_0,
  byte,
  cat,
  ecdh,
  open,
  verify,
  type Bytes,
  type KeyPair,
  type Source,
} from "./suite.js";

export interface Answer {
  readonly data: Bytes;
  readonly sw: number;
}
const OK = 0x9000;
const command = (name: CommandName) => COMMANDS.find((entry) => entry.name === name)!;

export class LiveCard {
  private seq = 0;
  private text = "";
  private opened = 0;
  /** Keys and message count of the open channel. */
  channel: { toCard: Bytes; toHost: Bytes; count: number } | undefined;
  /** Of the last hello. */
  salt: Bytes = byte();
  cost = 0;

  constructor(
    readonly board: VirtualBoard,
    private readonly source: Source,
  ) {
    board.onData((bytes) => (this.text += Buffer.from(bytes).toString("latin1")));
  }

  /** One frame there and back, its answer as it stands. */
  exchange(apdu: Bytes): Bytes {
    this.seq = (this.seq + 1) & 255;
    this.text = "";
    this.board.send(frame(this.seq, apdu) + "\n");
    const lines = this.text.split("\n").filter((line) => line !== "");
    if (lines.length !== 1) throw new Error(`the card answered ${lines.length} lines, not one`);
    const bytes = new Uint8Array(Buffer.from(lines[0] ?? "", "base64"));
    const answer = bytes.subarray(1, -4);
    if (frame(this.seq, answer) !== lines[0]) throw new Error("the answer is not a good frame");
    return answer;
  }
  /** The host's keys come again in the same order: for a card that was brought back to a state. */
  rewind(): void {
    this.opened = 0;
  }
  sync(): void {
    if (this.exchange(byte()).length) throw new Error("sync was answered by something");
    this.channel = undefined;
  }

  /** One APDU as it stands, its pages fetched. */
  raw(apdu: Bytes): Answer {
    let data = byte();
    for (;;) {
      const answer = this.exchange(apdu);
      const sw = ((answer.at(-2) ?? 0) << 8) | (answer.at(-1) ?? 0);
      data = cat(data, answer.subarray(0, -2));
      if (sw >> 8 !== 0x61) return { data, sw };
      apdu = byte(0, 0xc0, 0, 0, 0);
    }
  }
  /** A command of any length in short APDUs. */
  chained(head: Bytes, data: Bytes): Answer {
    const more = cat(byte((head[0] ?? 0) | 0x10), head.subarray(1));
    for (; data.length > 255; data = data.subarray(255)) {
      const part = this.raw(shortApdu(more, data.subarray(0, 255)));
      if (part.sw !== OK) return part;
    }
    return this.raw(shortApdu(head, data));
  }
  plain(name: CommandName, data: Bytes = byte(), p1 = 0): Answer {
    return this.chained(byte(0x80, command(name).ins, p1, 0), data);
  }

  /** Opens a channel; throws when the card does not prove to be `certificate`'s. */
  open(certificate: Bytes): void {
    const host = this.source.key(`E_h ${this.opened++}`);
    const { data, sw } = this.plain("OPEN", host.public);
    if (sw !== OK) throw new Error(`OPEN: ${sw.toString(16)}`);
    this.begin(host, data, certificate);
  }
  /** The channel, from what OPEN was answered. */
  begin(host: KeyPair, data: Bytes, certificate: Bytes): void {
    const card = data.subarray(0, 33);
    const z = ecdh(host.secret, card);
    const hello = open(helloKeys(z, host.public, card).khello, NONCE_0, byte(), data.subarray(33));
    const keys = channelKeys(z, certificate, host.public, card);
    const shown = Buffer.from(hello.subarray(0, 103)).equals(certificate);
    if (!shown || !verify(hello.subarray(103, 167), keys.transcript, certificate.subarray(6, 39))) {
      throw new Error("the channel does not prove to be the card's");
    }
    this.salt = hello.slice(167, 183);
    this.cost = hello[183] ?? 0;
    this.channel = { toCard: keys.toCard, toHost: keys.toHost, count: 0 };
  }
  secure(name: CommandName, data: Bytes = byte(), p1 = 0): Answer {
    const head = channelHeader(command(name).ins, p1);
    const { channel } = this;
    if (!channel) throw new Error("no channel is open");
    const sealed = sealCommand(channel.toCard, channel.count, head, data);
    return this.unseal(head, this.chained(head, sealed));
  }
  /** What a sealed answer says; a refusal outside the encryption as it is. */
  unseal(head: Bytes, answer: Answer): Answer {
    const { channel } = this;
    if (!channel || answer.sw !== OK) return answer;
    const plain = open(channel.toHost, nonce(channel.count++), head, answer.data);
    const sw = ((plain.at(-2) ?? 0) << 8) | (plain.at(-1) ?? 0);
    return { data: plain.subarray(0, -2), sw };
  }
  status(): Bytes {
    const { data, sw } = this.plain("STATUS");
    if (sw !== OK || data.length !== 16) throw new Error(`STATUS: ${sw.toString(16)}`);
    return data;
  }
}
