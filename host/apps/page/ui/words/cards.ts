/** What the page calls a card, by its role in a backup and by its state. */

import type { Role } from "../../../../sdk/relay/visits/role.js";
import type { StateName } from "../../../../sdk/wire/generated.js";

export const roleName = (role: Role) =>
  role.kind === "source" ? "The main card" : `Copy ${role.index + 1}`;

/** A card's state in a few plain words, and in a sentence. */
export const STATES: Readonly<Record<StateName, readonly [short: string, long: string]>> = {
  BLANK: ["Not ready", "It was never made ready by its maker, or it lost its memory."],
  EMPTY: ["Empty", "It holds no key. It can make a wallet or take a copy of one."],
  OFFERED: ["Waiting for its copy", "It waits for a copy of another card's key."],
  WALLET: ["Not backed up", "It holds a wallet's key, and no other card does: back it up."],
  SHARING: ["Backup not finished", "It has begun to give its key to other cards."],
  SHARED: ["Main card", "It made its copies and never gives its key again."],
  COPY: ["Copy", "It holds a copy of a wallet's key and opens it as the main card does."],
  DAMAGED: ["Damaged", "It found its own memory damaged and stopped. Don't use it any more."],
};
