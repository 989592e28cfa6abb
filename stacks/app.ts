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
export function addStacks(app: App, config: Config, backend?: StateBackend, endpointInEnvironment = false): void {
  const props = { config, backend, endpointInEnvironment };
  new StateBackendStack(app, "state-backend", props);
  const network = new NetworkStack(app, "network", props);
  const etl = new EtlStack(app, "etl", { ...props, network: network.network });
  // Before the bootstrap there is no boundary.
  if (backend !== undefined) for (const stack of [network, etl]) limitRoles(stack, config);
}
