/** Loads what needs an optional package; where that is not installed, Failure package/missing. */

import { Failure } from "./failure.js";
import { isAbsent, type OptionalPackageName } from "./packages.js";

export async function withPackage<T>(name: OptionalPackageName, load: () => Promise<T>) {
  try {
    return await load();
  } catch (error) {
    if (!isAbsent(error, name)) throw error;
    throw new Failure("package/missing", { package: name }, { cause: error });
  }
}
