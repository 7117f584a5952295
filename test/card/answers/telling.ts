/** Answers on STATUS and on links (docs/protocol.md 13). */
import assert from "node:assert/strict";
import { createConnection, type Socket } from "node:net";
import { listenCard } from "../../../host/emulator/board/listen.js";
import { commands } from "../../../host/sdk/core.js";
import { packets } from "../../../host/sdk/links/ble/gatt.js";
import { encodeRaw } from "../../../host/sdk/links/line/line.js";
import { GATT, LAYOUTS, SLOT_STATES as SLOT } from "../../../host/sdk/wire/generated.js";
import { shortApdu } from "../../vectors/channel.js";
import { byte, fromHex } from "../../vectors/suite.js";
import { bankOf } from "../../support/record.js";
import { certified, must, wallet } from "../../support/world.js";
import { PROVE, peer, recordWith, says, sharing, type Answers } from "./support.js";

const { Rec, Status } = LAYOUTS;
const LONG_WAIT_S = 700;

export const TELLING: Answers = {
  A18() {
    const { S, D, transfer } = sharing("A18", 3);
    must("ACCEPT", D.plain("ACCEPT", transfer));
    const { n, k, slots } = D.status();
    assert.deepEqual({ n, k, slots }, { n: 3, k: 2, slots: [SLOT.OPEN.value, SLOT.OPEN.value] });
    S.miss();
    S.board.powerOff();
    const { flash } = S.board;
    const bank = bankOf(flash.bytes);
    const word = flash.bytes
      .slice(bank + Rec.SET_ID, bank + Rec.SET_ID + 4)
      .map((b) => (b >> 1) & b);
    flash.write(flash.address + bank + Rec.SET_ID, word);
    S.boot();
    const status = S.live.status();
    assert.equal(S.state, "DAMAGED");
    assert.deepEqual(status.subarray(Status.N, Status.FIRMWARE), new Uint8Array(8));
  },
  A19() {
    const card = certified("A19", { button: false });
    card.offerTo(peer());
    recordWith(card, { DROPS: 254 });
    for (let i = 0; i < 3; i++) {
      card.board.advance(LONG_WAIT_S);
      must("NAME_SOURCE", card.open().secure("NAME_SOURCE", new Uint8Array(32).fill(i)));
      assert.equal(card.status().drops, 255);
    }
    const S = wallet("A19 misses");
    recordWith(S, { MISSES: 254 });
    for (let i = 0; i < 3; i++) {
      S.board.advance(LONG_WAIT_S);
      assert.equal(S.miss().misses, 255);
    }
    S.reboot();
    assert.equal(S.status().misses, 255);
  },
  A20() {
    const status = certified("A20").live.status().slice();
    status.set([9, 8, 7, 66], Status.FIRMWARE);
    const { firmware, kernelAbi } = commands.STATUS.decode(status);
    assert.deepEqual([firmware, kernelAbi], ["9.8.7", 66]);
  },
  async A21() {
    const card = certified("A21").open();
    const heard: Uint8Array[] = [];
    const central = card.board.air!.connect();
    central.subscribe(GATT.FROM_CARD);
    central.onValue((_, value) => void heard.push(value));
    const say = async (apdu: Uint8Array) => {
      heard.length = 0;
      for (const packet of packets(encodeRaw({ seq: 9, apdu }), central.mtu - 3))
        central.write(GATT.TO_CARD, packet);
      for (let i = 0; i < 50; i++) {
        card.board.advance(0.1);
        await new Promise((resolve) => setImmediate(resolve));
      }
      return heard.length;
    };
    assert.equal(await say(fromHex("80100000")), 0, "STATUS");
    assert.equal(await say(byte()), 0, "sync");
    says(card.live.raw(shortApdu(PROVE, new Uint8Array(48))), "CRYPTO", "which ends the channel");
    assert.ok((await say(fromHex("80100000"))) > 0, "the card is free");
  },
  async A22() {
    const card = certified("A22");
    const listening = await listenCard(card.board, "tcp:127.0.0.1:0");
    const port = Number(listening.uri.split(":").at(-1));
    const sockets = [1, 2].map(() => createConnection({ port, host: "127.0.0.1" }));
    try {
      const [first, second] = sockets as [Socket, Socket];
      const start = performance.now();
      const text: string = await new Promise((resolve) => {
        let all = "";
        for (const socket of [first, second]) {
          socket.on("data", (bytes) => (all += bytes.toString()));
          socket.on("end", () => resolve(all));
        }
      });
      assert.match(text, /^busy:.*\n$/);
      assert.ok(performance.now() - start >= 190, "not before 200 ms");
    } finally {
      for (const socket of sockets) socket.destroy();
      await listening.close();
    }
  },
};
