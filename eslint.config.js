/** Lint rules: what types cannot say. Layout is prettier's. */
import js from "@eslint/js";
import ts from "typescript-eslint";
import { circles } from "./host/tools/lint/circles.js";
import { layers } from "./host/tools/lint/layers.js";

const noMathRandom = {
  object: "Math",
  property: "random",
  message: "Math.random never touches anything here (docs/design.md).",
};
const noWallClock = {
  object: "Date",
  property: "now",
  message: "People set this clock: waits take host/sdk/links/clock.ts, dates `new Date()`.",
};
/** Espruino's limits that the build sees too late or not in the words of the source. */
const forTheCard = [
  ["Literal[regex]", "Regular expressions are half implemented on the board."],
  ["SpreadElement, RestElement", "Spread and rest need helpers that do not run on the board."],
  ["ForOfStatement", "On the board a loop over elements costs 0.4 ms each: copy, hash, fill."],
  ["ClassDeclaration[superClass], ClassExpression[superClass]", "No inheritance on the board."],
  ["LabeledStatement", "Labels do not work on the board."],
  ["[generator=true], [async=true]", "No generators and no async functions on the board."],
  ["Property[computed=true]", "No computed keys on the board."],
  ["TaggedTemplateExpression", "No tagged templates on the board."],
].map(([selector, message]) => ({ selector, message }));

export default ts.config(
  {
    ignores: [
      "node_modules",
      "build",
      "dist",
      "**/generated.ts",
      "firmware/src/wire",
      "test/build/fixtures",
    ],
  },
  js.configs.recommended,
  ...ts.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "no-undef": "off",
      eqeqeq: ["error", "always"],
      "no-implicit-coercion": "off",
      "no-restricted-properties": ["error", noMathRandom],
      "no-restricted-imports": [
        "error",
        { paths: [{ name: "espruino", message: "Use firmware/build." }] },
      ],
      "@typescript-eslint/no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", caughtErrors: "none" },
      ],
    },
  },
  {
    files: ["firmware/**/*.ts", "hw/**/*.ts", "host/**/*.ts", "host/**/*.mjs"],
    plugins: { kincard: { rules: { layers, circles } } },
    rules: { "kincard/layers": "error", "kincard/circles": "error" },
  },
  {
    files: ["host/**/*.ts", "host/**/*.mjs"],
    ignores: ["host/sdk/links/clock.ts"],
    rules: { "no-restricted-properties": ["error", noMathRandom, noWallClock] },
  },
  {
    files: ["firmware/src/**/*.ts"],
    ignores: ["**/*.d.ts"],
    rules: {
      "no-restricted-syntax": ["error", ...forTheCard],
      // memory that one phase leaves to the next is the same address under two names
      "@typescript-eslint/no-duplicate-enum-values": "off",
      "@typescript-eslint/no-require-imports": "off",
    },
  },
  {
    // chip logic knows nothing of Espruino: one folder names its globals
    files: ["firmware/src/**/*.ts"],
    ignores: ["firmware/src/board/**"],
    rules: {
      "no-restricted-globals": [
        "error",
        ..."E NRF BTN LED1 LED2 LED3 Serial1 Bluetooth USB process require global getTime atob btoa print setTimeout clearTimeout setInterval clearInterval setWatch clearWatch digitalWrite digitalRead digitalPulse peek32 poke32 load"
          .split(" ")
          .map((name) => ({ name, message: "Only firmware/src/board names Espruino's globals." })),
      ],
    },
  },
  {
    files: ["**/*.d.ts"],
    rules: {
      "@typescript-eslint/no-explicit-any": "off",
      "@typescript-eslint/no-empty-object-type": "off",
      "@typescript-eslint/no-unused-vars": "off",
      "no-var": "off",
      "no-redeclare": "off",
      "no-shadow-restricted-names": "off",
    },
  },
);
