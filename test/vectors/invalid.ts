/**
 * The JSON of `invalid-NAME.json`: cases/ over the models, Wycheproof's way (invalid.schema.json).
 */
import { COMMANDS, STATUS_WORDS } from "../../firmware/wire/table.js";
import { FILES } from "./cases/index.js";
import { FLAGS, type Case, type Situation } from "./cases/types.js";
import { answerOf, buildModel, type Model } from "./model.js";
import { byte, hex } from "./suite.js";

export type FileName = keyof typeof FILES;

export interface InvalidTest {
  readonly tcId: number;
  readonly comment: string;
  readonly flags: readonly string[];
  readonly command: string;
  readonly access?: string;
  readonly header?: string;
  readonly data?: string;
  readonly apdu?: string;
  readonly result: string;
  readonly sw: string;
  readonly word: string;
  readonly answer?: string;
}
export type InvalidFile = ReturnType<typeof invalidFile>;

function testJson(model: Model, situation: Situation, test: Case, tcId: number): InvalidTest {
  const command = COMMANDS.find(({ name }) => name === test.command);
  const data = hex(test.input(model.world));
  const answer = answerOf(model.world, situation, test);
  return {
    tcId,
    comment: test.comment,
    flags: test.flags,
    command: test.command,
    ...(command
      ? {
          access: command.access,
          header: hex(byte(command.access === "plain" ? 0x80 : 0x84, command.ins, test.p1 ?? 0, 0)),
          data,
        }
      : { apdu: data }),
    result: test.word === "OK" ? "valid" : "invalid",
    sw: hex(byte(STATUS_WORDS[test.word].value >> 8, STATUS_WORDS[test.word].value & 255)),
    word: test.word,
    ...(answer ? { answer: hex(answer) } : {}),
  };
}

function peerJson(model: Model) {
  return model.world.peers.map((peer) => ({
    Kcard: { secret: hex(peer.kcard.secret), public: hex(peer.kcard.public) },
    certificate: hex(peer.certificate),
    id: hex(peer.id),
    Klink: { secret: hex(peer.klink.secret), public: hex(peer.klink.public) },
  }));
}

export function invalidFile(name: FileName, seed: string) {
  let tcId = 0;
  const used = new Set<string>();
  const testGroups = FILES[name].map((situation: Situation) => {
    const model = buildModel(situation, `${seed} ${situation.id}`);
    const tests = situation.cases.map((test) => {
      test.flags.forEach((flag) => used.add(flag));
      return testJson(model, situation, test, ++tcId);
    });
    return {
      situation: situation.id,
      given: situation.given,
      card: model.card,
      Kmaker: { secret: hex(model.world.maker.secret), public: hex(model.world.maker.public) },
      peers: peerJson(model),
      tests,
    };
  });
  return {
    protocol: "kincard/1",
    schema: "invalid.schema.json",
    source: "docs/protocol.md",
    seed,
    numberOfTests: tcId,
    notes: Object.fromEntries(Object.entries(FLAGS).filter(([flag]) => used.has(flag))),
    testGroups,
  };
}
