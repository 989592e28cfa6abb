import { prod } from "../../config/prod";
import { keptAddresses } from "./support/addresses";
import { combinations, everyPipeline } from "./support/combinations";
import { looseOidcTrust, openToEverybody, starActions, starResources } from "./support/policy-rules";
import {
  brokenTokens,
  endpointWithoutPolicy,
  literalSecrets,
  openToTheWorld,
  plainHttpBuckets,
  unboundedRoles,
  unprotectedLocks,
} from "./support/resource-rules";
import { type StackName, someBackend, synthesize } from "./support/synthesize";

const rules = {
  brokenTokens,
  literalSecrets,
  openToTheWorld,
  endpointWithoutPolicy,
  unprotectedLocks,
  plainHttpBuckets,
  starActions,
  starResources,
  looseOidcTrust,
  openToEverybody,
};

const stackNames: readonly StackName[] = ["state-backend", "network", "etl"];

describe.each(combinations)("$name", ({ network: networkName, database, overrides }) => {
  const stacks = synthesize({ environment: prod, overrides: { ...overrides, ...everyPipeline }, backend: someBackend });

  test.each(stackNames)("%s breaks no rule of ours", (name) => {
    for (const rule of Object.values(rules)) expect(rule(stacks[name])).toEqual([]);
  });

  test("bounds every role that the deploy role makes", () => {
    expect(unboundedRoles(stacks.network)).toEqual([]);
    expect(unboundedRoles(stacks.etl)).toEqual([]);
    expect(stacks.etl.resources("aws_iam_role").length).toBeGreaterThan(3);
  });

  test("keeps the addresses of state, network and etl", () => {
    const etl = stacks.etl.addresses();
    const network = stacks.network.addresses();
    const state = stacks["state-backend"].addresses();

    expect(network).toEqual(keptAddresses(networkName.replaceAll(/[ /]/g, "-"), network));
    expect(state).toEqual(
      keptAddresses(`state-backend${networkName === "network existing" ? "-existing" : ""}`, state),
    );
    expect(etl).toEqual(keptAddresses(`etl-${database.replaceAll(" ", "-")}`, etl));
  });

  test("shares few things between stacks, by S3's remote state", () => {
    const outputs = Object.keys(stacks.network.outputs());
    expect(outputs.length).toBeGreaterThan(0);
    expect(outputs.length).toBeLessThanOrEqual(6);
    expect(stacks.etl.dataSources("terraform_remote_state")).toHaveLength(1);
  });
});
