/**
 * A serial cable without hardware: two pseudo terminals, what goes into one comes out of the other.
 * The interpreter opens `board` as its Serial1, the host opens `port` like any serial port.
 *
 * Node can't make pseudo terminals, so a few lines of python3 hold both ends and copy. They end
 * with this process, since their standard input does. Source: pty(7), Python's `os` and `pty`.
 */

import { spawn, type ChildProcess } from "node:child_process";

const HOLDER = `
import os, pty, select, sys, termios, tty
ends = [pty.openpty() for _ in "bp"]
for _, slave in ends: tty.setraw(slave)
(board, board_tty), (port, port_tty) = ends
print(os.ttyname(board_tty), os.ttyname(port_tty), flush=True)
while True:
    ready, _, _ = select.select([0, board, port], [], [])
    if 0 in ready:
        if not os.read(0, 16): sys.exit()
        termios.tcflush(board_tty, termios.TCIOFLUSH)
        print("flushed", flush=True)
        continue
    for end, other in ((board, port), (port, board)):
        if end in ready: os.write(other, os.read(end, 4096))
`;

export class PtyPair {
  private constructor(
    private readonly holder: ChildProcess,
    /** What the interpreter opens. */
    readonly board: string,
    /** What the host opens. */
    readonly port: string,
  ) {}

  static async open(): Promise<PtyPair> {
    const holder = spawn("python3", ["-c", HOLDER], { stdio: ["pipe", "pipe", "inherit"] });
    holder.unref();
    const line = await nextLine(holder);
    const [board, port] = line.split(" ");
    if (!board || !port) throw new Error("python3 could not make pseudo terminals");
    return new PtyPair(holder, board, port);
  }

  /** Drops what the interpreter has not read or the host not yet got: the board has no power. */
  async flush(): Promise<void> {
    this.holder.stdin?.write("f");
    await nextLine(this.holder);
  }

  close(): void {
    this.holder.stdin?.end();
  }
}

/** The next line of the holder's output; it never prints more than one unasked. */
function nextLine(holder: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const failed = (): void => reject(new Error("pseudo terminals need python3 on the path"));
    const read = (data: Buffer): void => {
      text += data.toString();
      if (!text.endsWith("\n")) return;
      holder.off("error", failed).off("exit", failed);
      holder.stdout?.off("data", read);
      resolve(text.trim());
    };
    holder.once("error", failed).once("exit", failed);
    holder.stdout?.on("data", read);
  });
}
