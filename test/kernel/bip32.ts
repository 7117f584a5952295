/** BIP32's published test vectors 1 to 4 (private chains), and how to read an xprv. */

import { HDKey } from "@scure/bip32";

/** Key || chain code, as the kernel has a node. */
export const nodeOf = ({ privateKey, chainCode }: HDKey): Uint8Array =>
  Uint8Array.from([...(privateKey as Uint8Array), ...(chainCode as Uint8Array)]);

/** Key || chain code of an xprv; throws if its checksum is wrong. */
export const decodeXprv = (xprv: string): Uint8Array => nodeOf(HDKey.fromExtendedKey(xprv));

interface Step {
  /** From the step before; hardened ones have bit 31. */
  readonly index: number;
  readonly xprv: string;
}

export interface Chain {
  readonly name: string;
  readonly seed: string;
  readonly steps: readonly Step[];
}

const H = 2 ** 31;

function chain(
  name: string,
  seed: string,
  ...steps: readonly (readonly [number, string])[]
): Chain {
  return { name, seed, steps: steps.map(([index, xprv]) => ({ index, xprv: `xprv${xprv}` })) };
}

export const BIP32_CHAINS: readonly Chain[] = [
  chain(
    "test vector 1",
    "000102030405060708090a0b0c0d0e0f",
    [
      0,
      "9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqji" +
        "ChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi",
    ],
    [
      H,
      "9uHRZZhk6KAJC1avXpDAp4MDc3sQKNxDiPvvkX8Br5ngLNv1TxvUxt4" +
        "cV1rGL5hj6KCesnDYUhd7oWgT11eZG7XnxHrnYeSvkzY7d2bhkJ7",
    ],
    [
      1,
      "9wTYmMFdV23N2TdNG573QoEsfRrWKQgWeibmLntzniatZvR9BmLnvSx" +
        "qu53Kw1UmYPxLgboyZQaXwTCg8MSY3H2EU4pWcQDnRnrVA1xe8fs",
    ],
    [
      H + 2,
      "9z4pot5VBttmtdRTWfWQmoH1taj2axGVzFqSb8C9xaxKymcFzXBDptW" +
        "mT7FwuEzG3ryjH4ktypQSAewRiNMjANTtpgP4mLTj34bhnZX7UiM",
    ],
    [
      2,
      "A2JDeKCSNNZky6uBCviVfJSKyQ1mDYahRjijr5idH2WwLsEd4Hsb2Ty" +
        "h8RfQMuPh7f7RtyzTtdrbdqqsunu5Mm3wDvUAKRHSC34sJ7in334",
    ],
    [
      1000000000,
      "A41z7zogVVwxVSgdKUHDy1SKmdb533PjDz7J6N6mV6uS3ze1ai8FHa8" +
        "kmHScGpWmj4WggLyQjgPie1rFSruoUihUZREPSL39UNdE3BBDu76",
    ],
  ),
  chain(
    "test vector 2",
    "fffcf9f6f3f0edeae7e4e1dedbd8d5d2cfccc9c6c3c0bdbab7b4b1aeaba8a5a2" +
      "9f9c999693908d8a8784817e7b7875726f6c696663605d5a5754514e4b484542",
    [
      0,
      "9s21ZrQH143K31xYSDQpPDxsXRTUcvj2iNHm5NUtrGiGG5e2DtALGds" +
        "o3pGz6ssrdK4PFmM8NSpSBHNqPqm55Qn3LqFtT2emdEXVYsCzC2U",
    ],
    [
      0,
      "9vHkqa6EV4sPZHYqZznhT2NPtPCjKuDKGY38FBWLvgaDx45zo9WQRUT" +
        "3dKYnjwih2yJD9mkrocEZXo1ex8G81dwSM1fwqWpWkeS3v86pgKt",
    ],
    [
      H + 2147483647,
      "9wSp6B7kry3Vj9m1zSnLvN3xH8RdsPP1Mh7fAaR7aRLcQMKTR2vidYE" +
        "eEg2mUCTAwCd6vnxVrcjfy2kRgVsFawNzmjuHc2YmYRmagcEPdU9",
    ],
    [
      1,
      "9zFnWC6h2cLgpmSA46vutJzBcfJ8yaJGg8cX1e5StJh45BBciYTRXSd" +
        "25UEPVuesF9yog62tGAQtHjXajPPdbRCHuWS6T8XA2ECKADdw4Ef",
    ],
    [
      H + 2147483646,
      "A1RpRA33e1JQ7ifknakTFpgNXPmW2YvmhqLQYMmrj4xJXXWYpDPS3xz" +
        "7iAxn8L39njGVyuoseXzU6rcxFLJ8HFsTjSyQbLYnMpCqE2VbFWc",
    ],
    [
      2,
      "A2nrNbFZABcdryreWet9Ea4LvTJcGsqrMzxHx98MMrotbir7yrKCEXw" +
        "7nadnHM8Dq38EGfSh6dqA9QWTyefMLEcBYJUuekgW4BYPJcr9E7j",
    ],
  ),
  chain(
    "test vector 3 (leading zeros)",
    "4b381541583be4423346c643850da4b320e46a87ae3d2a4e6da11eba819cd4ac" +
      "ba45d239319ac14f863b8d5ab5a0d0c64d2e8a1e7d1457df2e5a3c51c73235be",
    [
      0,
      "9s21ZrQH143K25QhxbucbDDuQ4naNntJRi4KUfWT7xo4EKsHt2QJDu7" +
        "KXp1A3u7Bi1j8ph3EGsZ9Xvz9dGuVrtHHs7pXeTzjuxBrCmmhgC6",
    ],
    [
      H,
      "9uPDJpEQgRQfDcW7BkF7eTya6RPxXeJCqCJGHuCJ4GiRVLzkTXBAJMu" +
        "2qaMWPrS7AANYqdq6vcBcBUdJCVVFceUvJFjaPdGZ2y9WACViL4L",
    ],
  ),
  chain(
    "test vector 4 (leading zeros)",
    "3ddd5602285899a946114506157c7997e5444528f3003f6134712147db19b678",
    [
      0,
      "9s21ZrQH143K48vGoLGRPxgo2JNkJ3J3fqkirQC2zVdk5Dgd5w14S7f" +
        "RDyHH4dWNHUgkvsvNDCkvAwcSHNAQwhwgNMgZhLtQC63zxwhQmRv",
    ],
    [
      H,
      "9vB7xEWwNp9kh1wQRfCCQMnZUEG21LpbR9NPCNN1dwhiZkjjeGRnaAL" +
        "mPXCX7SgjFTiCTT6bXes17boXtjq3xLpcDjzEuGLQBM5ohqkao9G",
    ],
    [
      H + 1,
      "9xJocDuwtYCMNAo3Zw76WENQeAS6WGXQ55RCy7tDJ8oALr4FWkuVoHJ" +
        "eHVAcAqiZLE7Je3vZJHxspZdFHfnBEjHqU5hG1Jaj32dVoS6XLT1",
    ],
  ),
];
