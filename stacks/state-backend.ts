import { Id } from "@cdktf/provider-random/lib/id";
import { RandomProvider } from "@cdktf/provider-random/lib/provider";
import { Annotations, TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { exportPrefix, type StateBackend, stateKey } from "../config/backend";
import { bootstrapName } from "../config/names";
import { configSchema } from "../config/schema";
import { StateStore } from "../modules/storage/state-store";
import { Audit } from "./audit";
import { DeliveryRoles, deployedScope } from "./delivery-roles";
import { MillraceStack, type MillraceStackProps } from "./millrace-stack";
import { PeoplePolicies } from "./people-policies";

/**
 * Where Terraform keeps its state, who may deploy from GitHub Actions, and the record of who did what.
 *
 * A backend block allows only literals, so this stack begins without one. `npm run bootstrap`:
 * 1. synthesises and applies it with local state (`localStateFile` in config/backend.ts),
 * 2. writes its output `backend`, a {@link StateBackend} as JSON, to `backendFile(config)`,
 * 3. synthesises again, now with an S3 backend block in every stack, and `terraform init -migrate-state`s it. Each step
 * continues from what an earlier, interrupted bootstrap left: local state, the file, or both.
 *
 * Bucket, key and table refuse to be destroyed while `state.protected` is true. `npm run bootstrap -- --destroy` lays
 * `{"state":{"protected":false}}` over the configuration (MILLRACE_CONFIG), applies, removes the backend file,
 * migrates the state back to the local file and destroys.
 */
export class StateBackendStack extends MillraceStack {
  constructor(scope: Construct, id: string, props: MillraceStackProps) {
    super(scope, id, props);
    const { config } = props;
    new RandomProvider(this, "random");
    const suffix = new Id(this, "suffix", { byteLength: 4 }).hex;
    const store = new StateStore(this, "state", {
      name: bootstrapName(config, "state"),
      suffix,
      protect: config.state.protected,
    });
    new Audit(this, "audit", { config, store, suffix });
    const roles = new DeliveryRoles(this, "delivery", config);
    const deployed = ["network", "etl"].map((stack) => stateKey(config, stack));
    store.grantRead(roles.plan, deployed);
    store.grantWrite(roles.deploy, deployed);
    store.grantWrite(roles.destroy, deployed);
    store.grantKeep(roles.destroy, exportPrefix(config));

    this.#output("backend", "The content of the backend file", JSON.stringify(backendOf(store, config.aws.region)));
    for (const kind of ["plan", "deploy", "destroy"] as const) {
      this.#output(`${kind}_role_arn`, `The role of the workflow that runs ${kind}`, roles[kind].arn);
    }
    const people = new PeoplePolicies(this, "people", config, deployedScope(config));
    for (const kind of ["operator", "reader"] as const) {
      this.#output(`${kind}_policy_arn`, `The policy of people who are ${kind}s: attach it to them`, people[kind]);
    }
    if (people.links !== undefined) {
      this.#output(
        "links_policy_arn",
        "The policy that operators need for links of upload-link: attach it to them, too",
        people.links,
      );
    }
    this.#warnOfPlaceholder(config.github.repository);
  }

  #output(name: string, description: string, value: string): void {
    new TerraformOutput(this, `output-${name}`, { description, value }).overrideLogicalId(name);
  }

  #warnOfPlaceholder(repository: string): void {
    if (repository !== configSchema.shape.github.parse({}).repository) return;
    Annotations.of(this).addInfo("github.repository is not set: no workflow can assume the roles of this stack.");
  }
}

function backendOf({ bucket, locks, key }: StateStore, region: string): StateBackend {
  return { bucket: bucket.name, lockTable: locks.name, kmsKeyArn: key.arn, region };
}
