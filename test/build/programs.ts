/**
 * Random small programs around declarations: functions used before they stand, variables of
 * branches that are not taken, names that shadow, closures. No recursion: function k calls only
 * functions with a greater number. What they print is fixed by ECMAScript.
 */
export type Random = (below: number) => number;

/** Marsaglia's xorshift32: for tests, where a run must be repeatable from its seed. */
export function seeded(seed: number): Random {
  let state = seed | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

const VARIABLES = ["a", "b", "c", "d"];

class Writer {
  private functions = 0;
  private blocks = 0;
  private switches = 0;
  /** `tidy`: every variable is declared once, with a value, before its use, as typed code does. */
  constructor(
    private readonly random: Random,
    private readonly tidy: boolean,
  ) {}

  private pick<T>(list: readonly T[]): T {
    return list[this.random(list.length)]!;
  }
  /** Never throws, whatever the variables hold. */
  private value(callable: readonly string[]): string {
    switch (this.random(callable.length ? 6 : 4)) {
      case 0:
        return String(this.random(100));
      case 1:
        return `(${this.pick(VARIABLES)} || 0) + ${this.random(9)}`;
      case 2:
      case 3:
        return this.pick(VARIABLES);
      default:
        return `${this.pick(callable)}(${this.random(9)})`;
    }
  }
  private statement(callable: readonly string[], depth: number): string {
    const name = this.pick(VARIABLES);
    const inner = () => this.statements(callable, depth + 1, 2);
    switch (this.random(depth < 2 ? 12 : 5)) {
      case 0:
      case 1: {
        if (!this.tidy) return `var ${name} = ${this.value(callable)};`;
        const own = `v${this.blocks++}`;
        return `var ${own} = ${this.value(callable)}; ${name} = (${own} + ${name}) & 4095; print(${own});`;
      }
      case 2:
        return `${name} = ${this.value(callable)};`;
      case 3:
        return `print(typeof ${name}, ${name});`;
      case 4:
        return this.tidy ? `${name} = ${name} ? ${this.value(callable)} : 0;` : `var ${name};`;
      case 5:
        return `if (${this.value(callable)}) { ${inner()} } else { ${inner()} }`;
      case 6:
        return `if (${name}) { ${inner()} }`;
      case 7:
        return `${this.loop(inner())}`;
      case 8:
        return `try { ${inner()} if (${name}) throw 1; ${inner()} } catch (e) { ${inner()} }`;
      case 9: {
        this.switches++;
        const parts = [inner(), inner(), inner()];
        this.switches--;
        return `switch (${name}) { case 1: ${parts[0]} break; case undefined: ${parts[1]} default: ${parts[2]} }`;
      }
      case 10:
        // refused by the check: a do..while that a switch skips lets the next case run
        if (this.switches) return `${name} = (${name} + 1) & 4095;`;
        return `do { ${inner()} if (${name}) break; ${inner()} } while (0);`;
      default:
        return `[1, 2].forEach(function (${this.pick(["n", "m"])}) { ${inner()} });`;
    }
  }
  private loop(inside: string): string {
    const i = `i${this.blocks++}`;
    return `for (var ${i} = 0; ${i} < ${this.random(3)}; ${i}++) { ${inside} }`;
  }
  private statements(callable: readonly string[], depth: number, most: number): string {
    const count = 1 + this.random(most);
    return Array.from({ length: count }, () => this.statement(callable, depth)).join(" ");
  }
  /** A function's inside: statements with function declarations among them, anywhere. */
  body(outer: readonly string[], level: number): string {
    const own =
      level < 2 ? Array.from({ length: this.random(3) }, () => `f${this.functions++}`) : [];
    const parts = Array.from({ length: 3 + this.random(4) }, () =>
      this.statement([...own, ...outer], 0),
    );
    // a function's own variables, under the names of those around it
    if (this.tidy)
      parts.unshift(
        VARIABLES.filter(() => level === 0 || this.random(3) === 0)
          .map((name) => `var ${name} = ${this.random(3)};`)
          .join(" "),
      );
    own.forEach((name, i) => {
      const text = `function ${name}(${this.pick(["p", "q"])}) { ${this.body(own.slice(i + 1), level + 1)} return ${this.value([])}; }`;
      parts.splice(this.random(parts.length + 1), 0, text);
    });
    return parts.join("\n");
  }
}

export function randomProgram(random: Random, tidy = false): string {
  const body = new Writer(random, tidy).body([], 0);
  const show = VARIABLES.map((name) => `print(typeof ${name}, ${name});`).join(" ");
  const late = tidy ? "" : `var ${VARIABLES.join(", ")};`;
  return `(function () {\n${body}\n${late}\n${show}\n})();`;
}
