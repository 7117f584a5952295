/**
 * A transport made of a function, for codec and channel tests: the answers are scripted.
 */

import { LinkError, type Transport } from "../../../host/sdk/links/link.js";

export type Answer = (apdu: Uint8Array, count: number) => Uint8Array | LinkError;

export class ScriptedTransport implements Transport {
  readonly name = "scripted";
  readonly sent: Uint8Array[] = [];
  private readonly listeners = new Set<(reason: LinkError) => void>();
  constructor(
    private readonly answer: Answer,
    readonly extended = true,
  ) {}
  transmit(apdu: Uint8Array): Promise<Uint8Array> {
    this.sent.push(apdu.slice());
    const answer = this.answer(apdu, this.sent.length);
    return answer instanceof LinkError ? Promise.reject(answer) : Promise.resolve(answer);
  }
  onDisconnect(listener: (reason: LinkError) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
  close(): Promise<void> {
    for (const listener of this.listeners)
      listener(new LinkError("link/closed", { link: "scripted" }));
    return Promise.resolve();
  }
}
