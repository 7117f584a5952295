/** rollup plugins for its input: tsc's source maps, and the build options in place of config.ts. */
import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import type { Plugin } from "rollup";
import { BuildRefused } from "./check/findings.js";
import { configModule, type FirmwareConfig } from "./config.js";

/** Hands tsc's maps to rollup, so that every later place leads back to the .ts file. */
export function tscPlugin(): Plugin {
  return {
    name: "tsc",
    load(id) {
      if (!existsSync(`${id}.map`)) return null;
      const code = readFileSync(id, "utf8").replace(/\/\/# sourceMappingURL=.*\s*$/, "");
      return { code, map: readFileSync(`${id}.map`, "utf8") };
    },
    onLog(_level, log) {
      // cycles of imports are harmless as long as the order check finds nothing
      if (log.code === "CIRCULAR_DEPENDENCY") return false;
      throw new BuildRefused(`${log.loc?.file ?? "rollup"}: ${log.message}`);
    },
  };
}

/** config.js declares names with dummy values; each must be one that the build knows. */
export function configPlugin(config: FirmwareConfig): Plugin {
  return {
    name: "config",
    transform(code, id) {
      if (basename(id) !== "config.js") return null;
      const values = configModule(config);
      const declared = [...code.matchAll(/export var (\w+)/g)].map(([, name]) => name!);
      const strange = declared.filter((name) => !(name in values));
      if (strange.length) throw new BuildRefused(`config.ts: unknown option ${strange.join(", ")}`);
      const lines = declared.map((name) => `export var ${name} = ${values[name]};`);
      return { code: lines.join("\n"), map: { mappings: "" } };
    },
  };
}
