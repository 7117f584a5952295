/**
 * Writes files into a board's Storage, and reads them back. The boot code goes last and goes first
 * when it is replaced: a board whose flashing was cut short has none, and starts at its prompt.
 */
import { VAULT_FILE, VAULT_PAGE, VAULT_SIZE } from "../../../hw/images/storage-names.js";
import { concat, toHex } from "../../sdk/crypto/bytes.js";
import { hash } from "../../sdk/crypto/hash.js";
import { fromBase64, toBase64 } from "../../sdk/crypto/text.js";
import type { ManifestFile } from "../../../hw/images/manifest.js";
import type { BoardConsole } from "./console/console.js";
import { FlashError } from "./failures.js";
import type { ImageFolder } from "./image/image.js";
import type { Plan } from "./plan.js";

/** 512 characters of base64: a line well below the interpreter's buffer of 1,024 bytes. */
const CHUNK = 384;
/** Erasing takes 85 ms a page. */
const ERASE_SECONDS = 30;
export type Progress = (done: number) => void;

const quoted = (name: string) => JSON.stringify(name);

async function writeFile(
  board: BoardConsole,
  name: string,
  bytes: Uint8Array,
  progress: (bytes: number) => void,
): Promise<void> {
  for (let at = 0; at < bytes.length; at += CHUNK) {
    const chunk = bytes.subarray(at, at + CHUNK);
    const base64 = toBase64(chunk);
    const total = at === 0 ? `,${bytes.length}` : "";
    const call = `require("Storage").write(${quoted(name)},atob("${base64}"),${at}${total})`;
    if (!(await board.evaluate<boolean>(call)))
      throw new FlashError("flash/write", { file: name, at });
    progress(chunk.length);
  }
}

/** What the board has under that name, by its own CRC. */
async function matches(board: BoardConsole, file: ManifestFile): Promise<boolean> {
  const name = quoted(file.name);
  const [size, crc] = await board.evaluate<[number, number]>(
    `(function(){var d=require("Storage").read(${name});return d?[d.length,E.CRC32(d)]:[0,0];})()`,
  );
  return size === file.size && crc >>> 0 === file.crc32 >>> 0;
}

export async function writeImageFiles(
  board: BoardConsole,
  { folder, manifest, contents }: ImageFolder,
  { mode, erases, stays }: Plan,
  progress: Progress,
): Promise<void> {
  const files = manifest.files.filter(({ name }) => !stays.includes(name));
  const total = files.reduce((sum, { file, size }) => (file ? sum + size : sum), 0);
  let done = 0;
  const advance = (bytes: number) => progress((done += bytes) / total);
  if (mode === "fresh") {
    const vault = manifest.files[1];
    const at = manifest.storage.address + VAULT_PAGE;
    if (vault?.name !== VAULT_FILE || vault.size !== VAULT_SIZE || vault.address !== at)
      throw new FlashError("flash/image-vault", { image: folder, board: manifest.board });
    await board.evaluate(`require("Storage").eraseAll()`, ERASE_SECONDS);
  }
  for (const name of erases) await board.evaluate(`require("Storage").erase(${quoted(name)})`);
  for (const { name, file, size } of files)
    if (file) await writeFile(board, name, contents.get(name)!, advance);
    // allocated in the empty state: one byte of ones is written, the rest stays erased
    else await board.evaluate(`require("Storage").write(${quoted(name)},"\\xff",0,${size})`);
  for (const file of manifest.files) {
    // a vault in use has bytes of its own
    if (file.name === VAULT_FILE && mode === "update") continue;
    if (!(await matches(board, file))) throw new FlashError("flash/differs", { file: file.name });
  }
}

/** `there`: names of the files that the board holds. */
function checkPresent(files: readonly ManifestFile[], there: readonly string[]): void {
  const absent = files.filter(({ name }) => !there.includes(name));
  if (absent.length === files.length) throw new FlashError("flash/blank", {});
  // The last one first: the others are named by what is in them, or there for another image.
  const last = absent.at(-1);
  if (last) throw new FlashError("flash/no-file", { file: last.name });
}

/** Every byte of the code, by SHA-256 here; never the vault's. */
export async function readBack(
  board: BoardConsole,
  { manifest }: ImageFolder,
  progress: Progress,
): Promise<void> {
  const files = manifest.files.filter(({ file }) => file !== undefined);
  checkPresent(files, await board.evaluate<string[]>(`require("Storage").list()`));
  const total = files.reduce((sum, { size }) => sum + size, 0);
  let done = 0;
  for (const { name, size, sha256 } of files) {
    const parts: Uint8Array[] = [];
    for (let at = 0; at < size; at += CHUNK) {
      const length = Math.min(CHUNK, size - at);
      const part = `require("Storage").read(${quoted(name)},${at},${length})`;
      const text = await board.evaluate<string>(`btoa(${part}||"")`);
      parts.push(fromBase64(text));
      progress((done += length) / total);
    }
    if (toHex(hash(concat(...parts))) !== sha256)
      throw new FlashError("flash/other-bytes", { file: name });
  }
}
