/** `kincard doctor`: machines that have and that lack things, and boards that it is pointed at. */
import assert from "node:assert/strict";
import type { Finding } from "../../host/apps/doctor/finding.js";
import { findingLines } from "../../host/apps/doctor/finding.js";
import { lookAtMachine, type Machine } from "../../host/apps/doctor/machine.js";
import { listenCard } from "../../host/emulator/board/listen.js";
import { LinkError } from "../../host/sdk/failures/failure.js";
import { makeBoard } from "../support/boards.js";
import { kincard } from "./support.js";

const COMPLETE: Machine = {
  platform: "linux",
  node: "20.19.0",
  env: {},
  ports: async () => [
    { path: "/dev/ttyUSB0", uri: "serial:/dev/ttyUSB0", description: "CP2102", usb: "10c4:ea60" },
  ],
  readers: async () => [{ name: "ACR122U 00 00", card: true }],
  ble: async () => ({}),
  adapters: () => ["hci0"],
  serialport: async () => ({}),
  mayOpen: () => true,
};
const look = (lacks: Partial<Machine>): Promise<Finding[]> =>
  lookAtMachine({ ...COMPLETE, ...lacks });
const fails = (error: Error) => () => Promise.reject(error);
async function missing(lacks: Partial<Machine>): Promise<Finding> {
  const found = (await look(lacks)).filter(({ state }) => state === "missing");
  assert.equal(found.length, 1, JSON.stringify(found));
  return found[0]!;
}

describe("the doctor of a machine", () => {
  it("finds nothing missing where everything is there", async () => {
    const findings = await look({});
    assert.deepEqual(
      findings.map(({ state }) => state),
      findings.map(() => "ok"),
    );
    const text = findings.flatMap(findingLines).join("\n");
    assert.match(text, /serial:\/dev\/ttyUSB0, CP2102/);
    assert.match(text, /pcsc:ACR122U 00 00, something lies on it/);
    assert.doesNotMatch(text, /mend/);
  });
  const cases: [string, Partial<Machine>, RegExp][] = [
    ["a Node.js that is too old", { node: "20.18.3" }, /Node\.js 20/],
    [
      "no PC/SC service",
      { readers: fails(new LinkError("link/no-reader-service", { link: "pcsc" })) },
      /apt-get install pcscd && sudo systemctl start pcscd\.socket/,
    ],
    [
      "no smartcard package",
      { readers: fails(new LinkError("link/package-missing", { package: "smartcard" })) },
      /libpcsclite-dev.*npm install --no-save smartcard@/,
    ],
    [
      "a smartcard package that was never built",
      { readers: fails(new LinkError("link/package-unbuilt", { package: "smartcard" })) },
      /npm rebuild smartcard/,
    ],
    [
      "no noble package",
      { ble: fails(new LinkError("link/package-missing", { package: "@stoprocent/noble" })) },
      /npm install --no-save @stoprocent\/noble@/,
    ],
    ["a serial port of somebody else", { mayOpen: () => false }, /usermod -aG dialout/],
    [
      "no serialport package",
      { serialport: fails(new Error("Cannot find package")) },
      /npm install serialport/,
    ],
  ];
  for (const [what, lacks, mend] of cases) {
    it(`${what}: says what for, and the command that mends it`, async () => {
      const finding = await missing(lacks);
      assert.match(finding.mend ?? "", mend);
      assert.match(findingLines(finding).join("\n"), /^- .*\n(.*\n)* {4}mend it: /);
    });
  }
  it("takes no readers, no ports and no radio for something to know, not for a fault", async () => {
    const findings = await look({
      ports: async () => [],
      readers: async () => [],
      adapters: () => [],
    });
    assert.deepEqual(
      findings.filter(({ state }) => state === "note").map(({ check }) => check),
      ["serial ports", "PC/SC readers", "Bluetooth radio"],
    );
  });
  it("names what the two variables for emulations lead to, if they lead anywhere", async () => {
    const findings = await look({
      env: { KINCARD_FIRMWARE: "/nowhere.hex", ESPRUINO_BIN: process.execPath },
    });
    assert.deepEqual(
      findings.slice(-2).map(({ check, state }) => [check, state]),
      [
        ["KINCARD_FIRMWARE", "missing"],
        ["ESPRUINO_BIN", "ok"],
      ],
    );
  });
});

describe("kincard doctor", function () {
  this.timeout(60_000);
  it("says on this machine, as JSON too, what there is, and ends well", async () => {
    const { exit, json, stderr } = await kincard(["doctor", "--no-ask", "--json"]);
    assert.equal(exit, 0, stderr);
    const findings = json.findings as Finding[];
    assert.ok(findings.some(({ check, state }) => check === "Node.js" && state === "ok"));
    for (const { check, state, mend } of findings)
      if (state === "missing") assert.ok(mend, `${check} is missing and nothing mends it`);
    assert.equal(json.missing, findings.filter(({ state }) => state === "missing").length);
  });
  it("--board on a virtual board: a card's answers, nothing differs", async () => {
    const board = makeBoard({ seed: "doctor" });
    board.powerOn();
    const { uri, close } = await listenCard(board, "tcp:127.0.0.1:0");
    try {
      const { exit, json, stderr } = await kincard(["doctor", "--board", uri, "--json"]);
      assert.equal(exit, 0, stderr);
      assert.equal(json.answers, "card");
      assert.equal(json.differ, 0, JSON.stringify(json.checks));
      const checks = (json.checks as { check: string }[]).map(({ check }) => check);
      assert.deepEqual(checks, ["card", "kernel", "vault", "random numbers", "time of STATUS"]);
    } finally {
      await close();
      board.powerOff();
    }
  });
  it("--board where nobody answers ends with a sentence", async () => {
    const { exit, stderr } = await kincard(["doctor", "--board", "tcp:127.0.0.1:1"]);
    assert.notEqual(exit, 0);
    assert.match(stderr, /127\.0\.0\.1:1/);
    assert.doesNotMatch(stderr, /at .*\.js:\d+/);
  });
});
