/**
 * Help: which options a command cannot do without, an example of each command, and all of it as
 * JSON for programs (`--help --json`).
 */

import { CommanderError, Help } from "commander";
import type { Command, Option } from "commander";
import { EXAMPLES } from "./words/examples.js";

/** "maker init", without the program's own name. */
export function nameOf(command: Command): string {
  const { parent } = command;
  return parent?.parent ? `${nameOf(parent)} ${command.name()}` : command.name();
}

/** Those that do something. */
export function commandsUnder(command: Command): Command[] {
  const own = command.parent && !isFolder(command) ? [command] : [];
  return [...own, ...command.commands.flatMap(commandsUnder)];
}
/** `maker` alone does nothing. */
const isFolder = (command: Command) => command.commands.length > 0 && command.name() === "maker";

class OwnHelp extends Help {
  override optionDescription(option: Option): string {
    // What says its own default needs no second one. A path without levels is the wallet's first key.
    const said = /\(default\b/.test(option.description);
    const whole = said ? option.description : super.optionDescription(option);
    const text = whole.replace("(default: [])", "(default: m)");
    return option.mandatory ? `${text} (required)` : text;
  }
}

/** Makes every command's help complete; `json`: as one line for programs. */
export function completeHelp(program: Command, json: boolean): void {
  const visit = (command: Command) => {
    command.createHelp = () => Object.assign(new OwnHelp(), { showGlobalOptions: false });
    const examples = EXAMPLES[nameOf(command)];
    if (json) command.helpInformation = () => `${JSON.stringify(described(command))}\n`;
    else if (examples)
      command.addHelpText(
        "after",
        ["", "Examples:", ...examples.map((line) => `  ${line}`)].join("\n"),
      );
    command.commands.forEach(visit);
  };
  visit(program);
}

const HELP_FLAGS = /(?:^| )(?:-h|--help)(?: |$)/;

/**
 * `kincard help WORD ...`: the command whose help is asked for; commander knows one word alone, and
 * shows all of the help for one that it does not know.
 */
export function helpAsked(program: Command, args: readonly string[]): Command | undefined {
  const [first, ...rest] = args.filter((each) => !each.startsWith("-"));
  const [flag] = args.filter((each) => each !== "--json");
  const isUnknown = first !== undefined && !program.commands.some((each) => each.name() === first);
  // `kincard nosuch --help`: commander explains the program instead.
  if (first !== "help" && !(isUnknown && flag === first && HELP_FLAGS.test(args.join(" "))))
    return undefined;
  const words = first === "help" ? rest : [first];
  return words.reduce((command, word) => {
    const found = command.commands.find((each) => each.name() === word);
    // "help" itself is explained by the list of what there is.
    if (!found && word === "help") return command;
    if (found) return found;
    throw new CommanderError(2, "commander.unknownCommand", `error: unknown command '${word}'`);
  }, program);
}

/** `kincard --json` and `kincard maker --json`: no command at all, whose help goes to a program. */
export function nothingAsked(program: Command, args: readonly string[]): Command | undefined {
  const words = args.filter((each) => each !== "--json");
  if (words.length === args.length) return undefined;
  let found: Command | undefined = program;
  for (const word of words) found = found?.commands.find((each) => each.name() === word);
  return found && (found === program || isFolder(found)) ? found : undefined;
}

function described(command: Command): object {
  const options = command.options.map(({ flags, description, mandatory, defaultValue }) => ({
    ...{ flags, description, required: mandatory },
    ...(defaultValue === undefined ? {} : { default: defaultValue as unknown }),
  }));
  const args = command.registeredArguments.map((each) => ({
    ...{ name: each.name(), description: each.description, required: each.required },
  }));
  return {
    ...{ name: command.parent ? nameOf(command) : command.name() },
    ...{ description: command.description(), options, arguments: args },
    examples: EXAMPLES[nameOf(command)] ?? [],
    commands: command.commands.map((each) => each.name()),
  };
}
