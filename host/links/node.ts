/**
 * The links of Node: tcp, serial and pcsc. Importing this file registers them. Node only.
 */

import { LineTransport } from "./line-transport.js";
import { openPcsc } from "./pcsc.js";
import { registerLink } from "./registry.js";
import { openSerial } from "./serial.js";
import { openTcp } from "./tcp.js";

registerLink("tcp", async ({ host, port }, options) =>
  LineTransport.connect(await openTcp(host, port, options.signal), options),
);
registerLink("serial", async ({ path, baud }, options) =>
  LineTransport.connect(await openSerial(path, baud), options),
);
registerLink("pcsc", async ({ reader }, options) => openPcsc(reader, options));
