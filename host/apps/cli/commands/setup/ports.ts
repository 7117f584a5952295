/**
 * `kincard ports`: the serial ports of this machine, and with --ble the cards in radio range, as
 * --card and --port take them.
 */

import type { Command } from "commander";
import { listPorts, type PortInfo } from "../../../flasher/console/ports.js";
import { listBle, type BleDevice } from "../../../../sdk/links/ble/ble.js";
import type { CommonOptions } from "../../options.js";
import { withJson } from "../../options.js";
import { act } from "../../run.js";

export function addPortsCommand(program: Command): void {
  const command = program.command("ports").description("list the serial ports of this machine");
  withJson(command)
    .option("--ble", "listen for cards over Bluetooth instead")
    .action(
      act(async ({ signal }, { ble }: CommonOptions & { ble?: boolean }) => {
        if (ble) {
          const cards = await listBle({ signal });
          return { json: { cards }, text: cards.length ? cards.map(heard) : [NOBODY] };
        }
        const ports = await listPorts();
        return { json: { ports }, text: ports.length ? ports.flatMap(describe) : [NONE] };
      }),
    );
}

const heard = ({ name, device }: BleDevice) => `ble:${device}  ${name}`;
const NOBODY = "No card was heard. Is it on and near, and is nothing else connected to it?";

const NONE = "There is no serial port. Is the board plugged in, with a cable that carries data?";

function describe({ uri, description, usb, stable }: PortInfo): string[] {
  const line = `${uri}  ${description}${usb ? ` (USB ${usb})` : ""}`;
  return stable ? [line, `  always: serial:${stable}`] : [line];
}
