/**
 * The links of Node: tcp, serial, ble and pcsc. Importing this file registers them. Node only.
 */

import { openBle } from "./ble/ble.js";
import { openSerial } from "./line/serial.js";
import { openTcp } from "./line/tcp.js";
import { LineTransport } from "./line/transport.js";
import { openPcsc } from "./pcsc/pcsc.js";
import { registerLink } from "./registry.js";

registerLink("tcp", async ({ host, port }, options) =>
  LineTransport.connect(await openTcp(host, port, options.signal), options),
);
registerLink("serial", async ({ path, baud }, options) =>
  LineTransport.connect(await openSerial(path, baud), options),
);
registerLink("ble", async ({ device }, options) =>
  LineTransport.connect(await openBle(device, options), options),
);
registerLink("pcsc", async ({ reader }, options) => openPcsc(reader, options));
