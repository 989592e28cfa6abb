import type { App } from "cdktf";
import type { StateBackend } from "../config/backend";
import type { Config } from "../config/schema";
import { EtlStack } from "./etl";
import { limitRoles } from "./limit-roles";
import { NetworkStack } from "./network";
import { StateBackendStack } from "./state-backend";

/**
 * Puts the three stacks of one environment into an app. Their ids are arguments of `cdktf deploy`, and part of their
 * state's key: a public contract.
 */
export function addStacks(app: App, config: Config, backend?: StateBackend): void {
  new StateBackendStack(app, "state-backend", { config, backend });
  const network = new NetworkStack(app, "network", { config, backend });
  const etl = new EtlStack(app, "etl", { config, backend, network: network.network });
  // Before the bootstrap there is no boundary.
  if (backend !== undefined) for (const stack of [network, etl]) limitRoles(stack, config);
}
