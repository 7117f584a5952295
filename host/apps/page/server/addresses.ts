/**
 * Under which names a server of this machine is reached: exactly those are let in, because any
 * other name for the same address is another site's page that wants to reach the boards (DNS
 * rebinding). Node only.
 *
 * Limits: without a host of its own only IPv4 addresses are served.
 */

import { isIP, isIPv6 } from "node:net";
import { networkInterfaces } from "node:os";

export const LOCAL = "127.0.0.1";
/** Every IPv4 address of this machine. */
const ALL = "0.0.0.0";

export interface Place {
  /** What the server is bound to. */
  readonly bind: string;
  /** Names by which browsers may call it; the first one is the one to tell people. */
  readonly names: readonly string[];
}

/** IPv4 addresses by which other machines may reach this one, as they are now. */
export function lanAddresses(interfaces = networkInterfaces()): string[] {
  const found = Object.values(interfaces).flatMap((list) => list ?? []);
  const usable = found.filter(({ family, internal, address }) => {
    // 169.254/16: made up by a machine that got no address (RFC 3927)
    return family === "IPv4" && !internal && !address.startsWith("169.254.");
  });
  return [...new Set(usable.map(({ address }) => address))];
}

export const isLoopback = (host: string) =>
  host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));

/** This machine alone, unless `open`; `host`: that address (or a name of it) alone. */
export function placeOf(host: string | undefined, open: boolean, lan = lanAddresses()): Place {
  if (host === undefined || host === ALL) {
    if (!open) return { bind: LOCAL, names: [LOCAL, "localhost"] };
    return { bind: ALL, names: [...lan, LOCAL, "localhost"] };
  }
  return { bind: host, names: isLoopback(host) ? [host, "localhost"] : [host] };
}

/** As it stands in an address and in the Host header. */
export const inUrl = (name: string) => (isIPv6(name) ? `[${name}]` : name);

/** A host that can be bound to: an address, or a name (RFC 1123). Throws TypeError. */
export function readHost(text: string): string {
  const host = text.trim().toLowerCase();
  const name =
    /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;
  if (isIP(host) || name.test(host)) return host;
  throw new TypeError("a host is an address of this machine, or a name of it, without a port");
}

/** Values of the Host header that are let in on this port. */
export function allowedHosts(names: readonly string[], port: number, tls: boolean): Set<string> {
  const usual = tls ? 443 : 80;
  return new Set(names.map((name) => inUrl(name) + (port === usual ? "" : `:${port}`)));
}
