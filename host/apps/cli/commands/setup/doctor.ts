/**
 * `kincard doctor`: what this machine has, who answers at its ports, what is missing for what and
 * the command that mends it; with --board the checks that only a plugged-in board can settle.
 */

import type { Command } from "commander";
import { checkBoard, whoAnswers } from "../../../doctor/board.js";
import { checkLine } from "../../../doctor/check.js";
import { findingLines, type Finding } from "../../../doctor/finding.js";
import { lookAtMachine } from "../../../doctor/machine.js";
import { listPorts } from "../../../flasher/console/ports.js";
import { either } from "../../../../sdk/failures/text.js";
import { LINK_FORMS, parseLinkUri } from "../../../../sdk/links/registry.js";
import type { CliContext } from "../../context.js";
import type { CommonOptions } from "../../options.js";
import { withJson } from "../../options.js";
import { act } from "../../run.js";

interface Options extends CommonOptions {
  readonly board?: string;
  readonly ask: boolean;
}

export function addDoctorCommand(program: Command): void {
  const command = program
    .command("doctor")
    .description("what this machine has for cards, what is missing, and what mends it");
  withJson(command)
    .option("--board <uri>", `check one board instead: ${either(LINK_FORMS)}`, (uri) => {
      parseLinkUri(uri);
      return uri;
    })
    .option("--no-ask", "open no port to see who answers there")
    .action(act(doctor));
}

async function doctor(context: CliContext, { board, ask }: Options) {
  if (board !== undefined) return oneBoard(context, board);
  const machine = await lookAtMachine();
  const boards = ask ? await askPorts(context) : [];
  const findings = [...machine, ...boards];
  const missing = findings.filter(({ state }) => state === "missing").length;
  const words = missing
    ? `${missing} ${missing === 1 ? "thing is" : "things are"} missing; what needs none of them works.`
    : "Nothing is missing.";
  return { json: { findings, missing }, text: [...findings.flatMap(findingLines), words] };
}

/** Boards at serial ports: a card's state and a prompt's version, asked one after the other. */
async function askPorts({ out, signal }: CliContext): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { uri } of await listPorts()) {
    if (signal.aborted) break;
    const says = await out
      .step(`Asking who answers at ${uri}`, () => whoAnswers(uri))
      .catch((error: Error) => error.message.split("\n")[0] ?? "");
    findings.push({ check: `board at ${uri}`, state: "note", says });
  }
  return findings;
}

async function oneBoard({ out, signal }: CliContext, uri: string) {
  const report = await out.step(`Checking the board at ${uri}`, () => checkBoard(uri, signal));
  const differ = report.checks.filter(({ verdict }) => verdict === "differs").length;
  const what = report.answers === "card" ? "A card answers" : "Espruino's prompt answers";
  const last = differ ? `${differ} of them differ.` : "Nothing differs from what is expected.";
  return {
    json: { ...report, differ },
    text: [`${uri}  ${what}.`, ...report.checks.map(checkLine), last],
  };
}
