/**
 * The card's bundle: one script that calls itself, from what tsc made of firmware/src. The plugins
 * are explained in firmware/build; `npm run build` runs this and checks what comes out.
 */
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { firmwareConfig } from "./firmware/build/config.js";
import { directPlugin } from "./firmware/build/passes/direct.js";
import { firstPlugin } from "./firmware/build/passes/first.js";
import { hoistPlugin } from "./firmware/build/passes/hoist.js";
import { hotPlugin } from "./firmware/build/passes/hot.js";
import { configPlugin, tscPlugin } from "./firmware/build/inputs.js";
import { listsPlugin } from "./firmware/build/passes/lists.js";
import { minifyPlugin } from "./firmware/build/passes/minify.js";
import { namesPlugin } from "./firmware/build/passes/names.js";
import { shown } from "./firmware/build/paths.js";
import { varsPlugin } from "./firmware/build/passes/vars.js";

/**
 * @param {import("./firmware/build/config.js").FirmwareConfig} config
 * @returns {import("rollup").RollupOptions & { output: import("rollup").OutputOptions }}
 */
export function bundleOptions(
  config = firmwareConfig(),
  input = fileURLToPath(new URL("./build/firmware/main.js", import.meta.url)),
) {
  return {
    input,
    plugins: [tscPlugin(), configPlugin(config)],
    output: {
      format: "iife",
      generatedCode: "es5",
      strict: false,
      sourcemap: "hidden",
      // the same map wherever the bundle is written: sources from the project's root
      sourcemapPathTransform: (source, map) => shown(resolve(dirname(map), source)),
      externalLiveBindings: false,
      freeze: false,
      esModule: false,
      // in this order, each on the whole bundle: what runs last has the last word on order
      plugins: [
        listsPlugin(),
        directPlugin(),
        minifyPlugin(),
        namesPlugin(),
        hoistPlugin(),
        varsPlugin(),
        hotPlugin(),
        firstPlugin(config),
      ],
    },
  };
}
export default bundleOptions();
