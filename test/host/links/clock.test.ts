/**
 * Waits are no longer and no shorter when somebody sets the clock, and end after a machine slept.
 */
import assert from "node:assert/strict";
import { createServer, Socket } from "node:net";
import type { AddressInfo, Server } from "node:net";
import { once } from "node:events";
import { Age, deadline } from "../../../host/sdk/links/clock.js";
import { LinkError } from "../../../host/sdk/links/link.js";
import { MailboxTransport } from "../../../host/sdk/links/nfc/mailbox.js";
import "../../../host/sdk/links/node.js";
import { openPcsc } from "../../../host/sdk/links/pcsc/pcsc.js";
import type { PcscPackage } from "../../../host/sdk/links/pcsc/package.js";
import { openLink } from "../../../host/sdk/links/registry.js";
import { withClocks } from "../../support/clocks.js";

const HOUR = 3_600_000;
/** Longer than any of the waits here. */
const LONG = 60_000;
const SETTINGS: readonly (readonly [string, number])[] = [
  ["an hour forward", HOUR],
  ["an hour back", -HOUR],
];
const failsAs = (failure: string) => (error: unknown) =>
  error instanceof LinkError && error.code === failure;

/** A wait with nobody at the other end, which tells each time that it looked. */
interface Wait {
  readonly what: string;
  readonly code: string;
  start(looked: () => void): Promise<unknown>;
}
const WAITS: readonly Wait[] = [
  {
    what: "the wait for a card on a reader",
    code: "link/no-card",
    start: (looked) => openPcsc("reader", { load: async () => emptyReader(looked) }),
  },
  {
    what: "the wait for a tag",
    code: "link/no-tag",
    start: (looked) =>
      MailboxTransport.connect({ read: async () => silence(looked), write: async () => undefined }),
  },
  {
    what: "the wait for a cable to come back",
    code: "link/nothing-listens",
    start: async (looked) => {
      const uri = `tcp:127.0.0.1:${await freePort()}`;
      const { connect } = Socket.prototype;
      Socket.prototype.connect = function (this: Socket, ...args: unknown[]) {
        looked();
        return Reflect.apply(connect, this, args) as Socket;
      };
      try {
        return await openLink(uri, { again: true });
      } finally {
        Socket.prototype.connect = connect;
      }
    },
  },
];

function silence(looked: () => void): never {
  looked();
  throw new Error("nothing heard");
}
function emptyReader(looked: () => void): PcscPackage {
  return {
    Context: class {
      isValid = true;
      listReaders() {
        looked();
        return [{ name: "reader", state: 0, connect: () => Promise.reject(new Error()) }];
      }
      close = () => void (this.isValid = false);
    },
    ...{ SCARD_SHARE_EXCLUSIVE: 1, SCARD_PROTOCOL_T0: 1, SCARD_PROTOCOL_T1: 2 },
    ...{ SCARD_RESET_CARD: 1, SCARD_STATE_PRESENT: 0x20 },
  };
}
async function freePort(): Promise<number> {
  const server: Server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

describe("waits and the clock", function () {
  this.timeout(60_000);
  for (const { what, code, start } of WAITS) {
    for (const [setting, milliseconds] of SETTINGS) {
      it(`${what} takes its time when the clock is set ${setting}`, () =>
        withClocks(async ({ wall, steady }) => {
          let looks = 0;
          let over = false;
          let again = () => undefined as void;
          const fourTimes = new Promise<void>((resolve) => (again = resolve));
          const wait = start(() => {
            looks++;
            if (looks === 1) wall(milliseconds);
            if (looks === 4) again();
          });
          const ended = assert.rejects(wait, failsAs(code)).finally(() => (over = true));
          await Promise.race([fourTimes, ended]);
          assert.equal(over, false, "it gave up at once");
          steady(LONG);
          await ended;
        }));
    }
  }

  it("a deadline is met by the steady clock alone", () =>
    withClocks(async ({ wall, steady }) => {
      const over = deadline(1000);
      wall(HOUR);
      assert.equal(over(), false);
      wall(-2 * HOUR);
      assert.equal(over(), false);
      steady(1000);
      assert.equal(over(), true);
    }));

  it("an age is what the clock says that counted more: a machine that slept stops one of them", () =>
    withClocks(async ({ wall, steady }) => {
      const age = new Age();
      wall(HOUR);
      assert.ok(age.milliseconds >= HOUR);
      age.renew();
      assert.ok(age.milliseconds < LONG);
      wall(-HOUR);
      steady(LONG);
      assert.ok(age.milliseconds >= LONG);
    }));
});
