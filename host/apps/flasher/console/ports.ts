/**
 * The serial ports of this machine. On Linux read from sysfs: the usual way runs udevadm, and ends
 * the program where there is none (containers). Elsewhere the serialport package is asked.
 *
 * Source: sysfs, Documentation/ABI/testing/sysfs-bus-usb; a port is a tty with a device behind it,
 * a UART of the mainboard only if its driver found one (`type` is not 0).
 */
import { existsSync, readdirSync, readFileSync, readlinkSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { withPackage } from "../../../sdk/failures/optional.js";
import { visible } from "../../../sdk/crypto/text.js";

export interface PortInfo {
  readonly path: string;
  readonly uri: string;
  /** Manufacturer and product, as far as the device says. */
  readonly description: string;
  /** "1366:1015" */
  readonly usb?: string;
  /** A name that stays when ports are renumbered. */
  readonly stable?: string;
}

function text(path: string): string {
  try {
    return visible(readFileSync(path, "utf8").trim());
  } catch {
    return "";
  }
}

/** The USB device above an interface: the first folder up that has a vendor. */
function usbDevice(folder: string): string | undefined {
  for (let at = folder; at !== dirname(at); at = dirname(at))
    if (existsSync(join(at, "idVendor"))) return at;
  return undefined;
}

function stableNames(dev: string): Map<string, string> {
  const folder = join(dev, "serial/by-id");
  const names = new Map<string, string>();
  if (!existsSync(folder)) return names;
  for (const name of readdirSync(folder)) {
    const target = readlinkSync(join(folder, name)).split("/").at(-1) ?? "";
    names.set(target, `/dev/serial/by-id/${name}`);
  }
  return names;
}

/** `sys` and `dev` are /sys and /dev, except in tests. */
export function linuxPorts(sys = "/sys", dev = "/dev"): PortInfo[] {
  const folder = join(sys, "class/tty");
  if (!existsSync(folder)) return [];
  const names = stableNames(dev);
  const ports: PortInfo[] = [];
  for (const tty of readdirSync(folder).sort()) {
    const device = join(folder, tty, "device");
    if (!existsSync(device)) continue;
    if (text(join(folder, tty, "type")) === "0") continue;
    const usb = usbDevice(realpathSync(device));
    const say = (name: string) => (usb ? text(join(usb, name)) : "");
    const words = [say("manufacturer"), say("product")].filter(Boolean).join(" ");
    const path = `/dev/${tty}`;
    ports.push({
      path,
      uri: `serial:${path}`,
      description: words || (usb ? "USB serial port" : "serial port"),
      ...(usb ? { usb: `${say("idVendor")}:${say("idProduct")}` } : {}),
      ...(names.has(tty) ? { stable: names.get(tty) } : {}),
    });
  }
  return ports;
}

export async function listPorts(): Promise<PortInfo[]> {
  if (process.platform === "linux") return linuxPorts();
  const { SerialPort } = await withPackage("serialport", () => import("serialport"));
  return (await SerialPort.list()).map(({ path, manufacturer, vendorId, productId }) => ({
    path,
    uri: `serial:${path}`,
    description: visible(manufacturer ?? "serial port"),
    ...(vendorId ? { usb: `${vendorId}:${productId ?? ""}` } : {}),
  }));
}
