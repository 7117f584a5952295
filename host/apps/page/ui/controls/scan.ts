/**
 * Reads a label's QR code with the camera: Shape Detection's BarcodeDetector (WICG) over
 * getUserMedia. Pictures stay in the browser; the camera is on only while its picture is shown.
 *
 * Limits: Chrome on Android and macOS have it, others don't; there the label is typed.
 */

import { parseLabel } from "../../../../sdk/card/label.js";
import { deadline } from "../../../../sdk/links/clock.js";
import { button, h } from "./dom.js";
import { faultOf, TaskError } from "../faults.js";

interface Detector {
  detect(source: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]>;
}
interface DetectorClass {
  new (options: { formats: string[] }): Detector;
  getSupportedFormats(): Promise<string[]>;
}
const api = () => (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector;
export const canScan = () =>
  api() !== undefined && typeof navigator.mediaDevices?.getUserMedia === "function";

const LOOK_MS = 150;
const MOST_MS = 60_000;
const TYPE_IT = "Type the label instead.";

/** A button that opens the camera, and the camera's picture; nothing where there is no such API. */
export function scanner(found: (label: string) => void): HTMLElement | undefined {
  if (!canScan()) return undefined;
  const status = h("p", { class: "hint", role: "status" });
  const place = h("div", {});
  let stop: (() => void) | undefined;
  const start = async () => {
    if (stop) return stop();
    const video = h("video", { class: "camera", "aria-label": "The camera's picture" });
    video.muted = true;
    video.playsInline = true;
    let on = true;
    stop = () => (on = false);
    toggle.textContent = "Close the camera";
    place.replaceChildren(video);
    status.textContent = "Hold the label's square code in front of the camera.";
    try {
      const label = await look(video, () => on && video.isConnected, status);
      status.textContent = "";
      if (label !== undefined) found(label);
    } catch (error) {
      const { what, next } = faultOf(error);
      status.textContent = `${what} ${next}`;
    }
    stop = undefined;
    place.replaceChildren();
    toggle.textContent = SCAN;
  };
  const SCAN = "Scan it with the camera";
  const toggle = button(SCAN, () => void start());
  return h("div", { class: "scan" }, toggle, place, status);
}

/** The first label that comes before the camera; undefined when it was closed. */
async function look(
  video: HTMLVideoElement,
  goOn: () => boolean,
  status: HTMLElement,
): Promise<string | undefined> {
  const found = api() as DetectorClass;
  if (!(await found.getSupportedFormats()).includes("qr_code")) {
    throw new TaskError("This browser can't read QR codes.", TYPE_IT);
  }
  const stream = await openCamera();
  try {
    video.srcObject = stream;
    await video.play();
    const detector = new found({ formats: ["qr_code"] });
    for (const over = deadline(MOST_MS); goOn();) {
      for (const { rawValue } of await detector.detect(video)) {
        const label = labelIn(rawValue);
        if (label !== undefined) return label;
        status.textContent = "That code is not a card's label.";
      }
      if (over()) throw new TaskError("The camera did not see a label.", TYPE_IT);
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    return undefined;
  } finally {
    for (const track of stream.getTracks()) track.stop();
  }
}

async function openCamera(): Promise<MediaStream> {
  try {
    return await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch (error) {
    const { name } = error as Error;
    if (name === "NotAllowedError") {
      throw new TaskError("The page was not allowed to use the camera.", TYPE_IT);
    }
    throw new TaskError("There is no camera that can be used now.", TYPE_IT);
  }
}

function labelIn(text: string): string | undefined {
  try {
    parseLabel(text);
    return text.trim().toUpperCase();
  } catch {
    return undefined;
  }
}
