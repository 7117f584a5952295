/** `manifest.json` of an image: what the flasher checks before it touches a board. */

export interface ManifestFile {
  /** In Storage. */
  readonly name: string;
  /** Beside the manifest; the vault has none: it is made empty. */
  readonly file?: string;
  readonly size: number;
  /** Of the data in flash. */
  readonly address: number;
  readonly sha256: string;
  readonly crc32: number;
}
export interface ManifestHex {
  readonly file: string;
  readonly size: number;
  readonly sha256: string;
  readonly means: string;
}
export interface Manifest {
  readonly format: 2;
  readonly board: string;
  readonly boardName: string;
  /** The version of Espruino that it was made for; its development builds too. */
  readonly espruino: string;
  readonly version: string;
  readonly demo: boolean;
  readonly makerKey: string;
  readonly storage: { readonly address: number; readonly size: number; readonly page: number };
  /** In the order in which they are written. */
  readonly files: readonly ManifestFile[];
  readonly used: number;
  readonly budget: number;
  readonly hex: { readonly full: ManifestHex; readonly code: ManifestHex };
}
export const MANIFEST_FILE = "manifest.json";
