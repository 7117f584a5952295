/** `kincard ports`: the serial ports of this machine, as --card and --port take them. */

import type { Command } from "commander";
import { listPorts, type PortInfo } from "../flash/ports.js";
import { withJson } from "./options.js";
import { act } from "./run.js";

export function addPortsCommand(program: Command): void {
  withJson(program.command("ports").description("list the serial ports of this machine")).action(
    act(async () => {
      const ports = await listPorts();
      return { json: { ports }, text: ports.length ? ports.flatMap(describe) : [NONE] };
    }),
  );
}

const NONE = "No serial port. Is the board plugged in, and its cable one that carries data?";

function describe({ uri, description, usb, stable }: PortInfo): string[] {
  const line = `${uri}  ${description}${usb ? ` (USB ${usb})` : ""}`;
  return stable ? [line, `  always: serial:${stable}`] : [line];
}
