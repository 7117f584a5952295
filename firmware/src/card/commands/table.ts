/** The handlers, in the order of Cmd: (p1, length of the data in DATA) => answer. */
import type { Answer } from "../../types.js";
import { Cmd, Ins } from "../../wire/generated.js";
import { activate, changeCode, code, salt } from "./code.js";
import { accept, cancel, nameSource, offer } from "./destination.js";
import { certificate, certify, personalise } from "./make.js";
import { open } from "./open.js";
import { ledger, prove } from "./proofs.js";
import { reset } from "./reset.js";
import { confirm, finish, nameDestinations, resend, seal } from "./source.js";
import { status } from "./status.js";
import { publicKey, sign } from "./wallet.js";

export type Handler = (p1: number, length: number) => Answer;

export const handlers: (Handler | undefined)[] = [];

export function fillHandlers(): void {
  let i = 0;
  while (i < Ins.COUNT) handlers[i++] = undefined;
  handlers[Cmd.STATUS] = status;
  handlers[Cmd.PERSONALISE] = personalise;
  handlers[Cmd.CERTIFY] = certify;
  handlers[Cmd.CERTIFICATE] = certificate;
  handlers[Cmd.OPEN] = open;
  handlers[Cmd.SALT] = salt;
  handlers[Cmd.CODE] = code;
  handlers[Cmd.CHANGE_CODE] = changeCode;
  handlers[Cmd.ACTIVATE] = activate;
  handlers[Cmd.NAME_SOURCE] = nameSource;
  handlers[Cmd.OFFER] = offer;
  handlers[Cmd.NAME_DESTINATIONS] = nameDestinations;
  handlers[Cmd.SEAL] = seal;
  handlers[Cmd.ACCEPT] = accept;
  handlers[Cmd.CONFIRM] = confirm;
  handlers[Cmd.FINISH] = finish;
  handlers[Cmd.CANCEL] = cancel;
  handlers[Cmd.PUBLIC_KEY] = publicKey;
  handlers[Cmd.SIGN] = sign;
  handlers[Cmd.PROVE] = prove;
  handlers[Cmd.LEDGER] = ledger;
  handlers[Cmd.RESEND] = resend;
  handlers[Cmd.RESET] = reset;
}
