/**
 * The image as a script for Espruino's prompt, a statement a line: for the Web IDE over Bluetooth,
 * or any terminal. It checks what `kincard flash` checks first, and a vault in use stops it.
 *
 * Its comments carry the manifest, for programs that take the script apart (upload-script.ts).
 *
 * Every line answers for itself (the prompt goes on after an error), so each asks `kc` first.
 */
import { VAULT_FILE } from "../../emulator/board/fresh.js";
import { EMPTY_VAULTS } from "../../apps/flasher/survey.js";
import type { Manifest } from "../../../hw/images/manifest.js";
import { manifestLines } from "../../apps/flasher/image/upload-script.js";

/** 512 characters of base64: the interpreter's buffer holds 1,024 bytes. */
const CHUNK = 384;
const STORAGE = 'require("Storage")';
const quoted = (text: string) => JSON.stringify(text);

function guard({ boardName, espruino, storage }: Manifest): string {
  const empty = [...EMPTY_VAULTS]
    .map(([size, crc]) => `v.length===${size}&&E.CRC32(v)===${crc}`)
    .join("||");
  const complaints = [
    [`e.BOARD!==${quoted(boardName)}`, `this is a "+e.BOARD+", not a ${boardName}`],
    [`e.VERSION.split(".")[0]!==${quoted(espruino)}`, `Espruino "+e.VERSION+" is not known`],
    [
      `e.STORAGE!==${storage.size}`,
      `another build of Espruino: its Storage is "+e.STORAGE+" bytes`,
    ],
    [`v&&v.length&&!(${empty})`, "this board HOLDS A CARD, nothing was touched"],
  ];
  const tests = complaints.map(([test, text]) => `if(${test})w="${text}";`).join("");
  const read = `var e=process.env,v=${STORAGE}.read(${quoted(VAULT_FILE)}),w="";`;
  return `var kc=(function(){${read}${tests}if(w)print("Kincard: "+w);return !w;})();`;
}

/** `contents` by name in Storage. */
export function uploadScript(
  manifest: Manifest,
  contents: ReadonlyMap<string, Uint8Array>,
): string {
  const { board, version, demo, files } = manifest;
  const lines = [
    `// Kincard ${version} for ${board}${demo ? ", DEMO: it protects nothing" : ""}. ERASES STORAGE.`,
    ...manifestLines(manifest),
    guard(manifest),
    `kc&&${STORAGE}.eraseAll();`,
  ];
  for (const { name, size } of files) {
    const bytes = contents.get(name);
    if (!bytes) lines.push(`kc&&${STORAGE}.write(${quoted(name)},"\\xff",0,${size});`);
    else
      for (let at = 0; at < size; at += CHUNK) {
        const base64 = Buffer.from(bytes.subarray(at, at + CHUNK)).toString("base64");
        const total = at === 0 ? `,${size}` : "";
        lines.push(`kc&&${STORAGE}.write(${quoted(name)},atob("${base64}"),${at}${total});`);
      }
  }
  for (const { name, crc32 } of files)
    lines.push(`kc=kc&&E.CRC32(${STORAGE}.read(${quoted(name)}))===${crc32 >>> 0};`);
  lines.push(
    'print(kc?"Kincard is on this board: switch it off and on":"Kincard is NOT on this board");',
  );
  return lines.join("\n") + "\n";
}
