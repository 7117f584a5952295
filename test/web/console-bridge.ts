/**
 * A board's console behind fakes of Web Bluetooth and Web Serial: what the page writes reaches a
 * Duplex here, over a WebSocket, and back. The Bluetooth fake has the UART service's manners: one
 * write at a time, 20 bytes at most, notifications of 20 bytes, and XOFF and XON among them.
 */

import type { AddressInfo } from "node:net";
import { WebSocketServer, type WebSocket } from "ws";
import type { Duplex } from "../../host/sdk/links/link.js";

export interface Bridge {
  /** Runs in the page before its own script. */
  readonly script: string;
  /** Connections so far. */
  readonly connections: () => number;
  close(): Promise<void>;
}

/** `connect` is asked for a new link each time the page opens the board. */
export async function bridge(connect: () => Promise<Duplex>): Promise<Bridge> {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  let connections = 0;
  const serve = async (socket: WebSocket) => {
    connections++;
    const early: Buffer[] = [];
    const hold = (data: Buffer) => void early.push(data);
    socket.on("message", hold);
    const link = await connect();
    const pass = (data: Buffer) => void link.write(new Uint8Array(data));
    socket.off("message", hold).on("message", pass);
    link.onData((bytes) => socket.send(bytes));
    link.onClose(() => socket.terminate());
    socket.on("close", () => void link.close());
    early.forEach(pass);
  };
  server.on("connection", (socket) => void serve(socket));
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => {
    for (const socket of server.clients) socket.terminate();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return { script: fakes(port), connections: () => connections, close };
}

const fakes = (port: number) => `
  const open = async () => {
    const socket = new WebSocket("ws://127.0.0.1:${port}");
    socket.binaryType = "arraybuffer";
    await new Promise((done, fail) => { socket.onopen = done; socket.onerror = fail; });
    window.cable = socket;
    return socket;
  };
  const define = (name, value) =>
    Object.defineProperty(Navigator.prototype, name, { configurable: true, get: () => value });

  const told = (window.told = { longest: 0, againstXoff: 0, xoffs: 0, asked: undefined, bars: [] });
  const device = new EventTarget();
  const fromBoard = new EventTarget();
  const notify = (bytes) => {
    fromBoard.value = new DataView(bytes.slice().buffer);
    fromBoard.dispatchEvent(new Event("characteristicvaluechanged"));
  };
  let busy = false, stopped = false, taken = 0;
  const toBoard = { async writeValueWithResponse(bytes) {
    if (busy) throw new DOMException("GATT operation already in progress.", "NetworkError");
    if (bytes.length > 20) throw new DOMException("too long", "InvalidModificationError");
    if (window.cable.readyState !== WebSocket.OPEN) {
      throw new DOMException("GATT Server is disconnected.", "NetworkError");
    }
    if (stopped) told.againstXoff++;
    busy = true;
    told.longest = Math.max(told.longest, bytes.length);
    await undefined;
    busy = false;
    window.cable.send(bytes);
    if ((taken += bytes.length) < 600) return;
    taken = 0;
    stopped = true;
    told.xoffs++;
    notify(Uint8Array.of(0x13));
    setTimeout(() => { stopped = false; notify(Uint8Array.of(0x11)); }, 5);
  } };
  fromBoard.startNotifications = async () => {
    window.cable.onmessage = ({ data }) => {
      for (let at = 0; at < data.byteLength; at += 20) {
        notify(new Uint8Array(data.slice(at, at + 20)));
      }
    };
  };
  device.name = "Puck.js 1234";
  device.gatt = {
    async connect() {
      const socket = await open();
      socket.onclose = () => device.dispatchEvent(new Event("gattserverdisconnected"));
      const getCharacteristic = async (uuid) => (uuid.startsWith("6e400002") ? toBoard : fromBoard);
      return { getPrimaryService: async (uuid) => {
        if (!uuid.startsWith("6e400001")) throw new DOMException("no such service", "NotFoundError");
        return { getCharacteristic };
      } };
    },
    disconnect() { window.cable?.close(); },
  };
  define("bluetooth", { async requestDevice(options) { told.asked = options; return device; } });

  const serialPort = {
    async open({ baudRate }) {
      told.baud = baudRate;
      const socket = await open();
      serialPort.readable = new ReadableStream({
        start(controller) {
          socket.onmessage = ({ data }) => controller.enqueue(new Uint8Array(data));
          socket.onclose = () => controller.error(new DOMException("lost", "NetworkError"));
        },
      });
      serialPort.writable = new WritableStream(
        { write: (chunk) => socket.send(chunk) }, { highWaterMark: 16 });
    },
    async setSignals() {},
    async close() { window.cable.close(); },
  };
  define("serial", { requestPort: async () => serialPort, getPorts: async () => [] });

  new MutationObserver(() => {
    const bar = document.querySelector("progress[value]");
    if (bar) told.bars.push(bar.value);
  }).observe(document, { subtree: true, attributes: true, childList: true });
`;
