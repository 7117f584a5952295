/** terser, kept to what the interpreter can run and runs fast. */
import type { Plugin } from "rollup";
import { minify, type MinifyOptions } from "terser";

export const TERSER: MinifyOptions = {
  ecma: 5,
  toplevel: true,
  compress: {
    passes: 3,
    hoist_funs: true,
    // merges `var`s at the top in a form that Espruino does not parse
    hoist_vars: false,
    // a function inlined as an expression would be made anew, and read over, at every call
    reduce_funcs: false,
    // only functions that are one `return`: no new variables, one call less
    inline: 1,
    negate_iife: false,
    keep_fargs: false,
    // `arguments[0]` for a parameter and `Array.prototype` tricks: slower or absent here
    arguments: false,
    unsafe: false,
    // terser 5.51.2 changes the meaning of programs with these two (found by test/build): an
    // assignment moves past a `throw` in its `try`; a `var` is lost with a `case` that is taken out
    collapse_vars: false,
    switches: false,
  },
  mangle: { toplevel: true },
  // strings stay 8-bit: everything unprintable as \xNN
  format: { ascii_only: true, comments: false, semicolons: true, wrap_func_args: false },
};

export function minifyPlugin(): Plugin {
  return {
    name: "minify",
    async renderChunk(code) {
      const { code: small, map } = await minify(code, { ...TERSER, sourceMap: { asObject: true } });
      return { code: small!, map: map as never };
    },
  };
}
