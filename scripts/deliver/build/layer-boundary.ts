import type { Metafile } from "esbuild";
import { MillraceError } from "../../../etl/core/errors";
import { isOfRuntime } from "./layer-packages";

const PACKAGE_IN_PATH = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*\bnode_modules\/)/;

/**
 * Refuses a bundle with its own copy of a package of the layer or the Lambda runtime: two copies of one package in a
 * process do not recognise each other's classes, and the code would be loaded twice.
 *
 * @param layer names of all packages in the layer
 */
export function checkBoundary(handler: string, inputs: Metafile["inputs"], layer: ReadonlySet<string>): void {
  for (const path of Object.keys(inputs)) {
    const name = PACKAGE_IN_PATH.exec(path)?.[1];
    if (name === undefined || !(layer.has(name) || isOfRuntime(name))) continue;
    throw new MillraceError(`handlers/${handler}.ts bundles ${name}`, {
      got: path,
      expected: layer.has(name) ? "it from the layer" : "it from the Lambda runtime",
      fix: "Import the packages of layers/runtime/package.json by the package's own name",
    });
  }
}
