/**
 * Is there a Kincard card at the other end already? Asked by its own STATUS, before anything that a
 * console would act on. An interpreter's console echoes what it is sent; an echo is no status.
 */
import type { Status } from "../../../sdk/card/commands/index.js";
import { CardSession } from "../../../sdk/card/session.js";
import { isCardError } from "../../../sdk/card/words.js";
import { LineTransport } from "../../../sdk/links/line/transport.js";
import type { Tap } from "./tap.js";

const CONNECT_MS = 1500;
const STATUS_MS = 2000;
/** Until a console has finished complaining about the lines that it got. */
const SETTLE_MS = 150;

/** What a card says to everything when its native kernel is not there, or not for its processor. */
export const NO_KERNEL = "no kernel";

export async function probeCard(
  tap: Tap,
  name: string,
): Promise<Status | typeof NO_KERNEL | undefined> {
  let transport: LineTransport | undefined;
  try {
    const options = { name, connectMs: CONNECT_MS, timeoutMs: STATUS_MS };
    transport = await LineTransport.connect(tap.borrow(), options);
    return await new CardSession(transport).status();
  } catch (error) {
    return isCardError(error, "KERNEL") ? NO_KERNEL : undefined;
  } finally {
    await transport?.close();
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  }
}
