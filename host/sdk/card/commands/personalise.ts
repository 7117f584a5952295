/** PERSONALISE, docs/protocol.md 4: makes Kcard and asks for a certificate. */

import { SIZES } from "../../wire/generated.js";
import type { CertificateRequest } from "../certificate.js";
import { command, nothing, sized } from "./command.js";

const size = sized("PERSONALISE", SIZES.POINT + SIZES.SIGNATURE);

export const PERSONALISE = command<void, CertificateRequest>("PERSONALISE", nothing, (answer) => ({
  cardKey: size(answer).slice(0, SIZES.POINT),
  signature: answer.slice(SIZES.POINT),
}));
