/**
 * Packages that only some need, and the sentence that asks for them: optional peers of
 * package.json, in the versions that stand there (test/build/package.test.ts). Browser-safe.
 */

interface OptionalPackage {
  readonly version: string;
  /** Who needs it: the sentence's beginning. */
  readonly needs: string;
}
/** What `smartcard` is built with. */
export const PCSC_BUILD = "on Debian it is built with g++, make, python3 and libpcsclite-dev";

export const OPTIONAL_PACKAGES = {
  "@scure/btc-signer": { version: "2.4.1", needs: "Bitcoin transactions need" },
  "@stoprocent/noble": { version: "2.8.0", needs: "Bluetooth needs" },
  espruino: { version: "0.1.67", needs: "flashing needs" },
  ethers: { version: "6.17.0", needs: "kincard/ethers needs" },
  selfsigned: { version: "5.5.0", needs: "a certificate for HTTPS needs" },
  serialport: { version: "13.0.0", needs: "serial ports need" },
  smartcard: { version: "3.7.0", needs: "PC/SC readers need" },
  viem: { version: "2.57.20", needs: "Ethereum's transactions and typed data need" },
  ws: { version: "8.23.0", needs: "serving the page needs" },
} satisfies Readonly<Record<string, OptionalPackage>>;
export type OptionalPackageName = keyof typeof OPTIONAL_PACKAGES;

/** "serial ports need the serialport package: npm install serialport@13.0.0" */
export function askForPackage(name: string): string {
  const found = (OPTIONAL_PACKAGES as Readonly<Record<string, OptionalPackage>>)[name];
  if (!found) return `the ${name} package is not installed`;
  const how = name === "smartcard" ? ` (${PCSC_BUILD})` : "";
  return `${found.needs} the ${name} package: npm install ${name}@${found.version}${how}`;
}

const NOT_FOUND = ["ERR_MODULE_NOT_FOUND", "MODULE_NOT_FOUND"];

/** Whether an import failed because this very package is not installed. */
export function isAbsent(error: unknown, name: string): boolean {
  const { code = "", message = "" } = error as Partial<NodeJS.ErrnoException>;
  return NOT_FOUND.includes(code) && message.includes(`'${name}`);
}
