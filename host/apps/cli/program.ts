/**
 * The program: all commands, and what becomes of an error that is none of theirs (docs/cli.md).
 */

import { Command, CommanderError } from "commander";
import { addActivate } from "./commands/activate.js";
import { addBackup } from "./commands/backup.js";
import { addCards } from "./commands/cards.js";
import { addCancel } from "./commands/cancel.js";
import { addCode } from "./commands/code.js";
import { addConform } from "./commands/conform.js";
import { addConfirm } from "./commands/confirm.js";
import { addDoctorCommand } from "./commands/doctor.js";
import { addDemo } from "./commands/demo.js";
import { addDescriptor } from "./commands/descriptor.js";
import { addFinish } from "./commands/finish.js";
import { addHil } from "./commands/hil.js";
import { addLedger } from "./commands/ledger.js";
import { addMaker } from "./commands/maker.js";
import { addOffer } from "./commands/offer.js";
import { addPersonalise } from "./commands/personalise.js";
import { addPubkey } from "./commands/pubkey.js";
import { addReplay } from "./commands/replay.js";
import { addReset } from "./commands/reset.js";
import { addRngDump } from "./commands/rng-dump.js";
import { addServe } from "./commands/serve.js";
import { addSign } from "./commands/sign.js";
import { addSignMessage } from "./commands/sign-message.js";
import { addSignPsbt } from "./commands/sign-psbt.js";
import { addSignTx } from "./commands/sign-tx.js";
import { addStatus } from "./commands/status.js";
import { addVerify } from "./commands/verify.js";
import { addXpub } from "./commands/xpub.js";
import { useEmulated } from "./emulated.js";
import { EXIT } from "./failure.js";
import { addFlashCommand } from "./commands/flash.js";
import { completeHelp, helpAsked, nothingAsked } from "./help.js";
import { Output } from "./output.js";
import { addPortsCommand } from "./commands/ports.js";
import { report } from "./run.js";
import { addView } from "./commands/view.js";
import { version } from "./version.js";
import { addVirtualCommand } from "./commands/virtual.js";
import { addWebCommand } from "./commands/web.js";

const commands = [
  ...[addDemo, addVirtualCommand, addMaker, addPersonalise, addStatus, addVerify],
  ...[addActivate, addBackup, addOffer, addConfirm, addFinish, addCancel, addLedger],
  ...[addPubkey, addXpub, addDescriptor, addSign, addSignMessage, addSignPsbt, addSignTx],
  ...[addCode, addReset, addCards],
  ...[addFlashCommand, addPortsCommand, addDoctorCommand, addRngDump, addWebCommand, addServe],
  ...[addConform, addHil],
  ...[addView, addReplay],
];

/** The whole command line; `json`: its help is for programs. */
export function build(json = false): Command {
  const program = new Command("kincard")
    .description("Hardware-wallet cards that back each other up, without a seed phrase.")
    .version(version)
    .exitOverride()
    // Failures are told by report(), once.
    .configureOutput({ outputError: () => undefined })
    .showSuggestionAfterError(true);
  for (const add of commands) add(program);
  completeHelp(program, json);
  return program;
}

/** Runs one command line; sets the process's exit code. */
export async function runProgram(args: readonly string[]): Promise<void> {
  try {
    useEmulated(process.env);
    const program = build(args.includes("--json"));
    const about = helpAsked(program, args);
    if (about) return about.outputHelp();
    const nothing = nothingAsked(program, args);
    if (nothing) {
      nothing.outputHelp();
      process.exitCode = EXIT.USAGE;
      return;
    }
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    const { code, exitCode } = error instanceof CommanderError ? error : {};
    // --help and --version end here too, and so does no command at all, which shows the help.
    if (exitCode === 0) return;
    if (code === "commander.help") process.exitCode = EXIT.USAGE;
    else await report(new Output(args.includes("--json")), error);
  }
}
