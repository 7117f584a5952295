/** The certificate of `kincard web --https`, and who is let in, over real TLS. */

import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { WebSocket } from "ws";
import { DEMO_MAKER_PUBLIC } from "../../../firmware/build/demo-maker.js";
import { BUNDLE_PATH } from "../../../host/emulator/espruino/bundle.js";
import { PAGE_FOLDER, virtualCards } from "../../../host/apps/cli/commands/lab/web.js";
import {
  allowedHosts,
  isLoopback,
  lanAddresses,
  placeOf,
  readHost,
} from "../../../host/apps/page/server/addresses.js";
import {
  CertificateError,
  loadCredentials,
  ownCertificate,
  ownCertificateFile,
  readCredentials,
} from "../../../host/apps/page/server/certificate.js";
import { servePage, type Served, type ServedBoard } from "../../../host/apps/page/server/serve.js";
import { LineTransport } from "../../../host/sdk/links/line/transport.js";
import { CardSession } from "../../../host/sdk/card/session.js";
import { makeDuplex } from "../../../host/sdk/links/line/feed.js";

const DAY = 86_400_000;
const folder = mkdtempSync(join(tmpdir(), "kincard-https-"));
after(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
const newFile = () => join(folder, `${++files}`, "certificate.pem");

describe("the certificate of the page's server", () => {
  it("speaks for the names it was made for and can sign nothing", async () => {
    const file = newFile();
    const made = await ownCertificate(file, ["192.0.2.7", "localhost", "2001:db8::1"]);
    const parsed = new X509Certificate(made.cert);
    assert.equal(parsed.ca, false);
    assert.equal(parsed.checkIP("192.0.2.7"), "192.0.2.7");
    assert.equal(parsed.checkIP("192.0.2.8"), undefined);
    assert.equal(parsed.checkHost("localhost"), "localhost");
    assert.deepEqual([...made.names].sort(), ["192.0.2.7", "2001:db8::1", "localhost"]);
    assert.equal(made.fingerprint, parsed.fingerprint256);
    assert.ok(made.until.getTime() - Date.parse(parsed.validFrom) <= 398 * DAY);
  });

  it("is kept for its owner alone and used again, so that a phone is asked once", async () => {
    const file = newFile();
    const first = await ownCertificate(file, ["localhost"]);
    assert.ok(first.made);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    chmodSync(file, 0o644);
    const second = await ownCertificate(file, ["localhost"]);
    assert.equal(second.made, false);
    assert.equal(second.fingerprint, first.fingerprint);
    assert.equal(statSync(file).mode & 0o777, 0o600, "others may read the key");
  });

  it("is made anew a month before it ends, and for a new address; old names stay", async () => {
    const file = newFile();
    const first = await ownCertificate(file, ["localhost"]);
    const late = first.until.getTime() - 29 * DAY;
    const renewed = await ownCertificate(file, ["localhost"], late);
    assert.ok(renewed.made);
    assert.ok(renewed.until.getTime() > first.until.getTime());
    const moved = await ownCertificate(file, ["192.0.2.9"], late);
    assert.ok(moved.made);
    assert.deepEqual([...moved.names].sort(), ["192.0.2.9", "localhost"]);
  });

  it("replaces a file that holds no certificate", async () => {
    const file = newFile();
    await ownCertificate(file, ["localhost"]);
    writeFileSync(file, "nonsense");
    assert.ok((await ownCertificate(file, ["localhost"])).made);
    const text = readFileSync(file, "utf8");
    assert.doesNotThrow(() => readCredentials(text, text, file));
  });

  it("takes the user's own only when certificate and key belong together", async () => {
    const [a, b] = [newFile(), newFile()];
    await ownCertificate(a, ["localhost"]);
    await ownCertificate(b, ["localhost"]);
    assert.deepEqual((await loadCredentials(a, a)).names, ["localhost"]);
    const refused = (work: Promise<unknown>, words: RegExp) =>
      assert.rejects(work, (error: Error) => {
        assert.ok(error instanceof CertificateError);
        assert.match(error.message, words);
        return true;
      });
    await refused(loadCredentials(a, b), /another certificate's/);
    await refused(loadCredentials(BUNDLE_PATH, a), /holds no certificate/);
    await refused(loadCredentials(a, BUNDLE_PATH), /no private key/);
    await refused(loadCredentials(join(folder, "none"), a), /can't be read/);
  });

  it("lies in the user's folder for settings", () => {
    const at = (env: NodeJS.ProcessEnv) => ownCertificateFile(env);
    assert.equal(at({ XDG_CONFIG_HOME: "/x" }), "/x/kincard/web-certificate.pem");
    assert.match(at({}), /\.config\/kincard\/web-certificate\.pem$/);
  });
});

describe("the names under which the page is served", () => {
  const address = (name: string, internal = false, family = "IPv4") =>
    ({ address: name, internal, family }) as never;

  it("are this machine's own, or the one that was asked for", () => {
    assert.deepEqual(placeOf(undefined, false), {
      bind: "127.0.0.1",
      names: ["127.0.0.1", "localhost"],
    });
    const lan = ["192.0.2.4"];
    const open = placeOf(undefined, true, lan);
    assert.deepEqual(open, { bind: "0.0.0.0", names: ["192.0.2.4", "127.0.0.1", "localhost"] });
    assert.deepEqual(placeOf("192.0.2.4", true, lan).names, ["192.0.2.4"]);
  });
  it("leave out loopback, link-local and what is not IPv4", () => {
    const found = lanAddresses({
      lo: [address("127.0.0.1", true)],
      eth0: [address("192.0.2.4"), address("2001:db8::4", false, "IPv6")],
      eth1: [address("169.254.3.3"), address("192.0.2.4")],
    });
    assert.deepEqual(found, ["192.0.2.4"]);
  });
  it("stand in the Host header as browsers write them", () => {
    assert.deepEqual(
      [...allowedHosts(["localhost", "::1"], 8443, true)],
      ["localhost:8443", "[::1]:8443"],
    );
    assert.deepEqual([...allowedHosts(["localhost"], 443, true)], ["localhost"]);
  });
  it("that only begin like this machine's own are other machines'", () => {
    for (const host of ["127.0.0.1", "127.1.2.3", "::1", "localhost"]) assert.ok(isLoopback(host));
    for (const host of ["127.evil.example", "127.0.0.1.example", "::10", "10.0.0.127"])
      assert.ok(!isLoopback(host), host);
  });

  it("are refused when they are no hosts", () => {
    for (const good of ["192.0.2.1", "::1", "my-box.local"]) assert.equal(readHost(good), good);
    for (const bad of ["", "a b", "http://x", "x:80", "1.2.3", "-a", "a..b"]) {
      assert.throws(() => readHost(bad), TypeError, bad);
    }
  });
});

describe("the page's server over TLS", function () {
  this.timeout(30_000);
  let served: Served;
  let cards: ServedBoard[] = [];
  let ca: string;

  before(async () => {
    const place = { bind: "127.0.0.1", names: ["127.0.0.1", "phone.test"] };
    const tls = await ownCertificate(newFile(), place.names);
    ca = tls.cert;
    cards = await virtualCards(1);
    const maker = DEMO_MAKER_PUBLIC;
    served = await servePage({ folder: PAGE_FOLDER, boards: cards, maker, demo: true, place, tls });
  });
  after(async () => {
    await served?.close();
    for (const { board } of cards) board.powerOff();
  });

  /** Status of a request; the certificate is checked against its own. */
  const ask = (host: string, name = "127.0.0.1") =>
    new Promise<number>((resolve, reject) => {
      const { port } = new URL(served.url);
      const options = { host: "127.0.0.1", port, path: "/kincard.json", ca, headers: { host } };
      const sent = request(
        { ...options, servername: name === "127.0.0.1" ? "" : name },
        (answer) => {
          answer.resume();
          resolve(answer.statusCode ?? 0);
        },
      );
      sent.on("error", reject);
      sent.end();
    });

  it("answers exactly the listed names, whatever the address", async () => {
    const { port } = new URL(served.url);
    assert.equal(await ask(`127.0.0.1:${port}`), 200);
    assert.equal(await ask(`phone.test:${port}`, "phone.test"), 200);
    for (const host of [`localhost:${port}`, "127.0.0.1", `evil.example:${port}`, "phone.test:1"]) {
      assert.equal(await ask(host), 421, host);
    }
  });

  it("speaks no plain HTTP and no TLS before 1.2", async () => {
    const port = Number(new URL(served.url).port);
    const old = new Promise((resolve) => {
      const socket = connect({
        host: "127.0.0.1",
        port,
        ca,
        maxVersion: "TLSv1.1",
        minVersion: "TLSv1",
      });
      socket.on("secureConnect", () => resolve("connected"));
      socket.on("error", () => resolve("refused"));
    });
    assert.equal(await old, "refused");
    await assert.rejects(fetch(`http://127.0.0.1:${port}/`));
  });

  it("lives on after requests for no address at all", async () => {
    const { hostname, port, host } = new URL(served.url);
    for (const target of ["//", "//[", "http://[/", "/%", "/..", "*"]) {
      const answer = await new Promise<string>((resolve, reject) => {
        const socket = connect({ host: hostname, port: Number(port), ca });
        let text = "";
        socket.on("data", (data) => (text += String(data)));
        socket.on("error", reject).on("close", () => resolve(text));
        socket.end(`GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
      });
      assert.match(answer, /^HTTP\/1\.1 40[04] /, target);
    }
    assert.equal(await ask(host), 200);
  });

  const socketTo = (origin: string) => {
    const { port } = new URL(served.url);
    return new WebSocket(`wss://127.0.0.1:${port}/board/1`, { origin, ca });
  };
  it("hands a board to the page's own socket, and to no other site's", async () => {
    for (const origin of [
      "https://evil.example",
      served.url.replace("https", "http").slice(0, -1),
    ]) {
      const opened = await new Promise((resolve) => {
        const socket = socketTo(origin);
        socket.on("open", () => resolve(true));
        socket.on("error", () => resolve(false));
      });
      assert.equal(opened, false, origin);
    }
    const socket = socketTo(new URL(served.url).origin);
    const [duplex, feed] = makeDuplex({
      write: (bytes) => socket.send(bytes),
      close: () => socket.close(),
    });
    socket.on("message", (data: Buffer) => feed.data(new Uint8Array(data)));
    socket.on("close", () => feed.closed());
    await new Promise((resolve, reject) => socket.on("open", resolve).on("error", reject));
    const transport = await LineTransport.connect(duplex);
    assert.equal((await new CardSession(transport).greet()).state, "EMPTY");
    await transport.close();
  });

  it("serves other machines by no other way", async () => {
    const place = { bind: "0.0.0.0", names: ["localhost"] };
    const options = { folder: PAGE_FOLDER, boards: [], maker: DEMO_MAKER_PUBLIC, demo: true };
    await assert.rejects(servePage({ ...options, place }), /HTTPS alone/);
  });
});
