/** The user's own folder never depends on where the program was started. */
import { strict as assert } from "node:assert";
import { isAbsolute } from "node:path";
import { ownCertificateFile } from "../../../host/apps/page/server/certificate.js";
import { userFolder } from "../../../host/sdk/files/user-folder.js";

describe("the user's folder", () => {
  const home = "/home/somebody";
  for (const [env, folder] of [
    [{ XDG_CONFIG_HOME: "/c" }, "/c/kincard"],
    [{ XDG_CONFIG_HOME: "/c", APPDATA: "/a" }, "/c/kincard"],
    [{ APPDATA: "/a" }, "/a/kincard"],
    [{ XDG_CONFIG_HOME: "" }, "/home/somebody/.config/kincard"],
    [{ XDG_CONFIG_HOME: "rel/ative" }, "/home/somebody/.config/kincard"],
    [{ XDG_CONFIG_HOME: "", APPDATA: "" }, "/home/somebody/.config/kincard"],
    [{ XDG_CONFIG_HOME: ".", APPDATA: "/a" }, "/a/kincard"],
    [{}, "/home/somebody/.config/kincard"],
  ] as const)
    it(`is ${folder} for ${JSON.stringify(env)}`, () =>
      assert.equal(userFolder(env as NodeJS.ProcessEnv, home), folder));
  it("is where the private key of kincard web goes", () => {
    for (const XDG_CONFIG_HOME of ["", "here"])
      assert.ok(isAbsolute(ownCertificateFile({ XDG_CONFIG_HOME })));
  });
});
