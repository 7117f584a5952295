import assert from "node:assert/strict";
import { Uart } from "../../../host/emulator/chip/soc/serial/uart.js";
import { Bench } from "./support.js";

const RXDRDY = 0x108;
const TXDRDY = 0x11c;
const RXD = 0x518;
const RATE_9600 = 0x00275000;
const RATE_115200 = 0x01d7e000;

function made() {
  const bench = new Bench();
  const uart = new Uart(bench);
  const { block } = uart;
  const sent: number[] = [];
  uart.onSend = (byte) => sent.push(byte);
  block.write(0x50c, 28);
  block.write(0x514, 29);
  block.write(0x524, RATE_9600);
  block.write(0x500, 4);
  block.write(0x000, 1);
  block.write(0x008, 1);
  return { bench, uart, block, sent };
}

describe("UART0", () => {
  it("sends a byte in ten bits' time", () => {
    const { bench, block, sent, uart } = made();
    assert.ok(Math.abs(uart.baud - 9600) < 10, `${uart.baud}`);
    block.write(0x51c, 0x41);
    bench.pass(1040);
    assert.deepEqual([sent, block.read(TXDRDY)], [[], 0]);
    bench.pass(3);
    assert.deepEqual([sent, block.read(TXDRDY)], [[0x41], 1]);
  });
  it("refuses to swallow a byte that is written too early", () => {
    const { block } = made();
    block.write(0x51c, 1);
    assert.throws(() => block.write(0x51c, 2), /TXD written before TXDRDY/);
  });
  it("holds six bytes, tells each, and loses the seventh", () => {
    const { uart, block } = made();
    for (let i = 1; i <= 7; i++) uart.receive(i);
    assert.deepEqual([uart.overruns, block.read(0x480), block.read(0x124)], [1, 1, 1]);
    const read = [];
    while (block.read(RXDRDY)) {
      block.write(RXDRDY, 0);
      read.push(block.read(RXD));
    }
    assert.deepEqual(read, [1, 2, 3, 4, 5, 6]);
    block.write(0x480, 1);
    assert.equal(block.read(0x480), 0);
  });
  it("asks for its interrupt at each byte", () => {
    const { bench, uart, block } = made();
    block.write(0x304, 1 << 2);
    uart.receive(7);
    assert.equal(bench.lines.get(2), true);
    block.write(RXDRDY, 0);
    assert.equal(bench.lines.get(2), false);
  });
  it("makes garbage of another rate, and says so", () => {
    const { uart, block } = made();
    uart.receive(0x55, 115200);
    assert.equal(block.read(0x480), 4);
    assert.notEqual(block.read(RXD), 0x55);
    block.write(0x524, RATE_115200);
    block.write(0x480, 4);
    block.write(RXDRDY, 0);
    uart.receive(0x55, 115200);
    assert.deepEqual([block.read(RXD), block.read(0x480)], [0x55, 0]);
  });
  it("hears nothing without a pin, when stopped or when disabled", () => {
    const { uart, block } = made();
    block.write(0x514, 0xffffffff);
    uart.receive(1);
    block.write(0x514, 29);
    block.write(0x004, 1);
    uart.receive(2);
    block.write(0x000, 1);
    block.write(0x500, 0);
    uart.receive(3);
    assert.equal(block.read(RXDRDY), 0);
  });
});
