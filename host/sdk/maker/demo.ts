/**
 * The demo maker as a Maker. Its private key is published (firmware/build/demo-maker.ts): a card
 * that it certified protects nothing.
 */
import { DEMO_MAKER_PRIVATE, DEMO_MAKER_PUBLIC } from "../../../firmware/build/demo-maker.js";
import { fromHex } from "../crypto/bytes.js";
import { Maker } from "./maker.js";

/** Kmaker of the demo, public [33]. */
export const DEMO_MAKER = fromHex(DEMO_MAKER_PUBLIC);
export const demoMaker = () => Maker.fromSecret(fromHex(DEMO_MAKER_PRIVATE));
