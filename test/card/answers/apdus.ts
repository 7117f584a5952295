/** Answers on APDUs (docs/protocol.md 13). */
import assert from "node:assert/strict";
import type { StatusWordName } from "../../../host/sdk/wire/generated.js";
import { channelHeader, sealCommand, shortApdu } from "../../vectors/channel.js";
import { Source, byte, cat, fromHex } from "../../vectors/suite.js";
import { certified, wallet } from "../../support/world.js";
import { PROVE, challenge, raw, says, type Answers } from "./support.js";

export const APDUS: Answers = {
  A1() {
    const card = certified("A1");
    const whole = raw(card, "80100000 000000");
    says(whole, "OK");
    assert.equal(whole.data.length, 16);
    says(raw(card, "80100000 000000 0000"), "LENGTH", "Lc 0, Le");
    says(raw(card, "80100000 0000"), "LENGTH", "half an extended Le");
    const S = wallet("A1 whole").unlock();
    const sealed = sealCommand(S.live.channel!.toCard, 1, channelHeader(0x46), challenge);
    const long = cat(channelHeader(0x46), byte(0, 0, sealed.length), sealed, byte(0, 0));
    assert.equal(S.live.raw(long).data.length, 280 + 2 + 16, "in one piece");
  },
  A2() {
    const card = certified("A2");
    for (const p of ["0000", "040C", "0401"]) {
      card.open();
      says(raw(card, `00A4${p} 09 F04B494E4341524401`), "P1P2", p);
      says(card.live.raw(shortApdu(PROVE, new Uint8Array(48))), "CHANNEL", "the channel is gone");
    }
    card.open();
    says(raw(card, "00C0000000"), "INS", "nothing is left");
    says(card.live.raw(shortApdu(PROVE, new Uint8Array(48))), "CHANNEL");
  },
  A3() {
    const card = certified("A3");
    for (const head of ["904A0000", "90FF0909", "94440000", "90360000"]) {
      says(raw(card, `${head} 02 0102`), "OK", head);
      const last = fromHex(head);
      last[0]! &= ~0x10;
      assert.notEqual(card.live.raw(shortApdu(last, byte(3))).sw, 0x9000, head);
    }
    says(raw(card, "91360000 02 0102"), "CLA", "another class");
    says(raw(card, "B0360000 02 0102"), "CLA");
  },
  A4() {
    const card = certified("A4").open();
    const head = channelHeader(0x20, 1);
    const point = new Source("A4").key("E_h").public;
    const sealed = sealCommand(card.live.channel!.toCard, 0, head, point);
    says(card.live.unseal(head, card.live.raw(shortApdu(head, sealed))), "CLA", "before P1 = 1");
  },
  A5() {
    const card = certified("A5");
    const between: [string, string | undefined, StatusWordName][] = [
      ["nothing", undefined, "OK"],
      ["a part of a chain", "90360000 02 0102", "OK"],
      ["STATUS", "80100000", "CRYPTO"],
      ["a plain command in a state that refuses it", "80320000", "CHANNEL"],
    ];
    for (const [what, apdu, word] of between) {
      card.open();
      const sealed = sealCommand(card.live.channel!.toCard, 0, PROVE, challenge);
      const first = card.live.raw(shortApdu(PROVE, sealed));
      says(first, "OK");
      if (apdu) raw(card, apdu);
      const again = card.live.raw(shortApdu(PROVE, sealed));
      says(again, word, what);
      if (word === "OK") assert.deepEqual(again.data, first.data, what);
    }
    // a paged answer fetched in between, by the sealed command itself
    const S = wallet("A5 S").unlock();
    const head = channelHeader(0x46);
    const ledger = shortApdu(head, sealCommand(S.live.channel!.toCard, 1, head, challenge));
    const first = S.live.raw(ledger);
    assert.ok(first.data.length > 256);
    assert.deepEqual(S.live.raw(ledger).data, first.data);
  },
};
