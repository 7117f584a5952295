import { strict as assert } from "node:assert";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { linuxPorts, listPorts } from "../../host/apps/flasher/console/ports.js";

describe("listing serial ports on Linux", () => {
  let root: string;
  const file = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), `${text}\n`);
  };
  const link = (path: string, target: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    symlinkSync(target, join(root, path));
  };
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "kincard-ports-"));
    file("sys/devices/usb1/1-2/idVendor", "1366");
    file("sys/devices/usb1/1-2/idProduct", "1015");
    file("sys/devices/usb1/1-2/manufacturer", "SEGGER");
    file("sys/devices/usb1/1-2/product", "J-Link");
    mkdirSync(join(root, "sys/devices/usb1/1-2/1-2:1.0"), { recursive: true });
    mkdirSync(join(root, "sys/class/tty/ttyACM0"), { recursive: true });
    link("sys/class/tty/ttyACM0/device", join(root, "sys/devices/usb1/1-2/1-2:1.0"));
    link("dev/serial/by-id/usb-SEGGER_J-Link-if00", "../../ttyACM0");
    // a console without hardware, and a mainboard UART that is not there
    mkdirSync(join(root, "sys/class/tty/tty0"), { recursive: true });
    mkdirSync(join(root, "sys/devices/platform/serial8250"), { recursive: true });
    file("sys/class/tty/ttyS1/type", "0");
    link("sys/class/tty/ttyS1/device", join(root, "sys/devices/platform/serial8250"));
    file("sys/class/tty/ttyS0/type", "4");
    link("sys/class/tty/ttyS0/device", join(root, "sys/devices/platform/serial8250"));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const ports = () => linuxPorts(join(root, "sys"), join(root, "dev"));

  it("names what USB says, without any program's help", () => {
    assert.deepEqual(ports()[0], {
      path: "/dev/ttyACM0",
      uri: "serial:/dev/ttyACM0",
      description: "SEGGER J-Link",
      usb: "1366:1015",
      stable: "/dev/serial/by-id/usb-SEGGER_J-Link-if00",
    });
  });
  it("lets no device's name steer the terminal", () => {
    file("sys/devices/usb1/1-2/product", "J\x1b[2J\u202eL");
    assert.equal(ports()[0]?.description, "SEGGER J?[2J?L");
  });
  it("leaves out consoles and UARTs that are not there", () => {
    assert.deepEqual(
      ports().map(({ path }) => path),
      ["/dev/ttyACM0", "/dev/ttyS0"],
    );
  });
  it("is empty where there is no sysfs", () => {
    assert.deepEqual(linuxPorts(join(root, "nothing"), join(root, "dev")), []);
  });
  it("never ends the process, whatever this machine has", async () => {
    const path = process.env.PATH;
    process.env.PATH = "";
    try {
      assert.ok(Array.isArray(await listPorts()));
    } finally {
      process.env.PATH = path;
    }
  });
});
