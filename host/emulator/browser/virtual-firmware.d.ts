/** The built bundle and kernel in base64, which host/tools/build/browser.ts puts in. */
declare module "virtual:firmware" {
  export const firmware: string;
  export const kernel: string;
}
