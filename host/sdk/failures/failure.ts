/**
 * The library's errors. All are `Failure`s: a code of facts.ts, its facts, and a plain English
 * message made of them. A class of its own has what callers tell apart: a card's refusal, a link's
 * failure, what is not genuine, a ceremony that stopped (relay/errors.ts). Browser-safe.
 */

import { kindOf } from "./facts.js";
import type { AnyFailure, FailureCode, FailureFacts, FailureKind } from "./facts.js";
import type { LinkCode, VerifyCode } from "./facts.js";
import { plainText } from "./text.js";

export class Failure<Code extends FailureCode = FailureCode> extends Error {
  override readonly name: string = "Failure";
  constructor(
    readonly code: Code,
    readonly facts: FailureFacts[Code],
    options?: ErrorOptions,
  ) {
    super(plainText({ code, facts } as AnyFailure), options);
  }
  get kind(): FailureKind {
    return kindOf(this.code);
  }
}

/** With codes: one of these. */
export function isFailure<Code extends FailureCode>(
  error: unknown,
  ...codes: readonly Code[]
): error is Failure<Code> {
  if (!(error instanceof Failure)) return false;
  return codes.length === 0 || (codes as readonly FailureCode[]).includes(error.code);
}

/** The failure in whatever was thrown. */
export function failureIn(error: unknown): AnyFailure {
  if (error instanceof Failure) return error;
  const detail = error instanceof Error ? error.message : String(error);
  return { code: "unexpected", facts: { detail } };
}

/**
 * open: could not be opened; missing: a package that it needs is not installed; timeout: no answer
 * in time; closed: the other side is gone; aborted: the caller's signal; garbled: an answer that is
 * not an APDU's.
 */
export type LinkFailure = "open" | "missing" | "timeout" | "closed" | "aborted" | "garbled";

const LINK_FAILURES: Readonly<Partial<Record<LinkCode, LinkFailure>>> = {
  "link/package-missing": "missing",
  "link/package-unbuilt": "missing",
  "link/package-broken": "missing",
  "link/no-answer": "timeout",
  "link/held-up": "timeout",
  "link/closed": "closed",
  "link/hung-up": "closed",
  "link/write": "closed",
  "link/card-gone": "closed",
  "link/card-restarted": "closed",
  "link/held-elsewhere": "closed",
  "link/driver": "closed",
  "link/aborted": "aborted",
  "link/garbled": "garbled",
  "link/endless": "garbled",
  "link/never-whole": "garbled",
};

/** Nothing came through. */
export class LinkError<Code extends LinkCode = LinkCode> extends Failure<Code> {
  override readonly name = "LinkError";
  get failure(): LinkFailure {
    return LINK_FAILURES[this.code] ?? "open";
  }
}

export type VerifyReason = "maker" | "identity" | "forged" | "content";

const REASONS: Readonly<Record<VerifyCode, VerifyReason>> = {
  "verify/maker": "maker",
  "verify/certificate": "forged",
  "verify/certificate-version": "content",
  "verify/request": "forged",
  "verify/handshake": "forged",
  "verify/answer": "forged",
  "verify/point": "content",
  "verify/proof": "forged",
  "verify/signature": "forged",
  "verify/other-card": "identity",
  "verify/changed-card": "identity",
  "verify/other-role": "identity",
  "verify/no-code": "content",
  "verify/ledger": "forged",
  "verify/ledger-content": "content",
  "verify/ledger-stale": "content",
  "verify/ledger-card": "identity",
  "verify/message": "forged",
  "verify/message-header": "content",
  "verify/message-answer": "content",
  "verify/copy": "content",
};

/** Something that must be genuine is not. */
export class VerifyError<Code extends VerifyCode = VerifyCode> extends Failure<Code> {
  override readonly name = "VerifyError";
  get reason(): VerifyReason {
    return REASONS[this.code];
  }
}

/**
 * Whether the way to the card was lost: another try over a new link may do. Everybody asks here;
 * what the caller stopped, and what no link can mend, is not lost.
 */
export function isLost(error: unknown): boolean {
  if (isFailure(error, "channel/closed")) return true;
  return error instanceof LinkError && !["aborted", "missing"].includes(error.failure);
}
