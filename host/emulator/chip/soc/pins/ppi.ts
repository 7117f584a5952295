/**
 * PPI (nRF52832 Product Specification v1.4, chapter PPI): an event's address to a task's, by twenty
 * channels of the program's own and groups of them.
 *
 * Limits: the pre-programmed channels 20..31 belong to the SoftDevice's radio and never fire.
 */

import { Block, type Host } from "../base/block.js";

const CHANNELS = 20;
const GROUPS = 6;

export class Ppi {
  readonly block: Block;
  #enabled = 0;
  readonly #groups: number[] = Array.from({ length: GROUPS }, () => 0);
  readonly #channels: { event: number; task: number; fork: number }[] = [];

  /** `trigger` writes 1 to a task's address. */
  constructor(
    host: Host,
    private readonly trigger: (task: number) => void,
  ) {
    const block = (this.block = new Block(host, "PPI", 0x4001f000));
    const set = (value: number) => void (this.#enabled = value >>> 0);
    const enabled = () => this.#enabled;
    for (let i = 0; i < GROUPS; i++) {
      const members = () => this.#groups[i]!;
      block.task(8 * i, `TASKS_CHG[${i}].EN`, () => set(this.#enabled | members()));
      block.task(8 * i + 4, `TASKS_CHG[${i}].DIS`, () => set(this.#enabled & ~members()));
      block.live(0x800 + 4 * i, `CHG[${i}]`, members, (v) => void (this.#groups[i] = v));
    }
    block.live(0x500, "CHEN", enabled, set);
    block.live(0x504, "CHENSET", enabled, (value) => set(this.#enabled | value));
    block.live(0x508, "CHENCLR", enabled, (value) => set(this.#enabled & ~value));
    for (let i = 0; i < CHANNELS; i++) {
      const channel = { event: 0, task: 0, fork: 0 };
      this.#channels.push(channel);
      const at = 0x510 + 8 * i;
      block.live(
        at,
        `CH[${i}].EEP`,
        () => channel.event,
        (v) => void (channel.event = v),
      );
      block.live(
        at + 4,
        `CH[${i}].TEP`,
        () => channel.task,
        (v) => void (channel.task = v),
      );
      const fork = (value: number) => void (channel.fork = value);
      block.live(0x910 + 4 * i, `FORK[${i}].TEP`, () => channel.fork, fork);
    }
  }

  published(event: number): void {
    if (this.#enabled === 0) return;
    for (let i = 0; i < CHANNELS; i++) {
      const channel = this.#channels[i]!;
      if (!(this.#enabled & (1 << i)) || channel.event !== event) continue;
      for (const task of [channel.task, channel.fork]) if (task) this.trigger(task);
    }
  }
}
