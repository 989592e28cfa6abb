import { compute } from "./compute";
import { identities } from "./identities";
import { messages } from "./messages";
import { network } from "./network";
import { quicksight } from "./quicksight";
import type { CallTable } from "./resource-calls";
import { storage } from "./storage";
import { web } from "./web";

/** Every type of resource and data source of the deployed stacks, with what its life asks of who deploys. */
export const callTable: CallTable = {
  ...network,
  ...storage,
  ...messages,
  ...compute,
  ...identities,
  ...web,
  ...quicksight,
};
