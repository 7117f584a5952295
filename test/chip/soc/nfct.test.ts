import assert from "node:assert/strict";
import { Nfct, type Answer } from "../../../host/emulator/chip/soc/nfc/nfct.js";
import { Bench, MS } from "./support.js";

const BUFFER = 0x20000400;
const OUT = 0x20000800;
const R = {
  ACTIVATE: 0x000,
  SENSE: 0x008,
  STARTTX: 0x00c,
  ENABLERX: 0x01c,
  READY: 0x100,
  DETECTED: 0x104,
  LOST: 0x108,
  TXEND: 0x110,
  RXEND: 0x118,
  ERROR: 0x11c,
  SELECTED: 0x14c,
  ERRORSTATUS: 0x404,
  FIELD: 0x43c,
  DELAYMAX: 0x508,
  PACKET: 0x510,
  MAXLEN: 0x514,
  TXCONFIG: 0x518,
  TXAMOUNT: 0x51c,
  RXAMOUNT: 0x524,
  POWER: 0xffc,
} as const;

function made() {
  const bench = new Bench();
  const nfct = new Nfct(bench);
  const { block } = nfct;
  const answers: Answer[] = [];
  let silences = 0;
  nfct.onAnswer = (answer) => answers.push(answer);
  nfct.onSilence = () => silences++;
  return { bench, nfct, block, answers, silences: () => silences };
}

/** As the tag's driver brings it up: sensed, activated, selected, listening. */
function listening() {
  const made_ = made();
  const { bench, nfct, block } = made_;
  block.write(R.SENSE, 1);
  nfct.setField(true);
  bench.pass(100);
  block.write(R.ACTIVATE, 1);
  bench.pass(500);
  assert.equal(nfct.select(), true);
  block.write(R.PACKET, BUFFER);
  block.write(R.MAXLEN, 255);
  block.write(R.ENABLERX, 1);
  return made_;
}

describe("NFCT", () => {
  it("senses the field, and is ready half a millisecond after ACTIVATE", () => {
    const { bench, nfct, block } = made();
    nfct.setField(true);
    bench.pass(1000);
    assert.equal(block.read(R.DETECTED), 0, "before SENSE");
    block.write(R.SENSE, 1);
    bench.pass(100);
    assert.deepEqual([block.read(R.DETECTED), block.read(R.FIELD)], [1, 3]);
    assert.equal(nfct.select(), false);
    block.write(R.ACTIVATE, 1);
    bench.pass(500);
    assert.equal(block.read(R.READY), 1);
    assert.equal(nfct.select(), true);
    assert.equal(block.read(R.SELECTED), 1);
  });
  it("loses the field, and with it the selection", () => {
    const { nfct, block } = listening();
    nfct.setField(false);
    assert.deepEqual([block.read(R.LOST), block.read(R.FIELD), nfct.selected], [1, 0, false]);
  });
  it("lays a frame at PACKETPTR with room for its CRC", () => {
    const { bench, nfct, block } = listening();
    assert.equal(nfct.receive(Uint8Array.of(0x30, 4)), true);
    assert.deepEqual([...bench.memory.subarray(0x400, 0x402)], [0x30, 4]);
    assert.deepEqual([block.read(R.RXEND), block.read(R.RXAMOUNT)], [1, 4 << 3]);
    assert.equal(nfct.receive(Uint8Array.of(0x30, 8)), false, "before ENABLERXDATA");
  });
  it("answers with bytes: not before the least delay, and its end after its time on the air", () => {
    const { bench, nfct, block, answers } = listening();
    nfct.receive(Uint8Array.of(0x30, 4));
    bench.memory.set([1, 2, 3, 4], 0x800);
    block.write(R.PACKET, OUT);
    block.write(R.TXAMOUNT, 4 << 3);
    block.write(R.STARTTX, 1);
    bench.pass(80);
    assert.equal(answers.length, 0);
    bench.pass(700);
    assert.equal(block.read(R.TXEND), 1);
    const [answer] = answers;
    assert.ok(answer?.kind === "bytes");
    assert.deepEqual([...answer.bytes], [1, 2, 3, 4]);
    assert.ok(answer.delay / MS > 0.0849 && answer.delay / MS < 0.0851, `${answer.delay / MS} ms`);
  });
  it("answers with four bits", () => {
    const { bench, nfct, block, answers } = listening();
    nfct.receive(Uint8Array.of(0xa2, 4, 0, 0, 0, 0));
    bench.memory[0x800] = 0xfa;
    block.write(R.PACKET, OUT);
    block.write(R.TXCONFIG, 0x05);
    block.write(R.TXAMOUNT, 4);
    block.write(R.STARTTX, 1);
    bench.pass(1000);
    assert.deepEqual(
      answers.map((a) => a.kind === "bits" && a.value),
      [0xa],
    );
  });
  it("gives up at the frame delay, which is compared live", () => {
    const { bench, nfct, block, silences, answers } = listening();
    block.write(R.DELAYMAX, 0x1000);
    nfct.receive(Uint8Array.of(0x30, 4));
    bench.pass(200);
    block.write(R.DELAYMAX, 0xffff);
    bench.pass(4600);
    assert.deepEqual([silences(), block.read(R.ERROR)], [0, 0]);
    bench.pass(40);
    assert.deepEqual([silences(), block.read(R.ERROR), block.read(R.ERRORSTATUS)], [1, 1, 1]);
    block.write(R.TXAMOUNT, 4 << 3);
    block.write(R.STARTTX, 1);
    bench.pass(5000);
    assert.deepEqual(answers, [], "what comes later never leaves");
    block.write(R.ERRORSTATUS, 1);
    assert.equal(block.read(R.ERRORSTATUS), 0);
  });
  it("forgets all at the reset that errata 116 asks for", () => {
    const { nfct, block } = listening();
    block.write(0x304, 1 << 6);
    block.write(R.POWER, 0);
    assert.deepEqual([block.read(0x300), block.read(R.MAXLEN), nfct.answers], [0, 0, false]);
    block.write(R.POWER, 1);
    assert.equal(block.read(R.DELAYMAX), 0x1000);
  });
  it("goes on sensing behind that reset, as its drivers expect", () => {
    const { bench, nfct, block } = listening();
    nfct.setField(false);
    block.write(R.POWER, 0);
    block.write(R.POWER, 1);
    assert.equal(block.read(R.DETECTED), 0);
    nfct.setField(true);
    bench.pass(200);
    assert.equal(block.read(R.DETECTED), 1);
  });
});
