/**
 * The certificate by which `kincard web --https` serves phones: self-signed, made once, kept with
 * its key in a file of the user and used again, so that a phone need not be asked at each start.
 * Node only. X.509 is RFC 5280; browsers look at the subject's alternative names alone (RFC 6125).
 *
 * Limits: no authority vouches for it, so browsers warn until the user accepts it; and a page that
 * was opened past such a warning gets no service worker, hence does not work offline.
 */

import { createPrivateKey, X509Certificate } from "node:crypto";
import { chmod, mkdir, readFile } from "node:fs/promises";
import { isIP } from "node:net";
import { dirname, join } from "node:path";
import { withPackage } from "../../../sdk/failures/optional.js";
import { writeAtomic } from "../../../sdk/files/atomic.js";
import { userFolder } from "../../../sdk/files/user-folder.js";

export interface Credentials {
  /** PEM */
  readonly cert: string;
  readonly key: string;
  /** SHA-256 of the certificate, as browsers show it. */
  readonly fingerprint: string;
  /** Hosts that it speaks for. */
  readonly names: readonly string[];
  readonly until: Date;
}

const DAY_MS = 86_400_000;
/** Longest life that browsers take from certificates in general. */
const LIFE_DAYS = 397;
const RENEW_DAYS = 30;

/** Something is wrong with a file of the user: a sentence. */
export class CertificateError extends Error {
  override readonly name = "CertificateError";
}

export function ownCertificateFile(env: NodeJS.ProcessEnv = process.env): string {
  return join(userFolder(env), "web-certificate.pem");
}

/** "DNS:localhost, IP Address:127.0.0.1"; Node writes IPv6 addresses in full, in capitals. */
function namesOf({ subjectAltName = "" }: X509Certificate): string[] {
  const found = subjectAltName.matchAll(/(?:DNS|IP Address):([^,\s]+)/g);
  return Array.from(found, ([, name = ""]) => canonical(name));
}
const canonical = (name: string) =>
  isIP(name) === 6 ? new URL(`http://[${name}]/`).hostname.slice(1, -1) : name.toLowerCase();

/** Throws CertificateError when they are no certificate and key, or not of each other. */
export function readCredentials(cert: string, key: string, what: string): Credentials {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(cert);
  } catch (cause) {
    throw new CertificateError(`${what} holds no certificate in PEM`, { cause });
  }
  let fits: boolean;
  try {
    fits = certificate.checkPrivateKey(createPrivateKey(key));
  } catch (cause) {
    throw new CertificateError(`${what} has no private key in PEM (without a passphrase)`, {
      cause,
    });
  }
  if (!fits) throw new CertificateError(`${what}: the key is another certificate's`);
  return {
    ...{ cert, key, fingerprint: certificate.fingerprint256 },
    ...{ names: namesOf(certificate), until: new Date(certificate.validTo) },
  };
}

/** The user's own certificate and key, from two files. It must be valid now. */
export async function loadCredentials(certFile: string, keyFile: string): Promise<Credentials> {
  const read = (path: string) =>
    readFile(path, "utf8").catch((cause: Error) => {
      throw new CertificateError(`${path} can't be read: ${cause.message}`, { cause });
    });
  const found = readCredentials(await read(certFile), await read(keyFile), certFile);
  if (found.until < new Date()) {
    throw new CertificateError(`${certFile} ended on ${found.until.toISOString().slice(0, 10)}`);
  }
  if (!found.names.some((name) => !name.includes("*"))) {
    throw new CertificateError(`${certFile} names no host (subject alternative names)`);
  }
  return found;
}

/**
 * The file's, if it speaks for all of `names` for a month yet; else a new one, put into the file.
 */
export async function ownCertificate(
  file: string,
  names: readonly string[],
  now = new Date().getTime(),
): Promise<Credentials & { readonly made: boolean }> {
  const old = await readFile(file, "utf8")
    .then((text) => readCredentials(text, text, file))
    .catch(() => undefined);
  const covers = names.every((name) => old?.names.includes(canonical(name)));
  if (old && covers && old.until.getTime() - now > RENEW_DAYS * DAY_MS) {
    await chmod(file, 0o600);
    return { ...old, made: false };
  }
  // A machine that moves between networks keeps the names that it had: the phone is asked less.
  const kept = (old?.names ?? []).filter((name) => !names.includes(name)).slice(0, 20);
  const made = await makeCertificate([...names, ...kept], now);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeAtomic(file, made.cert + made.key);
  return { ...readCredentials(made.cert, made.key, file), made: true };
}

async function makeCertificate(names: readonly string[], now: number) {
  const { generate } = await withPackage("selfsigned", () => import("selfsigned"));
  const altNames = names.map((name) =>
    isIP(name) ? { type: 7 as const, ip: name } : { type: 2 as const, value: name },
  );
  const pems = await generate([{ name: "commonName", value: "Kincard on this machine" }], {
    ...{ keyType: "ec", curve: "P-256", algorithm: "sha256" },
    notBeforeDate: new Date(now - DAY_MS),
    notAfterDate: new Date(now + LIFE_DAYS * DAY_MS - DAY_MS),
    extensions: [
      // it can sign no other certificate: a stolen key opens this page and nothing else
      { name: "basicConstraints", cA: false, critical: true },
      { name: "keyUsage", digitalSignature: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      { name: "subjectAltName", altNames },
    ],
  });
  const line = (pem: string) => `${pem.trim()}\n`;
  return { cert: line(pems.cert), key: line(pems.private) };
}
