/** What package.json and its lock promise: pinned, without addresses, each dependency explained. */
import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { fromRoot } from "../../firmware/build/paths.js";
import { OPTIONAL_PACKAGES } from "../../host/sdk/failures/packages.js";

type Versions = Readonly<Record<string, string>>;
interface Manifest {
  readonly dependencies: Versions;
  readonly devDependencies: Versions;
  readonly peerDependencies: Versions;
  readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional?: boolean }>>;
  readonly overrides: Readonly<Record<string, Versions>>;
}
interface Lock {
  readonly packages: Readonly<
    Record<string, { version?: string; name?: string; resolved?: string; integrity?: string }>
  >;
}
const read = (file: string) => readFileSync(fromRoot(file), "utf8");
const manifest = JSON.parse(read("package.json")) as Manifest;
const lock = JSON.parse(read("package-lock.json")) as Lock;
const direct = { ...manifest.dependencies, ...manifest.devDependencies };
const named = { ...direct, ...manifest.peerDependencies };

describe("package.json", () => {
  it("asks for nothing but optional peers: the versions that the sentences name, or newer ones", () => {
    const { peerDependencies, peerDependenciesMeta, devDependencies } = manifest;
    const asked = Object.entries(OPTIONAL_PACKAGES).map(([name, { version }]) => [name, version]);
    // A wallet has its own viem: pinned here, npm would refuse to install the two together.
    const ranges = asked.map(([name, version]) => [name, `^${version}`]);
    assert.deepEqual(peerDependencies, Object.fromEntries(ranges));
    for (const [name, version] of asked as [string, string][]) {
      assert.equal(peerDependenciesMeta[name]?.optional, true, `${name} is not optional`);
      assert.equal(devDependencies[name] ?? version, version, `${name} is here in another version`);
    }
  });
  it("pins every dependency to one version, the lock's", () => {
    for (const [name, wanted] of Object.entries(direct)) {
      // a second version of a package has a name of its own here
      const version = wanted.replace(/^npm:[^@]+@/, "");
      assert.match(version, /^\d+\.\d+\.\d+$/, `${name} is not pinned`);
      assert.equal(lock.packages[`node_modules/${name}`]?.version, version, name);
    }
  });
  it("has each dependency explained in docs/decisions/dependencies.md", () => {
    const rows = read("docs/decisions/dependencies.md").split("\n");
    for (const name of Object.keys(named))
      assert.ok(
        rows.some((row) => row.startsWith("|") && row.includes(`\`${name}\``)),
        `${name} has no row`,
      );
  });
  it("cuts every optional package of espruino", () => {
    const cut = manifest.overrides["espruino"] ?? {};
    const places = Object.entries(lock.packages);
    for (const name of Object.keys(cut)) {
      const found = places.filter(([place]) => place.endsWith(`node_modules/${name}`));
      assert.equal(found.length, 1, `${name} is there more than once`);
      const [[, { name: alias, version }]] = found as [(typeof found)[number]];
      if (name === "serialport") assert.equal(version, direct["serialport"]);
      else assert.equal(alias, "@favware/skip-dependency", `${name} would be installed`);
    }
  });
});

describe("package-lock.json", () => {
  it("names no download address", () => {
    assert.deepEqual(
      Object.entries(lock.packages).filter(([, { resolved }]) => resolved),
      [],
    );
  });
  it("holds the hash of every package", () => {
    for (const [place, { integrity }] of Object.entries(lock.packages))
      assert.ok(place === "" || integrity, `${place} has no integrity`);
  });
  it("holds the binaries of rollup and esbuild for more than this machine", () => {
    const places = Object.keys(lock.packages);
    for (const name of ["@rollup/rollup-", "@esbuild/"])
      for (const system of ["linux-x64", "darwin-arm64", "win32-x64"])
        assert.ok(
          places.some((place) => place.startsWith(`node_modules/${name}${system}`)),
          `${name}${system}`,
        );
  });
});
