/**
 * Failures: every code has words for each reader, "lost" has one decider, and no message holds what
 * it should not.
 */

import assert from "node:assert/strict";
import { describeFailure, failureOf } from "../../host/apps/cli/failure.js";
import { FAILURES, type Said } from "../../host/apps/cli/words/failures.js";
import type { PerCode } from "../../host/sdk/failures/facts.js";
import {
  BackupError,
  CardError,
  Failure,
  failureIn,
  isFailure,
  isLost,
  LinkError,
  VerifyError,
} from "../../host/sdk/core.js";
import { TEXT } from "../../host/sdk/failures/text.js";
import { SOURCE } from "../../host/sdk/relay/visits/role.js";
import { stopped } from "../../host/sdk/relay/errors.js";

const link = "tcp:localhost:9001";

describe("failures", () => {
  it("have their words for both readers, or nothing compiles", () => {
    const { "card/PATH": without, ...others } = FAILURES;
    assert.ok(without);
    // @ts-expect-error a dictionary that lacks a status word
    const dictionary: PerCode<Said, [card: string]> = others;
    assert.ok(dictionary);
    assert.deepEqual(Object.keys(FAILURES).sort(), Object.keys(TEXT).sort());
  });

  it("are lost where another try over a new link may do, and nowhere else", () => {
    const lost = [
      new LinkError("link/no-answer", { link, seconds: 1 }),
      new LinkError("link/hung-up", { link }),
      new LinkError("link/nothing-listens", { link }),
      new LinkError("link/garbled", {}),
      new Failure("channel/closed", {}),
    ];
    const others = [
      new LinkError("link/aborted", { link }),
      new LinkError("link/package-missing", { package: "smartcard" }),
      new CardError(0x6985, "SEAL"),
      new VerifyError("verify/proof", {}),
      new Failure("code/empty", {}),
      new Error("link lost: no answer"),
      undefined,
    ];
    for (const error of lost) assert.ok(isLost(error), error.code);
    for (const error of others) assert.ok(!isLost(error), String(error));
  });

  it("keep code and facts through a ceremony, and say whom it was about", () => {
    const refused = new CardError(0x6300, "CODE", Uint8Array.of(3, 0, 4), true);
    const error = stopped(refused, { card: { role: SOURCE, label: "AAAA" } });
    assert.ok(error instanceof BackupError && isFailure(error, "card/WRONG_CODE"));
    assert.deepEqual([error.facts.misses, error.facts.seconds], [3, 4]);
    assert.equal(stopped(error, { cards: [{ card: "x", state: "COPY" }] }).cards.length, 1);
    const { exit, what, next, statusWord } = failureOf(error, []);
    assert.deepEqual([exit, statusWord], [6, "6300"]);
    assert.match(what, /^the source card \(AAAA\) refused the access code .*: 3\)$/);
    assert.match(next, /after 4 s/);
  });

  it("that nobody knows keep their own words, and the program's exit code", () => {
    assert.deepEqual(failureIn(new Error("odd")), {
      code: "unexpected",
      facts: { detail: "odd" },
    });
    assert.equal(failureOf(stopped(new Error("odd"), {}), []).exit, 1);
    assert.equal(failureOf(stopped(new Error("odd"), {}), []).what, "odd");
  });

  it("are told by their code, whatever the plain text says", () => {
    const { what, next } = describeFailure({ code: "backup/closed", facts: {} });
    assert.equal(what, TEXT["backup/closed"]({}));
    assert.match(next, /ledger lists/);
  });
});
