/**
 * One authenticated channel written down: keys, every sealed command and answer, and what goes over
 * the wire (short APDUs, pages of 256 bytes). docs/protocol.md sections 3 and 5.
 */
import { COMMANDS, type CommandName } from "../../firmware/wire/table.js";
import { channelHeader, channelKeys, helloKeys, nonce, shortApdu } from "./channel.js";
import {
  NONCE_0,
  byte,
  cat,
  ecdh,
  fromHex,
  hex,
  seal,
  signDigest,
  type Bytes,
  type KeyPair,
} from "./suite.js";

const OK = fromHex("9000");
export const insOf = (name: CommandName): number =>
  COMMANDS.find((command) => command.name === name)!.ins;

export interface Hop {
  readonly command: string;
  readonly response: string;
}
/** Every APDU that carries `data` under `head` and brings `answer` back: chained and paged. */
export function hops(head: Bytes, data: Bytes, answer: Bytes): Hop[] {
  const list: Hop[] = [];
  const more = cat(byte((head[0] ?? 0) | 0x10), head.subarray(1));
  while (data.length > 255) {
    list.push({ command: hex(shortApdu(more, data.subarray(0, 255))), response: hex(OK) });
    data = data.subarray(255);
  }
  let command = shortApdu(head, data);
  while (answer.length > 256) {
    const left = answer.length - 256;
    const word = byte(0x61, left > 255 ? 0 : left);
    list.push({ command: hex(command), response: hex(cat(answer.subarray(0, 256), word)) });
    answer = answer.subarray(256);
    command = fromHex("00c0000000");
  }
  list.push({ command: hex(command), response: hex(cat(answer, OK)) });
  return list;
}
/** A plain command and its answer. */
export function plainStep(command: CommandName, data: Bytes, answer: Bytes) {
  const head = byte(0x80, insOf(command), 0, 0);
  return { command, data: hex(data), answer: hex(answer), apdus: hops(head, data, answer) };
}

export interface ChannelSecrets {
  readonly kcard: KeyPair;
  readonly certificate: Bytes;
  readonly salt: Bytes;
  readonly cost: number;
  readonly host: KeyPair;
  readonly ephemeral: KeyPair;
}
/** The transcript of a channel; `say` appends one command to it. */
export class Transcript {
  readonly json: Record<string, unknown> & { exchanges: unknown[] };
  private count = 0;
  private readonly keys: ReturnType<typeof channelKeys>;

  constructor(card: string, purpose: string, s: ChannelSecrets) {
    const z = ecdh(s.host.secret, s.ephemeral.public);
    const [eh, ec] = [s.host.public, s.ephemeral.public];
    const { t0, khello } = helloKeys(z, eh, ec);
    this.keys = channelKeys(z, s.certificate, eh, ec);
    const signature = signDigest(s.kcard.secret, this.keys.t1);
    const plain = cat(s.certificate, signature, s.salt, byte(s.cost));
    const sealed = seal(khello, NONCE_0, byte(), plain);
    this.json = {
      card,
      purpose,
      E_h: { secret: hex(s.host.secret), public: hex(eh) },
      E_c: { secret: hex(s.ephemeral.secret), public: hex(ec) },
      ecdh: hex(z),
      T0: hex(t0),
      Khello: hex(khello),
      T1: hex(this.keys.t1),
      signature: hex(signature),
      hello: hex(plain),
      open: plainStep("OPEN", eh, cat(ec, sealed)),
      Ktocard: hex(this.keys.toCard),
      Ktohost: hex(this.keys.toHost),
      exchanges: [],
    };
  }
  say(command: CommandName, data: Bytes, answer: Bytes): this {
    const head = channelHeader(insOf(command));
    const n = nonce(this.count++);
    const sealed = seal(this.keys.toCard, n, head, data);
    const back = seal(this.keys.toHost, n, head, cat(answer, OK));
    this.json.exchanges.push({
      command,
      aad: hex(head),
      nonce: hex(n),
      data: hex(data),
      sealedData: hex(sealed),
      answer: hex(answer),
      sealedAnswer: hex(back),
      apdus: hops(head, sealed, back),
    });
    return this;
  }
}
