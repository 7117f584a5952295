/**
 * Link URIs: what they mean, and a sentence for each way to get one wrong.
 */

import assert from "node:assert/strict";
import { createServer, type AddressInfo } from "node:net";
import "../../../host/sdk/links/node.js";
import { LinkError } from "../../../host/sdk/links/link.js";
import { isFailure } from "../../../host/sdk/failures/failure.js";
import { openLink, parseLinkUri } from "../../../host/sdk/links/registry.js";

describe("link URI", () => {
  const good: [string, object][] = [
    ["tcp:localhost:9001", { scheme: "tcp", host: "localhost", port: 9001 }],
    [" tcp:10.0.0.7:1 ", { scheme: "tcp", host: "10.0.0.7", port: 1 }],
    ["tcp:[::1]:65535", { scheme: "tcp", host: "::1", port: 65535 }],
    ["serial:/dev/ttyACM0", { scheme: "serial", path: "/dev/ttyACM0", baud: 115200 }],
    ["serial:/dev/ttyACM0@9600", { scheme: "serial", path: "/dev/ttyACM0", baud: 9600 }],
    ["serial:COM3", { scheme: "serial", path: "COM3", baud: 115200 }],
    ["serial:/dev/by@id/x", { scheme: "serial", path: "/dev/by@id/x", baud: 115200 }],
    ["ble:Puck.js 1234", { scheme: "ble", device: "Puck.js 1234" }],
    ["pcsc:ACS ACR1252 [00]", { scheme: "pcsc", reader: "ACS ACR1252 [00]" }],
  ];
  for (const [uri, expected] of good) {
    it(`"${uri}" is understood`, () => assert.deepEqual(parseLinkUri(uri), expected));
  }

  const bad: [string, RegExp][] = [
    ["", /look like tcp:HOST:PORT, serial:.*, ble:NAME.* or pcsc:/],
    ["localhost:9001", /look like tcp:HOST:PORT, serial:.*, ble:NAME.* or pcsc:/],
    ["usb:1", /look like tcp:HOST:PORT, serial:.*, ble:NAME.* or pcsc:/],
    ["tcp:localhost", /must look like tcp:HOST:PORT$/],
    ["tcp::9001", /must look like tcp:HOST:PORT$/],
    ["tcp:localhost:port", /must look like tcp:HOST:PORT$/],
    ["tcp:::1:9001", /must look like tcp:HOST:PORT$/],
    ["tcp:localhost:0", /1\.\.65535/],
    ["tcp:localhost:65536", /1\.\.65535/],
    ["serial:", /must look like serial:PATH\[@BAUD\]$/],
    ["serial:@9600", /must look like serial:PATH\[@BAUD\]$/],
    ["serial:COM3@fast", /not a baud rate/],
    ["serial:COM3@0", /baud rate/],
    ["serial:COM3@9999999", /baud rate/],
    ["ble:", /must look like ble:NAME$/],
    ["pcsc:", /must look like pcsc:READER$/],
  ];
  for (const [uri, sentence] of bad) {
    it(`"${uri}" is refused: ${sentence.source}`, () => {
      assert.throws(
        () => parseLinkUri(uri),
        (error) => isFailure(error, "input/link") && sentence.test(error.message),
      );
    });
  }
});

describe("opening a link", () => {
  const opens = (uri: string, sentence: RegExp) =>
    assert.rejects(openLink(uri, { connectMs: 200 }), (error) => {
      assert.ok(error instanceof LinkError, String(error));
      assert.equal(error.failure, "open");
      assert.match(error.message, sentence);
      return true;
    });

  it("says that nothing listens", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    await opens(`tcp:127.0.0.1:${port}`, /is the board started/);
  });

  it("says that what listens is no card", async () => {
    const server = createServer((socket) => void socket.resume().write("220 ready\r\n"));
    server.listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    await opens(`tcp:127.0.0.1:${port}`, /speaks Kincard's lines/);
    await new Promise((resolve) => server.close(resolve));
  });

  it("says that there is no such serial port", () => opens("serial:/dev/kincard-none", /no such/));
  it("says that a kind of link is not there", async () => {
    // A registry of its own, as where nothing was registered.
    const path = "../../../host/sdk/links/registry.js?empty";
    const empty = (await import(path)) as { openLink: typeof openLink };
    await assert.rejects(empty.openLink("ble:Puck.js"), /ble: links are not available here/);
  });
});
