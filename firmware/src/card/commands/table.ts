/** The handlers by Cmd, the place of an instruction in the table: firmware/wire/table.ts. */
import type { Answer } from "../../types.js";
import { activate, changeCode, code, salt } from "./code.js";
import { consent } from "./consent.js";
import { accept, cancel, nameSource, offer } from "./destination.js";
import { certificate, certify, personalise } from "./make.js";
import { open } from "./open.js";
import { ledger, prove } from "./proofs.js";
import { reset } from "./reset.js";
import { confirm, finish, nameDestinations, resend, seal } from "./source.js";
import { status } from "./status.js";
import { publicKey, sign } from "./wallet.js";

/** Takes P1 and the length of the data in DATA. */
export type Handler = (p1: number, length: number) => Answer;

/** 0: no such command. */
// prettier-ignore
export const handlers: (Handler | 0)[] = [
  // from 10 on
  status, personalise, certify, certificate, 0, 0, 0, 0,
  // from 20 on
  open, salt, code, changeCode, activate, 0, 0, 0,
  // from 30 on
  nameSource, offer, nameDestinations, seal, accept, confirm, finish, cancel,
  // from 40 on
  publicKey, sign, prove, ledger, resend, consent, 0, reset,
];
