/** A virtual board's NRF, put together of its parts: each file adds members. */

import { factoryAddress, gattMembers } from "./nrf-gatt.js";
import { nfcMembers, showDefault } from "./nrf-nfc.js";
import type { Callback, Life } from "../life.js";

export function installNrf(life: Life): void {
  const { air, nfc } = life.options;
  if (!air) return;
  const members: Record<string, Callback> = {
    on: (event: unknown, callback: unknown) => life.on(`NRF.${String(event)}`, callback),
    removeListener: (event: unknown, callback: unknown) =>
      life.off(`NRF.${String(event)}`, callback),
    ...gattMembers(life, air),
    ...(nfc ? nfcMembers(life) : {}),
  };
  life.realm.globals.NRF = Object.fromEntries(
    Object.entries(members).map(([name, body]) => [name, life.api(body)]),
  );
  if (nfc) showDefault(life, `${factoryAddress(air)} random`);
}
