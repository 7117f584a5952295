/**
 * GPIOTE (nRF52832 Product Specification v1.4, chapter GPIOTE): eight channels that turn a pin's
 * edge into an event, or a task into an edge, and the PORT event of GPIO's DETECT signal.
 */

import { Block, type Host } from "../base/block.js";
import type { Gpio } from "./gpio.js";

const CHANNELS = 8;
const EVENT = 1;
const TASK = 3;
/** POLARITY, as bits: rising, falling. */
const RISING = 1;
const FALLING = 2;

export class Gpiote {
  readonly block: Block;

  constructor(host: Host, gpio: Gpio) {
    const block = (this.block = new Block(host, "GPIOTE", 0x40006000, 6));
    const channels = Array.from({ length: CHANNELS }, (_, i) => {
      const event = block.event(0x100 + 4 * i, `EVENTS_IN[${i}]`);
      const config = block.cell(0x510 + 4 * i, `CONFIG[${i}]`, 0, 0x131f03);
      const field = (from: number, bits: number) => (config.value >> from) & ((1 << bits) - 1);
      const channel = {
        event,
        mode: () => field(0, 2),
        pin: () => field(8, 5),
        polarity: () => field(16, 2),
      };
      const act = (level: () => 0 | 1) => () => {
        if (channel.mode() === TASK) gpio.put(channel.pin(), level());
      };
      const toggled = () => (gpio.level(channel.pin()) ? 0 : 1);
      const out = (): 0 | 1 => [toggled(), 1, 0, toggled()][channel.polarity()] as 0 | 1;
      block.task(0x000 + 4 * i, `TASKS_OUT[${i}]`, act(out));
      block.task(
        0x030 + 4 * i,
        `TASKS_SET[${i}]`,
        act(() => 1),
      );
      block.task(
        0x060 + 4 * i,
        `TASKS_CLR[${i}]`,
        act(() => 0),
      );
      return channel;
    });
    const port = block.event(0x17c, "EVENTS_PORT");
    block.interrupts();
    gpio.onLevel((pin, level) => {
      for (const channel of channels) {
        if (channel.mode() !== EVENT || channel.pin() !== pin) continue;
        if (channel.polarity() & (level ? RISING : FALLING)) channel.event.fire();
      }
    });
    gpio.onDetect = () => port.fire();
  }
}
