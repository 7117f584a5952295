/**
 * For developers: makes a board into a card, through Espruino's console over Bluetooth or USB. It
 * is the command line's flasher (host/apps/flasher) with screens: the same checks, the same
 * questions.
 *
 * Limits: a page can't open a board's port by itself, so the restarted card is found on USB at
 * most.
 */

import type { Status } from "../../../../sdk/card/commands/index.js";
import { FlashError } from "../../../flasher/failures.js";
import { flash } from "../../../flasher/flash-board.js";
import type { FlashDialogue, FlashResult } from "../../../flasher/flash-board.js";
import type { ImageFolder } from "../../../flasher/image/image.js";
import type { Plan } from "../../../flasher/plan.js";
import type { OpenPort } from "../../../flasher/console/port.js";
import { BOARDS, boardById } from "../../../../../hw/boards/index.js";
import type { Board } from "../../../../../hw/boards/board.js";
import { BAUD_DEFAULT } from "../../../../sdk/links/registry.js";
import type { ListedImage } from "../../config.js";
import { button, field, form, h } from "../controls/dom.js";
import { faultOf, Stopped } from "../faults.js";
import { STATES } from "../words/cards.js";
import { listedImages, loadChosen, loadListed } from "./images.js";
import { FlashScreen } from "./screen.js";
import { chooseUartDevice, openUart } from "../links/uart.js";
import { hasWebBluetooth } from "../links/web-bluetooth.js";
import { chooseSerialPort, hasWebSerial, openSerialPort } from "../links/web-serial.js";
import type { Page } from "../page.js";
import { noWay } from "../controls/tap.js";
import { homeButton } from "../words/common.js";
import { facts } from "../tasks/check.js";
import { afterwards } from "../tasks/meet.js";

interface Chosen {
  readonly load: () => Promise<ImageFolder>;
  readonly connect: (board: Board, signal: AbortSignal) => OpenPort;
  readonly destroyWallet: boolean;
}

export async function flashTask(page: Page): Promise<void> {
  const { load, connect, destroyWallet } = await choose(page, await listedImages());
  const image = await load();
  const board = boardOf(image);
  if (image.manifest.demo) await agreeDemo(page);
  const screen = new FlashScreen(page);
  const port = endWithThePage(connect(board, page.signal), page.signal);
  const talk: FlashDialogue = {
    say: screen.say,
    step: screen.step,
    agreed: async (plan, card) => {
      const agreed = await agree(page, plan, card);
      screen.mount();
      return agreed;
    },
  };
  const restartMs = port.rates[0] === undefined ? 0 : undefined;
  const options = { board, port, image, destroyWallet, demo: true, verify: true };
  const result = await flash({ ...options, ...(restartMs === 0 ? { restartMs } : {}) }, talk);
  page.check();
  finished(page, board, image, result);
}

function boardOf({ manifest }: ImageFolder): Board {
  try {
    return boardById(manifest.board);
  } catch (cause) {
    throw new FlashError("flash/image-board", { board: manifest.board }, { cause });
  }
}

/** A task that ends early must not leave the port open behind it. */
function endWithThePage(port: OpenPort, signal: AbortSignal): OpenPort {
  const open = async (rate: number | undefined) => {
    const duplex = await port.open(rate);
    if (signal.aborted) await duplex.close();
    signal.throwIfAborted();
    signal.addEventListener("abort", () => void duplex.close(), { once: true });
    return duplex;
  };
  return { ...port, open };
}

function choose(page: Page, listed: readonly ListedImage[]): Promise<Chosen> {
  return page.ask((resolve) => {
    const picked = field(
      listed.length ? "Or files of your own" : "The image's files",
      { type: "file", multiple: true, accept: ".js,.json,.bin" },
      "upload.js, or manifest.json with the files beside it: npm run image makes them.",
    );
    const radios = listed.map(imageOption);
    // What was said of the choice does not outlive it.
    for (const { input } of radios) input.addEventListener("change", () => picked.fault());
    const destroy = h("input", { type: "checkbox" });
    const status = h("p", { class: "fault", role: "status" });
    const source = (): Chosen["load"] | undefined => {
      const files = [...(picked.input.files ?? [])];
      if (files.length) return () => loadChosen(files);
      const at = radios.findIndex(({ input }) => input.checked);
      const image = listed[at];
      return image && (() => loadListed(image));
    };
    const take = async (way: () => Promise<Chosen["connect"]>) => {
      status.textContent = "";
      const load = source();
      if (!load) return picked.fault("Choose an image first.");
      try {
        resolve({ load, connect: await way(), destroyWallet: destroy.checked });
      } catch (error) {
        const { what, next } = faultOf(error);
        if (!(error instanceof Stopped)) status.textContent = `${what} ${next}`;
      }
    };
    const ways = [
      hasWebBluetooth() && button("Connect by Bluetooth", () => void take(byBluetooth), "main"),
      hasWebSerial() &&
        button("Connect by USB", () => void take(byUsb), hasWebBluetooth() ? "" : "main"),
    ];
    page.show(
      "Make a board into a card",
      h("p", { class: "lead" }, "For developers: puts Kincard on a board that runs Espruino."),
      h("p", {}, "Everything else that is stored on the board is erased; you are asked first."),
      radios.length > 0 &&
        h("fieldset", {}, h("legend", {}, "Which image?"), ...radios.map(({ element }) => element)),
      picked.element,
      status,
      ways.some(Boolean) ? h("div", { class: "row" }, ...ways, homeButton()) : noWay(),
      ways.some(Boolean) ? undefined : h("div", { class: "row" }, homeButton()),
      h(
        "details",
        { class: "apart" },
        h("summary", {}, "Erase the card that is on the board"),
        h(
          "p",
          {},
          "Unless you tick this, a card on the board keeps its key and its vault, and only its code is replaced. ",
          "Otherwise the key is destroyed for good; you are asked once more first.",
        ),
        h("label", { class: "check" }, destroy, " Erase that card with its key"),
      ),
    );
  });
}

function imageOption({ title, version, demo }: ListedImage, index: number) {
  const input = h("input", { type: "radio", name: "image", checked: index === 0 });
  const text = ` ${title}, Kincard ${version}${demo ? " (DEMO: protects nothing)" : ""}`;
  return { input, element: h("label", { class: "check" }, input, h("span", {}, text)) };
}

async function byBluetooth(): Promise<Chosen["connect"]> {
  const names = new Set(BOARDS.flatMap(({ bluetooth }) => bluetooth ?? []));
  const device = await chooseUartDevice([...names]);
  const name = device.name ?? "the board";
  return (_, signal) => ({ name, rates: [undefined], open: () => openUart(device, { signal }) });
}

async function byUsb(): Promise<Chosen["connect"]> {
  const port = await chooseSerialPort();
  return ({ serial }) => ({
    name: "the USB port",
    rates: [...new Set([BAUD_DEFAULT, serial?.baud ?? BAUD_DEFAULT])],
    open: (rate) => openSerialPort(port, rate),
  });
}

function agreeDemo(page: Page): Promise<void> {
  return page.ask((resolve, reject) => {
    const no = () => reject(stopped());
    page.show(
      "A demo image",
      h(
        "p",
        { class: "lead" },
        "The private key of this image's maker is published. Cards made with it protect nothing: ",
        "never keep anything of value on them.",
      ),
      yesOrNo("Put the demo on the board", resolve, no),
    );
  });
}
const stopped = () => new FlashError("flash/not-confirmed", {});
const yesOrNo = (text: string, yes: () => void, no: () => void) =>
  h("div", { class: "row" }, button(text, yes, "main"), button("No, stop", no));

/** Asked only when there is something to lose; the question says what. */
function agree(page: Page, plan: Plan, card: Status | undefined): Promise<boolean> {
  return page.ask((resolve) => {
    const state = card ? STATES[card.state][1] : "";
    const no = () => resolve(false);
    if (plan.destroysWallet) return askDestroy(page, state, resolve);
    const yes = () => resolve(true);
    if (plan.holdsCard) {
      page.show(
        "This board holds a card",
        h("p", { class: "lead" }, `${state} Its code is replaced; its key and its vault stay.`),
        h("p", {}, "Don't take its power meanwhile."),
        yesOrNo("Replace its code", yes, no),
      );
      return;
    }
    page.show(
      "Erase what is on the board?",
      h("p", { class: "lead" }, "These files on it are erased:"),
      h("ul", { class: "label" }, ...plan.loses.map((name) => h("li", {}, name))),
      yesOrNo("Erase them", yes, no),
    );
  });
}

function askDestroy(page: Page, state: string, resolve: (agreed: boolean) => void): void {
  const typed = field('Type "destroy"', { spellcheck: "false", autocapitalize: "none" });
  const erase = () => {
    if (typed.input.value.trim() === "destroy") resolve(true);
    else typed.fault("That is not the word. Nothing was erased.");
  };
  page.show(
    "Destroy the card on this board?",
    h(
      "p",
      { class: "box bad" },
      `${state} The key on it is destroyed, for good. If no other card has it, everything that `,
      "the wallet holds is lost.",
    ),
    h("div", { class: "danger" }, form("Destroy it and flash", erase, typed.element)),
    h(
      "div",
      { class: "row" },
      button("No, stop", () => resolve(false)),
    ),
  );
}

function finished(page: Page, board: Board, image: ImageFolder, result: FlashResult): void {
  const { version, makerKey, demo } = image.manifest;
  const { status, espruino, plan } = result;
  page.show(
    "The image is on the board",
    h(
      "p",
      { class: "lead" },
      "Every byte was read back and compared. ",
      status ? `The card answers: ${STATES[status.state][1]}` : "Switch the board off and on.",
    ),
    facts([
      ["Board", `${board.title}, Espruino ${espruino}`],
      ["Kincard", `${version}${demo ? ", DEMO: it protects nothing" : ""}`],
      ["Maker", h("span", { class: "label" }, makerKey)],
    ]),
    h(
      "p",
      {},
      plan.mode === "update"
        ? "The card that it holds has its key as before."
        : "It is a blank card now: its maker personalises it (kincard personalise).",
    ),
    afterwards(),
  );
}
