/** `NRF` of a virtual board: the radio's parts put together. */

import type { Session } from "./session.js";
import { nfcMembers } from "./nrf-nfc.js";

export function installNrf(session: Session): void {
  const { globals } = session.realm;
  globals.NRF = {
    on: session.api((event: unknown, callback: unknown) =>
      session.on(`NRF.${String(event)}`, callback),
    ),
    ...nfcMembers(session),
  };
}
