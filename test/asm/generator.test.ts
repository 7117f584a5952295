/**
 * The numbers that the kernel's generator puts into the blob: computed, so checked here against
 * published values and against their own definitions.
 */

import assert from "node:assert/strict";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { KERNEL_ENTRIES } from "../../firmware/kernel/abi.js";
import { buildKernel } from "../../firmware/kernel/build.js";
import { exponentOf, SQUARE_ROOT } from "../../firmware/kernel/gen/numbers/chain.js";
import { combPoints, SPACING, TEETH } from "../../firmware/kernel/gen/curve/constants.js";
import { BETA, G, LAMBDA, mod, N, P, SPLIT } from "../../firmware/kernel/gen/curve/curve.js";

const Point = secp256k1.Point;

describe("kernel generator: constants", () => {
  it("p, n and G are noble's", () => {
    assert.equal(P, Point.Fp.ORDER);
    assert.equal(N, Point.Fn.ORDER);
    assert.deepEqual([G.x, G.y], [Point.BASE.x, Point.BASE.y]);
  });

  it("lambda (x, y) = (beta x, y)", () => {
    assert.equal(mod(LAMBDA * LAMBDA + LAMBDA + 1n, N), 0n);
    const image = Point.BASE.multiply(LAMBDA);
    assert.deepEqual([image.x, image.y], [(BETA * G.x) % P, G.y]);
  });

  it("halves of k stay below 2^128 at the extremes of the rounding", () => {
    // k1 and k2 are largest where k is half-way between lattice points: around j n / (2 b).
    const edges = [0n, 1n, N - 1n, N / 2n, N / 2n + 1n, LAMBDA, N - LAMBDA, 2n ** 128n, 2n ** 255n];
    for (let j = 1n; j < 400n; j++) {
      edges.push((j * N) / 400n, mod(j * LAMBDA * 2n ** 100n, N), (2n * j + 1n) * 2n ** 120n);
      edges.push(((2n * j + 1n) << 383n) / SPLIT.g1, ((2n * j + 1n) << 383n) / SPLIT.g2);
    }
    const round = (value: bigint) => (value + (1n << 383n)) >> 384n;
    for (const k of edges.map((edge) => mod(edge, N))) {
      const k2 = mod(-round(k * SPLIT.g1) * SPLIT.b1 - round(k * SPLIT.g2) * SPLIT.b2, N);
      const k1 = mod(k - k2 * LAMBDA, N);
      for (const half of [k1, k2]) {
        const size = half > N / 2n ? N - half : half;
        assert.ok(size < 2n ** 128n, `${k.toString(16)} gives ${half.toString(16)}`);
      }
    }
  });

  it("the comb's points are the signed sums of its teeth", () => {
    combPoints().forEach((point, index) => {
      let k = 2n ** BigInt(SPACING * (TEETH - 1));
      for (let tooth = 0; tooth < TEETH - 1; tooth++) {
        const weight = 2n ** BigInt(SPACING * tooth);
        k += (index >> tooth) & 1 ? weight : -weight;
      }
      const expected = Point.BASE.multiply(mod(k, N));
      assert.deepEqual([point.x, point.y], [expected.x, expected.y], `entry ${index}`);
    });
  });

  it("the square root's program has its exponent", () => {
    assert.equal(exponentOf(SQUARE_ROOT), (P + 1n) / 4n);
  });
});

describe("kernel generator: the blob", () => {
  const kernel = buildKernel();

  it("has the entries of the ABI, in its order, four bytes apart", () => {
    const offsets = KERNEL_ENTRIES.map(({ name }) => kernel.entries[name].offset);
    assert.deepEqual(
      offsets,
      KERNEL_ENTRIES.map((_, number) => 4 * number),
    );
  });

  it("stays within 13,000 bytes, and 2,000 bytes of stack an entry", () => {
    assert.ok(kernel.bytes.length <= 13000, `${kernel.bytes.length} bytes`);
    for (const [name, bytes] of Object.entries(kernel.stack)) {
      assert.ok(bytes <= 2000, `${name}: ${bytes} bytes`);
    }
  });
});
