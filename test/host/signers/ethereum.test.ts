/**
 * viem's and ethers' signers over a card: published vectors of EIP-191, 712 and 155, and whatever a
 * virtual card signs, verified by the libraries themselves, the sender recovered.
 */
import assert from "node:assert/strict";
import { ethers } from "ethers";
import { hexToBytes, parseEther, parseGwei, parseTransaction } from "viem";
import { recoverMessageAddress, recoverTransactionAddress, recoverTypedDataAddress } from "viem";
import type { TransactionSerializable } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { recoverAuthorizationAddress } from "viem/utils";
import { virtualCard, type VirtualCard } from "../../../host/emulator/card/index.js";
import { cardSigner } from "../../../host/sdk/signers/ethers.js";
import { cardAccount, ETHEREUM_PATH } from "../../../host/sdk/signers/viem.js";
import { VerifyError } from "../../../host/sdk/failures/failure.js";
import { needsBundle } from "../support.js";
import { cardOfKey } from "./card.js";

/** The "Ether Mail" of EIP-712. */
const MAIL = {
  domain: {
    name: "Ether Mail",
    version: "1",
    chainId: 1,
    verifyingContract: "0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC",
  },
  types: {
    Person: [
      { name: "name", type: "string" },
      { name: "wallet", type: "address" },
    ],
    Mail: [
      { name: "from", type: "Person" },
      { name: "to", type: "Person" },
      { name: "contents", type: "string" },
    ],
  },
  primaryType: "Mail",
  message: {
    from: { name: "Cow", wallet: "0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826" },
    to: { name: "Bob", wallet: "0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB" },
    contents: "Hello, Bob!",
  },
} as const;
/** keccak256("cow"): the key that EIP-712's example signs with. */
const COW = "0xc85ef7d79691fe79573b1a7064c19c1a9819ebdbd1faaab1a8ec92344438aaf4";
const MAIL_SIGNATURE =
  "0x4355c47d63924e8a72e509b65029052eb6c299d53a04e167c5775fd466751c9d" +
  "07299936d304c153f6443dfa05f40ff007d72911b6f72307f996231605b915621c";
/** EIP-155's example: nonce 9, 20 gwei, 21000 gas, one ether, chain 1. */
const EXAMPLE = {
  key: `0x${"46".repeat(32)}`,
  transaction: {
    type: "legacy",
    chainId: 1,
    nonce: 9,
    gasPrice: 20_000_000_000n,
    gas: 21000n,
    to: `0x${"35".repeat(20)}`,
    value: parseEther("1"),
  },
  signed:
    "0xf86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a764000080" +
    "25a028ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276" +
    "a067cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83",
} as const;

const TO = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8" as const;
const FEES = { maxFeePerGas: parseGwei("30"), maxPriorityFeePerGas: parseGwei("1"), gas: 60_000n };
const TRANSACTIONS: Readonly<Record<string, TransactionSerializable>> = {
  legacy: { type: "legacy", chainId: 1, nonce: 1, gasPrice: 7n, gas: 21_000n, to: TO, value: 5n },
  eip2930: {
    ...{
      type: "eip2930",
      chainId: 10,
      nonce: 2,
      gasPrice: 9n,
      gas: 40_000n,
      to: TO,
      data: "0xabcd",
    },
    accessList: [{ address: TO, storageKeys: [`0x${"00".repeat(31)}01`] }],
  },
  eip1559: { type: "eip1559", chainId: 8453, nonce: 3, ...FEES, to: TO, value: parseEther("0.1") },
  eip7702: {
    ...{ type: "eip7702", chainId: 1, nonce: 4, ...FEES, to: TO },
    authorizationList: [
      { address: TO, chainId: 1, nonce: 1, r: "0x01", s: "0x02", yParity: 0 } as const,
    ],
  },
};

describe("Ethereum's signers", function () {
  this.timeout(60_000);
  needsBundle(this);
  let card: VirtualCard;
  before(async () => void (card = await virtualCard({ seed: "ethereum" })));
  after(() => card.close());

  describe("by published vectors", () => {
    it("EIP-712's mail, by viem and by ethers", async () => {
      const cow = cardOfKey(hexToBytes(COW));
      const account = await cardAccount(cow);
      assert.equal(account.address, MAIL.message.from.wallet);
      assert.equal(await account.signTypedData(MAIL), MAIL_SIGNATURE);
      const signer = await cardSigner(cow);
      const { Person, Mail } = MAIL.types;
      const types = { Person: [...Person], Mail: [...Mail] };
      assert.equal(await signer.signTypedData(MAIL.domain, types, MAIL.message), MAIL_SIGNATURE);
    });
    it("EIP-155's transaction, by viem and by ethers", async () => {
      const known = cardOfKey(hexToBytes(EXAMPLE.key));
      const account = await cardAccount(known);
      assert.equal(await account.signTransaction(EXAMPLE.transaction), EXAMPLE.signed);
      const { gas, nonce, chainId, gasPrice, to, value } = EXAMPLE.transaction;
      const request = { nonce, chainId, gasPrice, to, value, gasLimit: gas, type: 0 };
      const signer = await cardSigner(known);
      assert.equal(await signer.signTransaction(request), EXAMPLE.signed);
    });
    it("what the libraries' own key signs: every kind of transaction, message and authorization", async () => {
      const own = privateKeyToAccount(COW);
      const account = await cardAccount(cardOfKey(hexToBytes(COW)));
      const wallet = new ethers.Wallet(COW);
      const signer = await cardSigner(cardOfKey(hexToBytes(COW)));
      for (const [name, transaction] of Object.entries(TRANSACTIONS)) {
        const wanted = await own.signTransaction(transaction);
        assert.equal(await account.signTransaction(transaction), wanted, name);
      }
      assert.equal(
        await account.signMessage({ message: { raw: "0x00ff" } }),
        await own.signMessage({ message: { raw: "0x00ff" } }),
      );
      assert.equal(await signer.signMessage("héllo"), await wallet.signMessage("héllo"));
      const request = { address: TO, chainId: 1, nonce: 7 };
      assert.deepEqual(
        await account.signAuthorization(request),
        await own.signAuthorization(request),
      );
      const mine = await signer.authorize(request);
      const theirs = wallet.authorizeSync(request);
      assert.equal(mine.signature.serialized, theirs.signature.serialized);
      assert.deepEqual([mine.address, mine.nonce], [theirs.address, theirs.nonce]);
    });
  });

  describe("with a virtual card", () => {
    it("viem: the sender of every kind of transaction is recovered", async () => {
      const account = await cardAccount(card.session);
      for (const [name, transaction] of Object.entries(TRANSACTIONS)) {
        const serializedTransaction = await account.signTransaction(transaction);
        const decoded = parseTransaction(serializedTransaction as `0x02${string}`);
        assert.equal(decoded.to?.toLowerCase(), TO.toLowerCase(), name);
        assert.equal(decoded.nonce, transaction.nonce, name);
        const signed = serializedTransaction as `0x02${string}`;
        const sender = await recoverTransactionAddress({ serializedTransaction: signed });
        assert.equal(sender, account.address, name);
      }
    });
    it("viem: messages, typed data and authorizations are the account's", async () => {
      const account = await cardAccount(() => card.session);
      const { address } = account;
      const message = "a message";
      const signature = await account.signMessage({ message });
      assert.equal(await recoverMessageAddress({ message, signature }), address);
      const typed = await account.signTypedData(MAIL);
      assert.equal(await recoverTypedDataAddress({ ...MAIL, signature: typed }), address);
      const authorization = await account.signAuthorization({ address: TO, chainId: 1, nonce: 0 });
      assert.equal(await recoverAuthorizationAddress({ authorization }), address);
    });
    it("ethers: transaction, message and typed data are the signer's", async () => {
      const signer = await cardSigner(card.session);
      const { address } = signer;
      const request = {
        ...{ to: TO, value: 7n, nonce: 0, gasLimit: 21_000n, chainId: 1, type: 2 },
        ...{ maxFeePerGas: 9n, maxPriorityFeePerGas: 1n, from: address },
      };
      const sent = ethers.Transaction.from(await signer.signTransaction(request));
      assert.deepEqual([sent.from, sent.to, sent.value], [address, TO, 7n]);
      assert.equal(ethers.verifyMessage("hi", await signer.signMessage("hi")), address);
      const { Person, Mail } = MAIL.types;
      const types = { Person: [...Person], Mail: [...Mail] };
      const signature = await signer.signTypedData(MAIL.domain, types, MAIL.message);
      const found = ethers.verifyTypedData(MAIL.domain, types, MAIL.message, signature);
      assert.equal(found, address);
    });
    it("both have the same address, another at another path", async () => {
      const account = await cardAccount(card.session, ETHEREUM_PATH);
      const signer = await cardSigner(card.session);
      assert.equal(signer.address, account.address);
      const other = await cardAccount(card.session, "m/44'/60'/1'/0/0");
      assert.notEqual(other.address, account.address);
    });
    it("many at once are signed one after the other", async () => {
      const account = await cardAccount(card.session);
      const messages = ["a", "b", "c"];
      const signed = await Promise.all(messages.map((message) => account.signMessage({ message })));
      for (const [index, signature] of signed.entries()) {
        const message = messages[index] as string;
        assert.equal(await recoverMessageAddress({ message, signature }), account.address);
      }
    });
    it("ethers refuses a transaction from somebody else", async () => {
      const signer = await cardSigner(card.session);
      await assert.rejects(signer.signTransaction({ from: TO, to: TO }), RangeError);
    });
    it("a signature of another key is no signature", async () => {
      const account = await cardAccount(card.session);
      const other = cardOfKey(new Uint8Array(32).fill(9));
      const wrong = await cardAccount({
        publicKey: (path) => card.session.publicKey(path),
        // as a session does, which checks what a card signs
        sign: async (path, digest, publicKey) => {
          const signed = await other.sign(path, digest);
          const mine = await other.publicKey(path);
          assert.notDeepEqual(publicKey, mine.publicKey);
          throw Object.assign(new VerifyError("verify/signature", {}), { signed });
        },
      });
      assert.equal(wrong.address, account.address);
      await assert.rejects(wrong.signMessage({ message: "x" }), VerifyError);
    });
  });
});
