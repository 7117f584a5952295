/** Why a board was not flashed, what to do next, and how the program should end. */
export type FlashReason = "usage" | "refused" | "link" | "files" | "stopped";

export class FlashError extends Error {
  override readonly name = "FlashError";
  constructor(
    readonly reason: FlashReason,
    message: string,
    readonly next: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
