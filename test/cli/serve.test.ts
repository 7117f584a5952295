/**
 * `kincard serve`: wallets' own libraries talk to it (viem over EIP-1193, PSBTs as HWI hands them
 * over), and nobody without the token, from a web page or by another name gets in.
 */

import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { createInterface } from "node:readline";
import type { Writable } from "node:stream";
import { HDKey } from "@scure/bip32";
import * as btc from "@scure/btc-signer";
import { createWalletClient, custom, recoverMessageAddress, recoverTypedDataAddress } from "viem";
import { recoverTransactionAddress } from "viem";
import { mainnet } from "viem/chains";
import type { MethodOptions } from "../../host/apps/serve/entry.js";
import { describe as describedAs, methodsFor } from "../../host/apps/serve/methods.js";
import { RPC, RpcError, serveRpc } from "../../host/apps/serve/rpc.js";
import { VIRTUAL_CODE, virtualCard, type VirtualCard } from "../../host/emulator/card/index.js";
import { parsePath } from "../../host/sdk/crypto/bip32.js";
import { needsBundle } from "../host/support.js";
import { readBitcoinMessage } from "./openssl.js";
import { CLI, Rig } from "./support.js";

interface Served {
  readonly url: string;
  readonly token: string;
}

describe("cli: serve", function () {
  this.timeout(60_000);
  needsBundle(this);
  const rig = new Rig();
  let card: VirtualCard;
  let served: Served;
  /** What the programs say on stderr. */
  let shown = "";
  const programs: ChildProcess[] = [];
  /** `kincard serve` for this card, with these options besides. */
  async function start({ board }: VirtualCard, ...more: string[]): Promise<Served> {
    const uri = await rig.serve(board);
    const options = ["--card", uri, "--code-fd", "3", "--accept-cost", "10", "--yes", "--json"];
    const env = { ...process.env, NO_COLOR: "1", XDG_CONFIG_HOME: rig.file("config") };
    const stdio = ["ignore", "pipe", "pipe", "pipe"] as ("ignore" | "pipe")[];
    const program = spawn(process.execPath, [CLI, "serve", ...options, ...more], { stdio, env });
    programs.push(program);
    program.stderr?.on("data", (data) => (shown += String(data)));
    (program.stdio[3] as Writable).end(`${VIRTUAL_CODE}\n`);
    const lines = createInterface(program.stdout as NodeJS.ReadableStream);
    const [line] = (await once(lines, "line")) as [string];
    return JSON.parse(line) as Served;
  }
  before(async () => {
    card = await virtualCard({ seed: "serve" });
    await card.connect();
    served = await start(card);
  });
  after(async () => {
    for (const program of programs) program.kill("SIGKILL");
    await rig.end();
    await card.close();
  });

  const call = async (method: string, params: unknown = [], { url, token } = served) => {
    const response = await fetch(url, {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify({ jsonrpc: "2.0", id: 7, method, params }),
    });
    assert.equal(response.status, 200);
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
    return (await response.json()) as any;
  };
  const result = async (method: string, params?: unknown, at: Served = served) => {
    const answer = await call(method, params, at);
    assert.equal(answer.error, undefined, JSON.stringify(answer.error));
    assert.equal(answer.id, 7);
    return answer.result;
  };

  it("is a provider for viem: accounts, message, typed data", async () => {
    const transport = custom({ request: ({ method, params }) => result(method, params) });
    const client = createWalletClient({ chain: mainnet, transport });
    const [account = "0x"] = await client.requestAddresses();
    const signature = await client.signMessage({ account, message: "hello" });
    assert.equal(await recoverMessageAddress({ message: "hello", signature }), account);
    assert.match(shown, /"hello"/);
    const typed = {
      domain: { name: "Shop", chainId: 1 },
      types: { Order: [{ name: "amount", type: "uint256" }] },
      primaryType: "Order",
      message: { amount: 5n },
    } as const;
    const second = await client.signTypedData({ account, ...typed });
    assert.equal(await recoverTypedDataAddress({ ...typed, signature: second }), account);
  });

  it("signs transactions of its chain alone", async () => {
    const [from] = await result("eth_accounts");
    assert.equal(await result("eth_chainId"), "0x1");
    const transaction = {
      ...{ from, to: from, nonce: "0x0", gas: "0x5208", value: "0x1" },
      ...{ maxFeePerGas: "0x10", maxPriorityFeePerGas: "0x1" },
    };
    const serializedTransaction = await result("eth_signTransaction", [transaction]);
    assert.equal(await recoverTransactionAddress({ serializedTransaction }), from);
    for (const change of [{ chainId: 5 }, { from: `0x${"11".repeat(20)}` }, { nonsense: 1 }]) {
      const { error } = await call("eth_signTransaction", [{ ...transaction, ...change }]);
      assert.equal(error.code, RPC.PARAMS, JSON.stringify(change));
    }
  });

  it("--chain, --network: of that chain alone, and that network's keys and addresses", async () => {
    const other = await virtualCard({ seed: "serve: elsewhere" });
    const at = await start(other, "--chain", "10", "--network", "testnet");
    assert.equal(await result("eth_chainId", [], at), "0xa");
    const path = "m/84'/1'/0'/0/0";
    assert.match((await result("getxpub", { path }, at)).xpub, /^tpub/);
    assert.match((await result("displayaddress", [path], at)).address, /^tb1q/);
    await other.close();
  });

  it("does HWI's commands: enumerate, xpub, descriptors, address, signtx", async () => {
    const [{ fingerprint, label }] = await result("enumerate");
    assert.equal(label, card.label);
    const path = "m/84'/0'/0'/0/0";
    const { xpub } = await result("getxpub", { path });
    assert.match(xpub, /^xpub/);
    const { receive } = await result("getdescriptors", {});
    assert.equal(receive.length, 3);
    const { address } = await result("displayaddress", [path]);
    assert.match(address, /^bc1q/);
    const publicKey = HDKey.fromExtendedKey(xpub).publicKey as Uint8Array;
    const { script } = btc.p2wpkh(publicKey);
    const from = { fingerprint: Number(`0x${fingerprint}`), path: parsePath(path) };
    const transaction = new btc.Transaction();
    transaction.addInput({
      ...{ txid: "33".repeat(32), index: 0, witnessUtxo: { script, amount: 9000n } },
      bip32Derivation: [[publicKey, from]],
    });
    transaction.addOutputAddress("bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu", 8000n);
    const psbt = Buffer.from(transaction.toPSBT()).toString("base64");
    const signed = await result("signtx", { psbt });
    assert.equal(signed.signed, true);
    const found = btc.Transaction.fromPSBT(Buffer.from(signed.psbt, "base64"));
    found.finalize();
    assert.match(shown, /fee +0\.00001000 BTC/);
    assert.match(shown, new RegExp(`An address of this card:\\n.*m/84'.*\\n.*${address}`));
  });

  it("signs a message as Bitcoin Core does, by whatever path", async () => {
    for (const path of ["m/44'/0'/0'/0/0", "m/84'/0'/0'/0/3"]) {
      const message = `at ${path}, ☕`;
      const { signature } = await result("signmessage", [message, path]);
      const { xpub } = await result("getxpub", { path });
      const { header, publicKey, good } = readBitcoinMessage(message, signature);
      const expected = HDKey.fromExtendedKey(xpub).publicKey as Uint8Array;
      assert.deepEqual([publicKey, good], [Buffer.from(expected).toString("hex"), true]);
      assert.ok(header >= 31 && header <= 34, `header ${header}`);
      assert.match(shown, new RegExp(`A message, for Bitcoin:\\n.*address +1.*\\n.*${path}`));
    }
    for (const wrong of [["\ud800", "m/44'"], ["text"], [7, "m"]]) {
      const { error } = await call("signmessage", wrong);
      assert.equal(error.code, RPC.PARAMS, JSON.stringify(wrong));
    }
  });

  it("signs nothing that nobody agreed to", async () => {
    const other = await virtualCard();
    const token = "a token";
    const options: MethodOptions = {
      ...{ source: () => other.session, label: other.label, chainId: 1 },
      network: "bitcoin",
      approve: () => Promise.reject(new RpcError(RPC.REJECTED, "the user did not agree")),
      show: () => undefined,
    };
    const methods = methodsFor(options, "0");
    const description = { path: "/openrpc.json", document: describedAs("0") };
    const { url, close } = await serveRpc({ methods, token, port: 0, description });
    try {
      const { result: accounts } = await call("eth_accounts", [], { url, token });
      const { error, result: none } = await call("personal_sign", ["0x00", accounts[0]], {
        url,
        token,
      });
      assert.equal(error.code, RPC.REJECTED);
      assert.equal(none, undefined);
      const bitcoin = await call("signmessage", ["text", "m/44'/0'/0'/0/0"], { url, token });
      assert.equal(bitcoin.error.code, RPC.REJECTED);
    } finally {
      await close();
      await other.close();
    }
  });

  it("answers what is no call with JSON-RPC's codes", async () => {
    assert.equal((await call("eth_sendEther")).error.code, RPC.METHOD);
    assert.equal((await call("constructor")).error.code, RPC.METHOD);
    assert.equal((await call("getxpub", ["m/84'/x"])).error.code, RPC.PARAMS);
    assert.equal((await call("signtx", ["AAAA"])).error.code, RPC.PARAMS);
    const headers = { authorization: `Bearer ${served.token}` };
    for (const [body, code] of [
      ["{", RPC.PARSE],
      ["[]", RPC.REQUEST],
    ] as const) {
      const answer = await fetch(served.url, { method: "POST", headers, body });
      assert.equal(((await answer.json()) as { error: { code: number } }).error.code, code);
    }
  });

  const status = (headers: Record<string, string>, method = "POST") =>
    new Promise<number | undefined>((resolve, reject) => {
      const request = httpRequest(served.url, { method, headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      request.on("error", reject);
      request.end(method === "POST" ? "{}" : undefined);
    });
  it("lets nobody in without the token, from a page, or under another name", async () => {
    const authorization = `Bearer ${served.token}`;
    assert.equal(await status({ authorization }), 200);
    assert.equal(await status({}), 401);
    assert.equal(await status({ authorization: "Bearer other" }), 401);
    assert.equal(await status({ authorization, origin: "https://evil.example" }), 403);
    assert.equal(await status({ authorization, origin: "null" }), 403);
    assert.equal(await status({ authorization, host: "evil.example" }), 403);
    assert.equal(await status({ authorization }, "GET"), 405);
  });

  it("drops a request that does not end", async () => {
    const headers = { authorization: `Bearer ${served.token}` };
    const body = "x".repeat(2 << 20);
    await assert.rejects(fetch(served.url, { method: "POST", headers, body }));
    assert.equal((await result("enumerate")).length, 1);
  });

  it("serves this machine alone, until Ctrl-C, which is its good end", async () => {
    assert.match(served.url, /^http:\/\/127\.0\.0\.1:\d+\/$/);
    const program = programs[0] as ChildProcess;
    program.kill("SIGINT");
    const [exit] = await once(program, "exit");
    assert.equal(exit, 0, shown);
  });
});
