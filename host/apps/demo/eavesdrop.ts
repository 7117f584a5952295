/**
 * Chapter 10: the same bytes as the relay saw them. First the messages field by field, then a
 * search of everything that went over the wires for everything that must not be there.
 */

import { concat, wipe } from "../../sdk/crypto/bytes.js";
import type { AccessCode } from "../../sdk/crypto/code.js";
import { plainParts } from "../../sdk/recording/parts.js";
import type { Cover } from "../../sdk/recording/parts.js";
import type { WalletApp } from "../../sdk/relay/app.js";
import type { SourceIdentity } from "../../sdk/relay/run/run.js";
import type { CommandName } from "../../sdk/wire/generated.js";
import { COVER_COLOURS } from "../viewer/terminal.js";
import { COVER_WORDS, protection } from "../viewer/words.js";
import type { GenuineCard, Letter } from "./cards.js";
import type { Messages } from "./copying.js";
import type { Three } from "./making.js";
import { shortHex } from "./stage.js";
import type { Stage } from "./stage.js";
import { occurrences, steal } from "./thief.js";
import type { Loot } from "./thief.js";

export interface Heard {
  readonly app: WalletApp;
  readonly set: Three<GenuineCard>;
  readonly source: SourceIdentity;
  readonly copies: readonly Messages[];
  readonly code: AccessCode;
  /** The access code's bytes. */
  readonly secret: Uint8Array;
}

export async function eavesdrop(stage: Stage, heard: Heard): Promise<Loot> {
  const [first] = heard.copies as [Messages];
  stage.chapter("What the relay saw: the same bytes, nothing secret");
  showMessage(stage, ["OFFER, B to A", "OFFER"], first.offer, "B");
  showMessage(stage, ["TRANSFER, A to B", "SEAL"], first.transfer, "A");
  showMessage(stage, ["RECEIPT, B to A", "ACCEPT"], first.receipt, "B");
  const apdus = heard.set.flatMap(({ recorder }) => recorder.apdus);
  const sealed = apdus.filter((apdu) => apdu.sealed).length;
  stage.raw();
  for (const line of LEGEND) stage.raw(`     ${legend(stage, line)}`);
  stage.prose(
    `Of ${apdus.length} APDUs ${sealed} went through the cards' channels: code, names and wallet` +
      " are in those, sealed. The relay learned that three genuine cards met, their ids and the" +
      " set id. To be sure, the key is taken out of A's emulated flash, with the code, and looked" +
      " for in every byte on the wires:",
  );
  const loot = await takeLoot(heard);
  const wires = concat(...apdus.flatMap(({ command, answer }) => [command, answer]));
  const absent = [
    ["Kpriv", loot.secret],
    ["chain code", loot.chainCode],
    ["wrapped key", loot.wrapped],
    ["access code", heard.secret],
    ["stretched code", loot.stretched],
    ["wallet's public key", heard.source.publicKey],
  ] as const;
  const present = [
    ["set id", heard.source.setId],
    ["A's Kcard", heard.set[0].certificate.cardKey],
  ] as const;
  for (const [name, bytes] of present) {
    if (!occurrences(wires, bytes).length) throw new Error(`the search can't find the ${name}`);
  }
  for (const [name, bytes] of absent) {
    if (occurrences(wires, bytes).length) throw new Error(`the relay saw the ${name}`);
  }
  wipe(loot.stretched);
  stage.verified(`not in ${wires.length} bytes: ${absent.map(([name]) => name).join(", ")}`);
  stage.verified(`found, as it must be: ${present.map(([name]) => name).join(", ")}`);
  return loot;
}

async function takeLoot({ app, set: [a], source, code }: Heard) {
  const channel = await app.meet(a.session, a.certificate.id);
  const stretched = await code.stretch(channel.salt, channel.cost);
  const loot = steal(a.board.dump(), stretched, channel.salt, source.publicKey);
  if (!loot) throw new Error("the key is not in A's flash");
  return { ...loot, stretched };
}

/** `from`: the card that signs it. */
function showMessage(
  stage: Stage,
  [title, command]: readonly [title: string, command: CommandName],
  bytes: Uint8Array,
  from: Letter,
): void {
  stage.raw();
  stage.raw(`     ${stage.paint("bold", title)}, ${bytes.length} bytes`);
  let at = 0;
  for (const { name, size, cover, by } of plainParts(command, "answer", bytes.length)) {
    const own = bytes.subarray(at, at + size);
    at += size;
    const hex = shortHex(own, 8).replace(/ .*/, "").padEnd(17);
    const text = `${name.padEnd(19)} ${String(size).padStart(3)}  ${hex}`;
    const note = `${protection(cover, by)}${by === "Kcard" ? ` of ${from}` : ""}`;
    stage.raw(`       ${stage.paint(COVER_COLOURS[cover], text)}  ${note}`);
  }
}

/** What fits on a line. */
const LEGEND = [
  ["signed", "signature"],
  ["mac", "sealed"],
] as const;
const legend = (stage: Stage, covers: readonly Cover[]): string =>
  covers.map((each) => stage.paint(COVER_COLOURS[each], `■ ${COVER_WORDS[each]}`)).join("   ");
