/**
 * What `kincard serve` says of itself (OpenRPC): valid by the standard's own schema, whole, the same
 * wherever it is asked for, and true: each call's parameters and answers fit it, on a real card.
 */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import * as openRpcPackage from "@open-rpc/meta-schema";
import * as btc from "@scure/btc-signer";
import Ajv from "ajv";
import { describe as describedAs, methodsFor } from "../../host/apps/serve/methods.js";
import { DOCUMENT_PATH } from "../../host/apps/serve/openrpc.js";
import { RPC, RpcError, serveRpc, type Serving } from "../../host/apps/serve/rpc.js";
import { virtualCard, type VirtualCard } from "../../host/emulator/card/index.js";
import { parsePath } from "../../host/sdk/crypto/bip32.js";
import { FIELDS } from "../../host/sdk/signers/ethereum-request.js";
import { masterFingerprint } from "../../host/sdk/signers/source.js";
import { needsBundle } from "../host/support.js";
import { kincardHere } from "./support.js";

interface Described {
  readonly name: string;
  readonly schema: { readonly properties?: object };
  readonly required?: boolean;
}
interface Method {
  readonly name: string;
  readonly params: readonly Described[];
  readonly result: Described;
  readonly errors: readonly { readonly $ref: string }[];
}
interface OpenRpc {
  readonly info: { readonly version: string };
  readonly methods: readonly Method[];
}
interface Answer {
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}
const { version } = JSON.parse(
  readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
) as { version: string };
const document = describedAs(version) as OpenRpc;
const method = (named: string) => document.methods.find(({ name }) => name === named);

/** Its types don't name it. */
const { openrpcDocument } = openRpcPackage as unknown as { readonly openrpcDocument: object };
/** The standard's schema; it takes a schema within for one of draft 7. */
function openRpcFaults(given: unknown): readonly unknown[] {
  const ajv = new Ajv({ allErrors: true });
  const within = { $ref: "http://json-schema.org/draft-07/schema#" };
  const definitions = { JSONSchemaObject: { properties: { $ref: { type: "string" } } } };
  // it is named both ways
  for (const end of ["", "/"])
    ajv.addSchema({ allOf: [within], definitions }, `https://meta.json-schema.tools${end}`);
  const fits = ajv.compile({
    ...openrpcDocument,
    $schema: "http://json-schema.org/draft-07/schema#",
  });
  return fits(given) ? [] : (fits.errors ?? ["unknown"]);
}
function faults(schema: object, value: unknown): string | undefined {
  const ajv = new Ajv({ allErrors: true });
  return ajv.validate(schema, value) ? undefined : ajv.errorsText();
}

describe("cli: serve's description", function () {
  this.timeout(60_000);
  needsBundle(this);
  const token = "a token";
  let card: VirtualCard;
  let served: Serving;
  let agrees = true;
  let samples: Readonly<Record<string, readonly unknown[]>>;

  async function psbt(): Promise<string> {
    const path = "m/84'/0'/0'/0/0";
    const { publicKey } = await card.session.publicKey(parsePath(path));
    const fingerprint = Number(`0x${await masterFingerprint(card.session)}`);
    const transaction = new btc.Transaction();
    const { script } = btc.p2wpkh(publicKey);
    transaction.addInput({
      ...{ txid: "33".repeat(32), index: 0, witnessUtxo: { script, amount: 9000n } },
      bip32Derivation: [[publicKey, { fingerprint, path: parsePath(path) }]],
    });
    transaction.addOutputAddress("bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu", 8000n);
    return Buffer.from(transaction.toPSBT()).toString("base64");
  }
  before(async () => {
    card = await virtualCard({ seed: "describe" });
    await card.unlock();
    const approve = () =>
      agrees ? Promise.resolve() : Promise.reject(new RpcError(RPC.REJECTED, "no"));
    const options = { label: card.label, chainId: 1, network: "bitcoin", approve } as const;
    const methods = methodsFor(
      { ...options, source: () => card.session, show: () => undefined },
      version,
    );
    const description = { path: DOCUMENT_PATH, document };
    served = await serveRpc({ methods, token, port: 0, description });
    const [address] = (await call("eth_accounts", [])).result as string[];
    const types = { Order: [{ name: "amount", type: "uint256" }] };
    const order = { types, primaryType: "Order", domain: { chainId: 1 }, message: { amount: 5 } };
    samples = {
      eth_accounts: [],
      eth_requestAccounts: [],
      eth_chainId: [],
      personal_sign: ["0x6869", address],
      eth_signTypedData_v4: [address, order],
      eth_signTransaction: [{ to: address, nonce: "0x0", gas: 21000, gasPrice: "0x1" }],
      enumerate: [],
      getxpub: ["m/84'/0'/0'"],
      getdescriptors: [2],
      displayaddress: ["m/49h/0h/0h/0/0"],
      signmessage: ["hello", "m/44'/0'/0'/0/0"],
      signtx: [await psbt()],
      "rpc.discover": [],
    };
  });
  after(async () => {
    await served.close();
    await card.close();
  });

  async function call(name: string, params: unknown): Promise<Answer> {
    const response = await fetch(served.url, {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: name, params }),
    });
    return (await response.json()) as Answer;
  }
  const byName = ({ name, params }: Method) =>
    Object.fromEntries(params.map((param, index) => [param.name, samples[name]?.[index]]));

  it("fits OpenRPC's own schema, which would refuse another", () => {
    assert.deepEqual(openRpcFaults(document), []);
    const [first, ...rest] = document.methods;
    for (const wrong of [
      { params: undefined },
      { paramStructure: "any" },
      { result: { name: "x", schema: { type: "strin" } } },
    ]) {
      const other = JSON.parse(JSON.stringify({ ...first, ...wrong })) as object;
      const found = openRpcFaults({ ...document, methods: [other, ...rest] });
      assert.notDeepEqual(found, [], JSON.stringify(wrong));
    }
  });

  it("has a sample call here for each method, and the program's version", () => {
    assert.deepEqual(Object.keys(samples).sort(), document.methods.map(({ name }) => name).sort());
    assert.equal(document.info.version, version);
  });

  for (const { name, params, result, errors } of document.methods) {
    it(`${name}: its parameters and its answer fit, by position and by name`, async () => {
      const given = samples[name] ?? [];
      assert.equal(given.length, params.length, "parameters");
      params.forEach(({ schema }, index) => assert.equal(faults(schema, given[index]), undefined));
      for (const way of [given, byName(method(name) as Method)]) {
        const answer = await call(name, way);
        assert.equal(answer.error, undefined, JSON.stringify(answer.error));
        assert.equal(faults(result.schema, answer.result), undefined);
        assert.ok(faults(result.schema, null), "its schema takes anything");
      }
    });
    it(`${name}: what it says is required is, and asked for is what it says`, async () => {
      for (const [index, { name: param, required }] of params.entries()) {
        const given = [...(samples[name] ?? [])];
        given[index] = null;
        const { error } = await call(name, given);
        if (required) assert.match(error?.message ?? "", new RegExp(`"${param}" .*is missing`));
        else assert.equal(error, undefined, error?.message);
        given[index] = true;
        assert.equal((await call(name, given)).error?.code, RPC.PARAMS, `${param}: true`);
      }
      agrees = false;
      const { error } = await call(name, samples[name]);
      agrees = true;
      const says = errors.some(({ $ref }) => $ref.endsWith("/rejected"));
      assert.equal(error?.code, says ? RPC.REJECTED : undefined, error?.message);
    });
  }

  it("names the fields of a transaction that are known", () => {
    const [{ schema }] = method("eth_signTransaction")?.params as [Described];
    const named = Object.keys(schema.properties ?? {});
    assert.deepEqual(named.sort(), [...FIELDS, "gasLimit", "input", "type"].sort());
  });

  it("is the same from the command, by GET without a token, and by rpc.discover", async () => {
    const response = await fetch(new URL(DOCUMENT_PATH, served.url));
    assert.equal(response.headers.get("content-type"), "application/json");
    assert.deepEqual(await response.json(), document);
    assert.deepEqual((await call("rpc.discover", [])).result, document);
    for (const more of [["--json"], []]) {
      const { exit, stdout, stderr } = await kincardHere(["serve", "--describe", ...more]);
      assert.equal(exit, 0, stderr);
      assert.deepEqual(JSON.parse(stdout), document);
    }
    const { exit, stderr } = await kincardHere(["serve"]);
    assert.equal(exit, 2);
    assert.match(stderr, /--card is missing/);
  });

  it("tells nothing of the card, its keys or its token", async () => {
    const text = JSON.stringify(document);
    const [{ fingerprint }] = (await call("enumerate", [])).result as [{ fingerprint: string }];
    const secrets = [token, card.label, fingerprint, new URL(served.url).port];
    for (const secret of secrets) assert.ok(!text.includes(secret), secret);
  });

  const status = (path: string, headers: Record<string, string> = {}, verb = "GET") =>
    new Promise<number | undefined>((resolve, reject) => {
      const url = new URL(path, served.url);
      const request = httpRequest(url, { method: verb, headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      request.on("error", reject);
      request.end();
    });
  it("is told to no page, and nothing else is told without the token", async () => {
    assert.equal(await status(DOCUMENT_PATH), 200);
    assert.equal(await status(DOCUMENT_PATH, { "sec-fetch-site": "none" }), 200);
    for (const headers of [
      { origin: "https://evil.example" },
      { host: "evil.example" },
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-origin" },
    ] as Record<string, string>[])
      assert.equal(await status(DOCUMENT_PATH, headers), 403, JSON.stringify(headers));
    assert.equal(await status("/"), 401);
    assert.equal(await status(`${DOCUMENT_PATH}?x`), 401);
    assert.equal(await status(DOCUMENT_PATH, {}, "POST"), 401);
  });

  it("stands in docs/cli.md, method by method, with its parameters", () => {
    const docs = readFileSync(new URL("../../docs/cli.md", import.meta.url), "utf8");
    const [, part = ""] = /### Behind a socket\n([^]*?)\n## /.exec(docs) ?? [];
    const rows = part.split("\n").filter((line) => line.startsWith("| `"));
    for (const { name, params } of document.methods) {
      const row = rows.find((line) => line.split("|")[1]?.includes(`\`${name}\``)) ?? "";
      assert.ok(row, `no row for ${name}`);
      for (const param of params)
        assert.ok(row.includes(`\`${param.name}\``), `${name}: ${param.name}`);
    }
    const told = rows.flatMap((line) => line.split("|")[1]?.match(/[\w.]+/g) ?? []);
    assert.deepEqual(told.sort(), document.methods.map(({ name }) => name).sort());
  });
});
