/**
 * The program: all commands, and what becomes of an error that is none of theirs (docs/cli.md).
 */

import { Command, CommanderError } from "commander";
import { useEmulated } from "./cards/emulated.js";
import { addBackup } from "./commands/backup/backup.js";
import { addCancel } from "./commands/backup/cancel.js";
import { addCards } from "./commands/backup/cards.js";
import { addConfirm } from "./commands/backup/confirm.js";
import { addFinish } from "./commands/backup/finish.js";
import { addLedger } from "./commands/backup/ledger.js";
import { addOffer } from "./commands/backup/offer.js";
import { addStatus } from "./commands/backup/status.js";
import { addConform } from "./commands/lab/conform.js";
import { addDemo } from "./commands/lab/demo.js";
import { addHil } from "./commands/lab/hil.js";
import { addReplay } from "./commands/lab/replay.js";
import { addView } from "./commands/lab/view.js";
import { addVirtualCommand } from "./commands/lab/virtual.js";
import { addWebCommand } from "./commands/lab/web.js";
import { addDoctorCommand } from "./commands/setup/doctor.js";
import { addFlashCommand } from "./commands/setup/flash.js";
import { addMaker } from "./commands/setup/maker.js";
import { addPersonalise } from "./commands/setup/personalise.js";
import { addPortsCommand } from "./commands/setup/ports.js";
import { addReset } from "./commands/setup/reset.js";
import { addRngDump } from "./commands/setup/rng-dump.js";
import { addVerify } from "./commands/setup/verify.js";
import { addActivate } from "./commands/wallet/activate.js";
import { addCode } from "./commands/wallet/code.js";
import { addDescriptor } from "./commands/wallet/descriptor.js";
import { addPubkey } from "./commands/wallet/pubkey.js";
import { addServe } from "./commands/wallet/serve.js";
import { addSignMessage } from "./commands/wallet/sign-message.js";
import { addSignPsbt } from "./commands/wallet/sign-psbt.js";
import { addSignTx } from "./commands/wallet/sign-tx.js";
import { addSign } from "./commands/wallet/sign.js";
import { addXpub } from "./commands/wallet/xpub.js";
import { EXIT } from "./failure.js";
import { completeHelp, helpAsked, nothingAsked } from "./help.js";
import { Output } from "./output.js";
import { report } from "./run.js";
import { version } from "./version.js";

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
