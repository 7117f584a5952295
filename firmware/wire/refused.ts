/**
 * Thrown when a build is refused; each line of the message names a file, and a line where it can.
 */
export class BuildRefused extends Error {
  override readonly name = "BuildRefused";
}
