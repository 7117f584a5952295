/**
 * The demo maker: a PUBLISHED private key, so that a clone can make and certify virtual cards. It
 * protects nothing: a card built with its public key says DEMO in every status.
 *
 * The private key is SHA-256 of DEMO_MAKER_SEED (already in 1..n-1); test/build/demo-maker.test.ts
 * computes both again.
 */
export const DEMO_MAKER_SEED = "kincard demo maker, published, protects nothing";
export const DEMO_MAKER_PRIVATE =
  "ee22a959dc6665a9494f51ea02ac29dc50defbf659f82af4a828ae167acfac8f";
/** SEC 1 compressed, on secp256k1. */
export const DEMO_MAKER_PUBLIC =
  "02dab8c0ba6a17c10394e9198dae23ac2fa7587f0b41f199217323bc459c2dd1e5";
