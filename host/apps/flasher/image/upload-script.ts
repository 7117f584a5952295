/**
 * The upload script's comments carry the image's manifest, so that a program can take the script
 * apart again and treat it as the image that it is. Browser-safe.
 */
import { fromBase64, parseJson, toBase64 } from "../../../sdk/crypto/text.js";
import { MANIFEST_FILE, type Manifest } from "../../../../hw/images/manifest.js";

const MARK = "// manifest ";
/** Well below the interpreter's buffer of 1,024 bytes. */
const LINE = 384;

export function manifestLines(manifest: Manifest): string[] {
  const bytes = new TextEncoder().encode(JSON.stringify(manifest));
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += LINE)
    lines.push(MARK + toBase64(bytes.subarray(at, at + LINE)));
  return lines;
}

function joined(parts: readonly string[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...fromBase64(part)]));
}

/** manifest.json and the files that it names; undefined when the text is no such script. */
export function readUploadScript(text: string): Map<string, Uint8Array> | undefined {
  // Some editors put a byte order mark before a text.
  const lines = text.replace(/^\ufeff/, "").split("\n");
  try {
    const marked = lines.filter((line) => line.startsWith(MARK));
    const bytes = joined(marked.map((line) => line.slice(MARK.length)));
    const { files } = parseJson(new TextDecoder().decode(bytes)) as Manifest;
    const found = new Map([[MANIFEST_FILE, bytes]]);
    for (const { name, file } of files) {
      if (file === undefined) continue;
      const write = `.write(${JSON.stringify(name)},atob("`;
      const parts = lines.flatMap((line) => line.split(write)[1]?.split('"')[0] ?? []);
      found.set(file, joined(parts));
    }
    return found;
  } catch {
    return undefined;
  }
}
