/** CERTIFICATE, docs/protocol.md 4: Cert_Card, unchecked. */

import { parseCertificate } from "../certificate.js";
import type { Certificate } from "../certificate.js";
import { command, nothing } from "./command.js";

export const CERTIFICATE = command<void, Certificate>("CERTIFICATE", nothing, parseCertificate);
