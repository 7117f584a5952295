/**
 * Planted bugs that the fuzzer must find from the kept corpus on, with fixed seeds: each takes
 * seconds. `file` is from the root, or under firmware/src for the card.
 */
import type { Replacement } from "./build.js";

export interface Bug extends Replacement {
  readonly bug: string;
  readonly target: string;
}

export const BUGS: readonly Bug[] = [
  {
    bug: "the card calls a command that it does not have",
    target: "apdus",
    file: "firmware/src/card/dispatch.ts",
    find: " || command < 0 || command >= Ins.COUNT)",
    replace: ")",
  },
  {
    bug: "a line that is too long makes the card deaf",
    target: "lines",
    file: "firmware/src/link/line.ts",
    find: "if (claimed === Claim.REFUSED) return;",
    replace: "if (claimed === Claim.REFUSED || pending.length > Limit.LINE) return;",
  },
  {
    bug: "a reader writes beyond the tag's memory",
    target: "mailbox",
    file: "firmware/src/link/tag.ts",
    find: "      end <= Mailbox.ANSWER_PAGE &&\n",
    replace: "",
  },
  {
    bug: "a line grows beyond all bounds",
    target: "frames",
    file: "host/sdk/links/line/line.ts",
    find: "this.#tooLong = this.#line.length > 2 * LINE_MOST;",
    replace: "this.#tooLong = this.#line.length > 4 * LINE_MOST;",
  },
  {
    bug: "an address of any length goes to a tag",
    target: "texts",
    file: "host/sdk/card/uri-record.ts",
    find: "payload.length > SIZES.URL_MAX",
    replace: "payload.length > 4 * SIZES.URL_MAX",
  },
  {
    bug: "a path of any depth is taken",
    target: "texts",
    file: "host/sdk/crypto/bip32.ts",
    find: "parts.length > SIZES.PATH_MAX",
    replace: "parts.length > 2 * SIZES.PATH_MAX",
  },
  {
    bug: "a damaged line of the maker's list is an error of the program",
    target: "maker",
    file: "host/sdk/maker/store.ts",
    find: "const card = parseCard(line);",
    replace: "const card = parseCard(line) ?? JSON.parse(line);",
  },
  {
    bug: "the page's server gives away files beside the page",
    target: "web",
    file: "host/apps/page/server/serve.ts",
    find: "!readdirSync(folder).includes(name)",
    replace: "!existsSync(join(folder, name))",
  },
];
