/** Made by host/tools/build/page/espruino-parts.ts when the page is built. */
declare module "virtual:espruino" {
  export function makeWorld(
    globals: { Espruino?: unknown },
    console: Record<"log" | "warn" | "error", () => void>,
    navigator: { userAgent: string },
  ): unknown;
}
