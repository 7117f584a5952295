/** What `npm run image` prints: where the bytes of Storage went. */
import type { FirmwareInfo } from "../../../firmware/build/firmware.js";
import { storageBytes } from "../../../hw/boards/board.js";
import type { Image } from "./image.js";

const number = (n: number) => String(n).padStart(8);
const part = (n: number, of: number) => `${((100 * n) / of).toFixed(0)} %`.padStart(6);

/** Modules are known in the bundle's source; tokenising shrinks it evenly enough for `about`. */
function modules(info: FirmwareInfo, tokenised: number): string[] {
  return info.modules.map(
    ([file, bytes]) => `${number(Math.round((bytes * tokenised) / info.size))}  about, ${file}`,
  );
}

export function reportLines(
  { board, manifest, layout, boot }: Image,
  info: FirmwareInfo,
): string[] {
  const { used, budget, demo, makerKey, files } = manifest;
  const size = storageBytes(board);
  const bundle = boot.first.bytes.length + boot.bytes.length - boot.prelude;
  return [
    `${board.title}: ${board.storage.pages} pages of Storage at 0x${board.storage.address.toString(16)}`,
    ...modules(info, bundle),
    `${number(bundle)}  bundle, tokenised, in two pieces (${info.size} minified)`,
    `${number(boot.prelude)}  board's own boot words`,
    "",
    ...files.map(({ name, address }, i) => {
      const { takes } = layout.files[i]!;
      return `${number(takes)}  ${name} with its header, data at 0x${address.toString(16)}`;
    }),
    `${number(used)}  used:${part(used, budget)} of the budget of ${budget}`,
    `${number(size - used)}  free of ${size}`,
    `maker     ${makerKey}${demo ? " (DEMO: published, protects nothing)" : ""}`,
  ];
}
