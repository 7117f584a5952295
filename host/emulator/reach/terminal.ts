/**
 * A pseudo terminal whose other end is here: for programs it is a serial port like any other, with
 * a rate, and it tells when they open and close it.
 *
 * Node can't make pseudo terminals, so a few lines of python3 hold one. They end with this process,
 * since their standard input does. Source: pty(7), Python's `pty`; on Linux a master answers
 * tcgetattr with its slave's settings, and poll with POLLHUP while nobody has the slave open.
 * Limits: Linux and macOS; opening is noticed within 20 ms, what is sent before that waits.
 */

import { spawn, type ChildProcess } from "node:child_process";

const HOLDER = `
import os, pty, select, sys, termios, tty
SPEEDS = {getattr(termios, n): int(n[1:]) for n in dir(termios) if n[0] == "B" and n[1:].isdigit()}
master, slave = pty.openpty()
name = os.ttyname(slave)
tty.setraw(slave)
os.close(slave)
os.set_blocking(master, False)

def tell(kind, data=b""):
    sys.stdout.buffer.write(kind + len(data).to_bytes(4, "little") + data)
    sys.stdout.buffer.flush()

def events(wait, wanted):
    poll = select.poll()
    poll.register(0, select.POLLIN)
    if wanted: poll.register(master, wanted)
    return dict(poll.poll(wait))

def hung():
    poll = select.poll()
    poll.register(master, 0)
    return any(what & select.POLLHUP for _, what in poll.poll(0))

tell(b"n", name.encode())
opened, rate, pending = False, 0, b""
while True:
    wanted = (select.POLLIN | (select.POLLOUT if pending else 0)) if opened else 0
    found = events(20, wanted)
    if opened == hung():
        opened = not opened
        pending = b""
        if not opened:
            left = os.open(name, os.O_RDWR | os.O_NOCTTY)
            termios.tcflush(left, termios.TCIOFLUSH)
            os.close(left)
        tell(b"o" if opened else b"c")
    now = SPEEDS.get(termios.tcgetattr(master)[4], 0)
    if now != rate:
        rate = now
        tell(b"r", rate.to_bytes(4, "little"))
    if opened and found.get(master, 0) & select.POLLIN:
        try: tell(b"d", os.read(master, 4096))
        except OSError: pass
    if found.get(0):
        data = os.read(0, 65536)
        if not data: sys.exit()
        if opened: pending = (pending + data)[-65536:]
    if pending:
        try: pending = pending[os.write(master, pending):]
        except OSError: pass
`;

export interface TerminalEvents {
  /** A program has opened it, or closed it. */
  readonly opened: (open: boolean) => void;
  readonly data: (bytes: Uint8Array) => void;
}

export class Terminal {
  /** As the program set it; 0 for what has no name in termios. */
  baud = 0;
  #rest: Buffer = Buffer.alloc(0);

  private constructor(
    private readonly holder: ChildProcess,
    /** What programs open. */
    readonly path: string,
    private readonly events: TerminalEvents,
  ) {}

  /** Throws where python3 or pseudo terminals are missing. */
  static open(events: TerminalEvents): Promise<Terminal> {
    const holder = spawn("python3", ["-c", HOLDER], { stdio: ["pipe", "pipe", "inherit"] });
    return new Promise((resolve, reject) => {
      const failed = () => reject(new Error("a pseudo terminal needs python3 on the path"));
      holder.once("error", failed).once("exit", failed);
      holder.stdin.on("error", () => undefined);
      let early: Buffer = Buffer.alloc(0);
      const first = (data: Buffer) => {
        early = Buffer.concat([early, data]);
        if (early.length < 5 || early.length < 5 + early.readUInt32LE(1)) return;
        holder.stdout.off("data", first);
        const end = 5 + early.readUInt32LE(1);
        const made = new Terminal(holder, early.toString("utf8", 5, end), events);
        holder.stdout.on("data", (more: Buffer) => made.#take(more));
        resolve(made);
        made.#take(early.subarray(end));
      };
      holder.stdout.on("data", first);
    });
  }

  /** For the program that has it open; dropped while none has, or when it does not read. */
  write(bytes: Uint8Array): void {
    this.holder.stdin?.write(bytes);
  }
  close(): void {
    this.holder.stdin?.end();
  }

  /** A kind, the length of what follows, and that. */
  #take(data: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, data]);
    while (this.#rest.length >= 5 && this.#rest.length >= 5 + this.#rest.readUInt32LE(1)) {
      const end = 5 + this.#rest.readUInt32LE(1);
      const [kind, body] = [this.#rest.toString("latin1", 0, 1), this.#rest.subarray(5, end)];
      this.#rest = this.#rest.subarray(end);
      if (kind === "r") this.baud = body.readUInt32LE(0);
      else if (kind === "d") this.events.data(Uint8Array.from(body));
      else this.events.opened(kind === "o");
    }
  }
}
