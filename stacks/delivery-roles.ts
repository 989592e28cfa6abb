import { DataAwsVpcs } from "@cdktf/provider-aws/lib/data-aws-vpcs";
import { Annotations, Fn } from "cdktf";
import { Construct } from "constructs";
import { roleSubjects, trustsOldFormOnly } from "../config/github-subjects";
import { bootstrapName, bucketName, resourceName } from "../config/names";
import { pageSecrets } from "../config/page-secrets";
import { rawPlaces } from "../config/raw-places";
import { allWebhooks } from "../config/recipients";
import type { Config } from "../config/schema";
import { sourceBuckets, sourceKeys } from "../config/source-buckets";
import { sourceSecrets } from "../config/source-secrets";
import { Account } from "../modules/account";
import { type Access, join } from "../modules/delivery/access/access";
import { computeAccess } from "../modules/delivery/access/compute-access";
import { keyAccess } from "../modules/delivery/access/key-access";
import { messageAccess } from "../modules/delivery/access/message-access";
import { networkAccess } from "../modules/delivery/access/network-access";
import { preflightAccess } from "../modules/delivery/access/preflight-access";
import { quicksightAccess } from "../modules/delivery/access/quicksight-access";
import { roleAccess } from "../modules/delivery/access/role-access";
import { emptyStorage, exportStorage, listData, storageAccess } from "../modules/delivery/access/storage-access";
import { webAccess } from "../modules/delivery/access/web-access";
import { Boundary } from "../modules/delivery/boundary";
import { GithubOidc } from "../modules/delivery/github-oidc";
import { GithubRole, type GithubRoleProps } from "../modules/delivery/github-role";
import type { Statement } from "../modules/function/policy";
import { ExistingBucket } from "../modules/storage/existing-bucket";

/** The stacks that workflows deploy; only the bootstrap changes the state backend. */
const DEPLOYED_STACKS = ["network", "etl"];

const OLD_FORM_ONLY =
  "github.ownerId and github.repositoryId are not set: workflows of a repository made or renamed since 2026-07-15 cannot " +
  "assume the roles. `npm run github:check -- --ask-github` prints the ids.";

/** As long as the jobs of the workflows that deploy and destroy, which wait for databases and network interfaces. */
const CHANGE_HOURS = 2;

/** The name of the permissions boundary of all roles of the deployed stacks. */
export function boundaryName(config: Config): string {
  return bootstrapName(config, "boundary");
}

/** Names and tags of the deployed stacks. */
export function deployedScope(config: Config) {
  const { project, environment } = config;
  return { prefix: resourceName(config), tags: { Project: project, Environment: environment, Stack: DEPLOYED_STACKS } };
}

/**
 * The roles of the configured repository's workflows: the reader, the deployer and the destroyer of one environment.
 */
export class DeliveryRoles extends Construct {
  readonly plan: GithubRole;
  readonly deploy: GithubRole;
  readonly destroy: GithubRole;
  readonly #config: Config;
  readonly #oidc: GithubOidc;

  constructor(scope: Construct, id: string, config: Config) {
    super(scope, id);
    this.#config = config;
    this.#oidc = new GithubOidc(this, "github", { provider: config.github.oidcProvider });
    const subjects = roleSubjects(config);
    if (trustsOldFormOnly(config.github)) Annotations.of(this).addInfo(OLD_FORM_ONLY);
    const { named, messages, network, identities, web, data, empty, preflight } = this.#permissions();
    const all = join([named, messages, network, identities]);
    /** Separate: with all others, the policy would exceed IAM's limit. */
    const pages = (...statements: readonly (readonly Statement[])[]) => {
      const flat = statements.flat();
      return flat.length > 0 && { web: flat };
    };
    this.plan = this.#createRole("plan", "Reads what a plan compares", {
      subjects: subjects.plan,
      policies: { read: [...all.read, ...data], ...pages(web.read) },
    });
    if (config.dataPlan.rawObjects > 0) this.#grantRawObjects();
    this.deploy = this.#createRole("deploy", "Makes and changes the deployed stacks", {
      subjects: subjects.deploy,
      policies: {
        read: all.read,
        preflight,
        "write-named": named.write,
        "write-messages": messages.write,
        "write-unnamed": network.write,
        "write-identities": identities.write,
        remove: all.remove,
        ...pages(web.read, web.write, web.remove),
      },
      maxSessionHours: CHANGE_HOURS,
    });
    this.destroy = this.#createRole("destroy", "Empties and removes the deployed stacks", {
      subjects: subjects.destroy,
      policies: {
        read: all.read,
        remove: [...all.remove, ...empty],
        export: exportStorage(this, deployedScope(config)),
        ...pages(web.read, web.remove),
      },
      maxSessionHours: CHANGE_HOURS,
    });
  }

  /** For `npm run data-plan -- --from deployed`. It may list our own buckets anyway. */
  #grantRawObjects(): void {
    const account = Account.of(this);
    for (const { folder, bucket, prefix } of rawPlaces(this.#config)) {
      const own = "kind" in bucket ? { name: bucketName(this.#config, bucket.kind, account.id) } : bucket;
      const place = new ExistingBucket(this, `raw-${folder.replace("/", "-")}`, own);
      place.grantRead(this.plan, prefix);
      if ("name" in bucket) place.grantList(this.plan);
    }
  }

  #createRole(kind: string, does: string, props: RoleProps): GithubRole {
    return new GithubRole(this, kind, {
      ...props,
      name: bootstrapName(this.#config, kind),
      description: `${does} of ${resourceName(this.#config)}, from GitHub Actions.`,
      oidc: this.#oidc,
    });
  }

  /** Named resources, monitoring, the network, and keys and roles: too much for one policy. */
  #permissions(): Readonly<
    Record<"named" | "messages" | "network" | "identities" | "web", Access> &
      Record<"data" | "empty" | "preflight", readonly Statement[]>
  > {
    const { network } = this.#config;
    const scope = deployedScope(this.#config);
    const { database, pages } = this.#config;
    const existing = database.mode === "existing" ? [{ arn: database.secretArn, keyArn: database.secretKeyArn }] : [];
    const webhooks = allWebhooks(this.#config).map(({ secretArn, secretKeyArn }) => ({
      arn: secretArn,
      keyArn: secretKeyArn,
    }));
    const secrets = [...existing, ...sourceSecrets(this.#config), ...webhooks, ...pageSecrets(this.#config)];
    const keys = [...sourceKeys(this.#config), ...secrets.map(({ keyArn }) => keyArn)];
    const boundary = new Boundary(this, "boundary", {
      ...scope,
      name: boundaryName(this.#config),
      secretArns: secrets.map(({ arn }) => arn),
      managesDatabase: database.mode === "create",
      readBuckets: sourceBuckets(this.#config),
      keyArns: keys.filter((arn) => arn !== undefined),
      quicksight: pages.quicksight.enabled,
    });
    const existingVpcId = network.mode === "existing" ? network.vpcId : undefined;
    return {
      named: join([computeAccess(this, scope), storageAccess(this, scope)]),
      messages: messageAccess(this, { ...scope, filters: webhooks.length > 0 }),
      network: networkAccess(this, { ...scope, existingVpcId, vpcId: this.#vpcId(network, scope.tags) }),
      identities: join([
        keyAccess(this, scope),
        roleAccess(this, {
          ...{ ...scope, boundaryArn: boundary.arn },
          moreServices: pages.quicksight.enabled ? ["quicksight.amazonaws.com"] : [],
        }),
      ]),
      web: join([
        ...(pages.web.enabled ? [webAccess(this, scope)] : []),
        ...(pages.quicksight.enabled ? [quicksightAccess(this, scope)] : []),
      ]),
      data: listData(this),
      empty: emptyStorage(this, scope),
      preflight: preflightAccess(this, { prefix: scope.prefix, managesDatabase: database.mode === "create" }),
    };
  }

  /**
   * The existing VPC, or the one with our tags. A VPC gets its id only when it is deployed: run the bootstrap again
   * after that.
   */
  #vpcId(network: Config["network"], { Project, Environment }: Tags): string {
    if (network.mode === "existing") return network.vpcId;
    const ours = new DataAwsVpcs(this, "vpcs", { tags: { Project, Environment, Stack: "network" } });
    return Fn.element(Fn.coalescelist([ours.ids, ["not-deployed"]]), 0);
  }
}

type RoleProps = Pick<GithubRoleProps, "subjects" | "policies" | "maxSessionHours">;
type Tags = Readonly<Record<"Project" | "Environment", string>>;
