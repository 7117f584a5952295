/**
 * States × commands (docs/protocol.md 4) and the order of refusals (3) on a card: in each state
 * every command without a channel, in one, and with the code, so that nothing is executed: the
 * state's refusal, the access that lacks, a P1 and lengths that are wrong.
 */
import assert from "node:assert/strict";
import { COMMANDS, STATUS_WORDS, type StatusWordName } from "../../../sdk/wire/generated.js";
import type { Session } from "../../../../test/vectors/cases/types.js";
import type { Card } from "../card.js";
import { Skip, type Check } from "../check.js";
import { nameOf, stageOf } from "./cases.js";
import { Stage, type Scene } from "./stage.js";

type Command = (typeof COMMANDS)[number];
type Try = { readonly what: string; readonly word: StatusWordName; length: number; p1?: number };

const SCENES: readonly (Scene & { readonly sessions: readonly Session[] })[] = [
  { state: "BLANK", session: "none", sessions: ["none"] },
  { state: "EMPTY", session: "none", sessions: ["none", "channel"] },
  { state: "OFFERED", session: "none", sessions: ["none", "channel"] },
  { state: "WALLET", session: "none", sessions: ["none", "channel", "code"] },
  {
    state: "SHARING",
    session: "none",
    n: 3,
    slot: "SEALED",
    sessions: ["none", "channel", "code"],
  },
  { state: "SHARED", session: "none", n: 2, slot: "CONFIRMED", sessions: ["none", "code"] },
  { state: "COPY", session: "none", sessions: ["none", "channel", "code"] },
];
const WRONG_P1 = 0x7f;

/** What must be refused, and how, of a command in that state and session. */
function tries(command: Command, state: Scene["state"], session: Session): Try[] {
  const [least, most] = command.data;
  const cell = command.cells[state];
  if (typeof cell === "string") return [{ what: "in this state", word: cell, length: least }];
  const { access } = command;
  // A plain command is tried without a channel, and is then known.
  if (access === "plain" && session !== "none") return [];
  if (access !== "plain" && session === "none") {
    return [{ what: "without a channel", word: "CHANNEL", length: least }];
  }
  if (access === "code" && session !== "code") {
    return [{ what: "without the code", word: "CODE", length: least }];
  }
  return [
    { what: `P1 = ${WRONG_P1}`, word: "P1P2", length: least, p1: WRONG_P1 },
    ...(least ? [{ what: "a byte too short", word: "LENGTH", length: least - 1 } as const] : []),
    { what: "a byte too long", word: "LENGTH", length: most + 1 },
  ];
}

async function attempt(stage: Stage, { name }: Command, session: Session, one: Try) {
  await stage.ready(session);
  const earlier = await stage.state();
  const data = new Uint8Array(one.length);
  const { card } = stage;
  const answer = card.channel
    ? await card.secure(name, data, one.p1)
    : await card.plain(name, data, one.p1);
  const what = `${name} ${one.what} (${session === "none" ? "plain" : session})`;
  assert.equal(nameOf(answer.sw), nameOf(STATUS_WORDS[one.word].value), what);
  assert.equal(answer.data.length, 0, `${what}: a refusal came with data`);
  await card.select();
  assert.equal(await stage.state(), earlier, `${what}: a refused command changed the card`);
}

/** A check for each state and command of one card; BLANK only on a card that still is. */
export function tableChecks(index: number, seed: string, which: "blank" | "others"): Check[] {
  return SCENES.filter(({ state }) => (state === "BLANK") === (which === "blank")).flatMap(
    ({ sessions, ...scene }) => {
      const key = `states ${scene.state}`;
      return COMMANDS.map((command): Check => {
        const cell = command.cells[scene.state];
        const said = typeof cell === "string" ? cell : "taken";
        const run = async (card: Card) => {
          const todo = sessions.flatMap((session) =>
            tries(command, scene.state, session).map((one) => [session, one] as const),
          );
          if (!todo.length) throw new Skip("nothing of it is refused here");
          const make = () => Stage.set(card.place, scene, seed);
          const stage = await stageOf(card, key, make);
          for (const [session, one] of todo) await attempt(stage, command, session, one);
        };
        const title = `${scene.state}: ${command.name}: ${said}`;
        const given = `a card that is ${scene.state}`;
        return { group: key, given, keeps: key, title, cards: [index], roles: ["card"], run };
      });
    },
  );
}

/** Leaves the card without a wallet. */
export function lastCheck(index: number, seed: string): Check {
  const run = async (card: Card) => {
    const stage = await Stage.set(card.place, { state: "EMPTY", session: "none" }, seed);
    await stage.close();
  };
  return { group: "card", title: "is left empty", cards: [index], roles: ["card"], run };
}
