/** Virtual boards as processes of their own, put into the slots of the virtual reader and out. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { openLink } from "../../host/sdk/index.js";
import { CardSession } from "../../host/sdk/core.js";
import { demoMaker } from "../host/support.js";
import { LineClient, VirtualProcess } from "../support/virtual-process.js";
import { loadPcsc } from "../../host/sdk/links/pcsc/package.js";
import { until } from "../support/until.js";
import { READERS, SLOTS } from "./service.js";

const OUT_MS = 5000;
export const uriOf = (slot: number) => `pcsc:${READERS[slot]}`;

export class SlotCard {
  /** Its power, which is also how it comes into the reader and out. */
  private readonly control: LineClient;
  id = new Uint8Array(0);

  private constructor(
    readonly name: string,
    readonly slot: number,
    private readonly process: VirtualProcess,
  ) {
    this.control = new LineClient(process.uri("control"));
  }

  /** A certified card, in the reader. */
  static async make(folder: string, name: string, slot: number): Promise<SlotCard> {
    const flash = join(folder, `${name}.flash`);
    const reader = `127.0.0.1:${SLOTS[slot]}`;
    const args = ["--flash", flash, "--reader", reader, "--control", "tcp:127.0.0.1:0"];
    const card = new SlotCard(name, slot, await VirtualProcess.start(args, "reader"));
    await card.use(async (session) => {
      const certificate = demoMaker().certify(await session.personalise());
      await session.certify(certificate.bytes);
      card.id = Uint8Array.from(certificate.id);
    });
    return card;
  }

  async putIn(): Promise<void> {
    assert.equal(await this.control.ask("on"), "ok");
  }
  /** Slower than the service's poll, as hands are: it takes a quick swap for the same card. */
  async takeOut(): Promise<void> {
    assert.equal(await this.control.ask("off"), "ok");
    const { Context, SCARD_STATE_PRESENT } = await loadPcsc();
    const context = new Context();
    const present = () => {
      const reader = context.listReaders().find(({ name }) => name === READERS[this.slot]);
      return ((reader?.state ?? 0) & SCARD_STATE_PRESENT) !== 0;
    };
    await until("the reader still shows the card", OUT_MS, () => !present());
    context.close();
  }
  /** A link of its own, for as long as `act` takes. */
  async use<T>(act: (session: CardSession) => Promise<T>): Promise<T> {
    const session = new CardSession(await openLink(uriOf(this.slot)));
    try {
      await session.greet();
      return await act(session);
    } finally {
      await session.close();
    }
  }
  async end(): Promise<void> {
    this.control.close();
    await this.process.end();
  }
}
