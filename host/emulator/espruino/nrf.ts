/** A virtual board's NRF, put together of its parts: each file adds members. */

import { gattMembers } from "./nrf-gatt.js";
import { nfcMembers } from "./nrf-nfc.js";
import type { Callback, Session } from "./life.js";

export function installNrf(session: Session): void {
  const { radio, nfc } = session.options;
  if (!radio) return;
  const members: Record<string, Callback> = {
    on: (event: unknown, callback: unknown) => session.on(`NRF.${String(event)}`, callback),
    removeListener: (event: unknown, callback: unknown) =>
      session.off(`NRF.${String(event)}`, callback),
    ...gattMembers(session, radio),
    ...(nfc ? nfcMembers(session) : {}),
  };
  session.realm.globals.NRF = Object.fromEntries(
    Object.entries(members).map(([name, body]) => [name, session.api(body)]),
  );
}
