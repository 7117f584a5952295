/**
 * Runs of CONSENT (docs/protocol.md 14) on a card, as source and as destination: what its halves are
 * made of, that each counts once, and how long a run lasts. What it blinks the kit can't see.
 */
import assert from "node:assert/strict";
import { now } from "../../../sdk/links/clock.js";
import { CONSENT, STATUS_WORDS, type StatusWordName } from "../../../sdk/wire/generated.js";
import { commitment } from "../../../../test/vectors/consent.js";
import { byte, H, hex, type Bytes } from "../../../../test/vectors/suite.js";
import type { Card } from "../card.js";
import { lacks, Skip, type Check } from "../check.js";
import { pass, type Levers, type Place } from "../rack.js";
import { nameOf, stageOf } from "./cases.js";
import type { Answer } from "./live.js";
import { Stage } from "./stage.js";

type Part = "source" | "destination";
interface Run {
  readonly stage: Stage;
  readonly place: Place;
  readonly part: Part;
}
interface ConsentCheck {
  readonly title: string;
  readonly part: Part;
  readonly needs?: keyof Levers;
  readonly run: (run: Run) => Promise<void>;
}
/** A source that the kit made a wallet in, and gave its code; a destination in a channel. */
const SCENES = {
  source: { state: "WALLET", session: "code" },
  destination: { state: "OFFERED", session: "channel" },
} as const;
/** A card that blinks because of this kit alone is done with it so soon. */
const PATIENCE_S = CONSENT.BOOT_S;

const secondsOf = ({ data }: Answer) => ((data[1] ?? 0) << 8) | (data[2] ?? 0);
const half = ({ stage }: Run, p1: 0 | 1, data: Bytes) => stage.card.secure("CONSENT", data, p1);
const fresh = ({ stage }: Run, what: string): Bytes => stage.world.source.bytes(what, 32);

function said(what: string, answer: Answer, word: StatusWordName, length = 0): void {
  assert.equal(nameOf(answer.sw), nameOf(STATUS_WORDS[word].value), what);
  assert.equal(answer.data.length, length, `${what}: bytes of its answer`);
}
/** WAIT, with 0 and seconds of which there are at most so many. */
function saidWait(what: string, answer: Answer, most: number): number {
  said(what, answer, "WAIT", 3);
  const seconds = secondsOf(answer);
  assert.equal(answer.data[0], 0, `${what}: the first byte of its answer`);
  assert.ok(seconds > 0 && seconds <= most, `${what}: ${seconds} s, of ${most} at most`);
  return seconds;
}

/** P1 = 0 in a channel of its own, after what an earlier run still wants to wait. */
async function begin(run: Run, data: Bytes): Promise<Bytes> {
  const { stage, place } = run;
  await stage.ready();
  const first = await half(run, 0, data);
  if (first.sw !== STATUS_WORDS.WAIT.value) return begun(first);
  const seconds = saidWait("P1 = 0", first, CONSENT.RUN_S);
  if (!place.levers.time && seconds > PATIENCE_S)
    throw new Skip(`a run lasts for ${seconds} s yet`);
  await pass(place.levers, seconds + 1);
  await stage.ready();
  return begun(await half(run, 0, data));
}
function begun(answer: Answer): Bytes {
  said("P1 = 0", answer, "OK", 32);
  return answer.data;
}

const CHECKS: readonly ConsentCheck[] = [
  {
    title:
      "as a source it fixes N_S by c, tells it for one N_D, and begins no second run meanwhile",
    part: "source",
    run: async (run) => {
      const offer = fresh(run, "H(OFFER)");
      await run.stage.ready("channel");
      said("P1 = 0 without the code", await half(run, 0, offer), "CODE");
      await run.stage.ready();
      said("P1 = 1 without a run", await half(run, 1, fresh(run, "N_D")), "CONSENT");
      const c = await begin(run, offer);
      const told = await half(run, 1, fresh(run, "N_D"));
      said("P1 = 1", told, "OK", 32);
      assert.equal(hex(c), hex(commitment(told.data, offer)), "c is not of the N_S that was told");
      said("P1 = 1 again", await half(run, 1, fresh(run, "N_D")), "CONSENT");
      await run.stage.ready();
      saidWait("P1 = 0 again", await half(run, 0, offer), CONSENT.RUN_S);
    },
  },
  {
    title: "as a source it draws another N_S in the next run",
    part: "source",
    needs: "time",
    run: async (run) => {
      const offer = fresh(run, "H(OFFER)");
      const [one, two] = [await begin(run, offer), await begin(run, offer)];
      assert.notEqual(hex(one), hex(two), "the same c twice");
    },
  },
  {
    title: "as a destination it draws N_D for each c, and takes the N_S of that c alone",
    part: "destination",
    needs: "time",
    run: async (run) => {
      const ns = fresh(run, "N_S");
      const c = commitment(ns, H(run.stage.world.offer ?? byte()));
      const drawn = [await begin(run, c)];
      said("N_S", await half(run, 1, ns), "OK");
      said("N_S again", await half(run, 1, ns), "CONSENT");
      drawn.push(await begin(run, c));
      assert.equal(new Set(drawn.map(hex)).size, 2, "the same N_D twice");
      said("another N_S", await half(run, 1, fresh(run, "another N_S")), "CRYPTO");
      await begin(run, commitment(ns, fresh(run, "another H(OFFER)")));
      said("the N_S of another OFFER", await half(run, 1, ns), "CRYPTO");
    },
  },
  {
    title: "a run is over after its minute",
    part: "source",
    needs: "time",
    run: async (run) => {
      await begin(run, fresh(run, "H(OFFER)"));
      await run.place.levers.time?.(CONSENT.RUN_S / 2);
      // A channel is idle for as long as a run lasts: it is used meanwhile.
      said("PROVE", await run.stage.card.secure("PROVE", new Uint8Array(32)), "OK", 64);
      await run.place.levers.time?.(CONSENT.RUN_S / 2 + 1);
      said("P1 = 1", await half(run, 1, fresh(run, "N_D")), "CONSENT");
      await run.stage.ready();
      begun(await half(run, 0, fresh(run, "H(OFFER)")));
    },
  },
  {
    title: "a run dies with its channel, and its minute goes on",
    part: "source",
    needs: "time",
    run: async (run) => {
      await begin(run, fresh(run, "H(OFFER)"));
      await run.stage.ready();
      said("P1 = 1", await half(run, 1, fresh(run, "N_D")), "CONSENT");
      await run.stage.ready();
      saidWait("P1 = 0", await half(run, 0, fresh(run, "H(OFFER)")), CONSENT.RUN_S);
    },
  },
  {
    title: `from power-up it begins none for ${CONSENT.BOOT_S} s`,
    part: "destination",
    needs: "power",
    run: async (run) => {
      const { stage, place } = run;
      const c = fresh(run, "c");
      await stage.reboot(place);
      const since = now();
      await stage.ready();
      const answer = await half(run, 0, c);
      if (now() - since > CONSENT.BOOT_S * 1000)
        throw new Skip("its channel took longer than that");
      await pass(place.levers, saidWait("P1 = 0", answer, CONSENT.BOOT_S) + 1);
      await stage.ready();
      begun(await half(run, 0, c));
    },
  },
];

/** One run on a card that has no lever; what needs more is skipped by name. */
export function consentChecks(index: number, levers: Levers, seed: string): Check[] {
  return CHECKS.map(({ title, part, needs, run }): Check => {
    const key = `consent, as a ${part}`;
    const act = async (card: Card) => {
      const { place } = card;
      const stage = await stageOf(card, key, () => Stage.set(place, SCENES[part], seed));
      await run({ stage, place, part });
    };
    const skip = lacks(levers, ...(needs ? [needs] : []));
    const one = { cards: [index], roles: ["card"], skip };
    return { group: "consent", given: "a run of CONSENT", keeps: key, title, ...one, run: act };
  });
}
