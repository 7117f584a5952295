/**
 * A card's runs of CONSENT as the explorer drives them: both halves, what the answers must be, the
 * seconds, and the light, counted as a person would. All from docs/protocol.md section 14.
 */
import { CONSENT } from "../../host/sdk/wire/generated.js";
import { digitsOf, look, shown } from "../support/consent.js";
import type { TestCard } from "../support/world.js";
import type { Answer } from "../vectors/live.js";
import { commitment } from "../vectors/consent.js";
import { H, flip, hex, type Bytes, type Source } from "../vectors/suite.js";
import { ITS_OWN, NOTHING, type HalfArgument } from "./consent.js";

/** Longer than the longest dark of a pattern. */
const DARK_S = 2.2;
const LOOK_S = 0.1;
/** What the card's clock may be on since the power came, when it starts to count. */
const BOOT_S = 1;

export class Runs {
  /** What the explorer gives: N_S to destinations, N_D to sources. */
  private readonly ns: Bytes;
  private readonly nd: Bytes;
  /** Of the run that began last: H(OFFER), and what the card answered. */
  private hash: Bytes = new Uint8Array(32);
  private told: Bytes = new Uint8Array(32);
  private pattern: number[] = [];
  /** By board.time. */
  private until = 0;
  /** What was not as it must be in an answer. */
  complaint: string | undefined;

  constructor(
    private readonly card: TestCard,
    source: Source,
  ) {
    this.ns = source.bytes("N_S");
    this.nd = source.bytes("N_D");
  }

  booted(): void {
    this.until = CONSENT.BOOT_S;
  }
  /** CONSENT's data; `offer`: of the source's run, or the card's own. */
  data({ p1, about }: HalfArgument, offer: Bytes | undefined): Bytes {
    const hash = offer ? H(offer) : H(new Uint8Array(1));
    if (about !== ITS_OWN) return p1 ? flip(this.ns, 3) : hash;
    if (p1) return this.gives ? this.nd : this.ns;
    return commitment(this.ns, hash);
  }
  /** Whether the card answers as a source. */
  private get gives(): boolean {
    return this.card.state !== "OFFERED";
  }

  /** After CONSENT was taken: its answer is compared, and noted. */
  took({ p1, about }: HalfArgument, { data }: Answer, offer: Bytes | undefined): void {
    const { gives } = this;
    const size = p1 && !gives ? 0 : 32;
    if (data.length !== size) this.complaint = `answers ${data.length} bytes, not ${size}`;
    if (!p1) {
      this.until = this.card.board.time + CONSENT.RUN_S;
      this.hash = offer && about !== NOTHING ? H(offer) : H(new Uint8Array(1));
      this.told = data;
      return;
    }
    if (gives && hex(commitment(data, this.hash)) !== hex(this.told))
      this.complaint = "tells an N_S that its c was not for";
    this.pattern = gives
      ? digitsOf(data, this.hash, this.nd)
      : digitsOf(this.ns, this.hash, this.told);
  }

  /** WAIT of CONSENT, PRESENCE of SEAL: with the seconds that are left. */
  refused(name: string, data: Bytes): void {
    const left = this.until - this.card.board.time;
    const said = name === "WAIT" ? (data[1]! << 8) | data[2]! : data[1]!;
    if (Math.abs(said - Math.ceil(left)) > BOOT_S || said < 1)
      this.complaint = `says ${name} with ${said} s left, not ${Math.ceil(left)}`;
  }

  /** What the board does not show as it must; it lasts, and no act is armed. */
  light(lit: boolean): string | undefined {
    const { board } = this.card;
    if (!lit) {
      for (let time = 0; time < DARK_S; time += LOOK_S) {
        board.advance(LOOK_S);
        if (Object.values(board.leds).includes(true)) return "shows a light";
      }
      return undefined;
    }
    const seen = look(board).map(({ lamp, flashes }) => `${lamp} ${flashes}`);
    const wanted = shown(this.pattern).map(({ lamp, flashes }) => `${lamp} ${flashes}`);
    return seen.join() === wanted.join()
      ? undefined
      : `blinks ${seen.join()}, not ${wanted.join()}`;
  }
}
