import { Annotations } from "cdktf";
import { Construct } from "constructs";
import { roleSubjects, trustsOldFormOnly } from "../config/github-subjects";
import { bootstrapName, resourceName } from "../config/names";
import type { Config } from "../config/schema";
import { sourceBuckets } from "../config/source-buckets";
import { sourceSecrets } from "../config/source-secrets";
import { Account } from "../modules/account";
import { type Access, join } from "../modules/delivery/access";
import { Boundary } from "../modules/delivery/boundary";
import { computeAccess } from "../modules/delivery/compute-access";
import { keyAccess } from "../modules/delivery/key-access";
import { messageAccess } from "../modules/delivery/message-access";
import { networkAccess } from "../modules/delivery/network-access";
import { roleAccess } from "../modules/delivery/role-access";
import { emptyStorage, storageAccess } from "../modules/delivery/storage-access";
import { GithubOidc } from "../modules/github-oidc";
import { GithubRole, type GithubRoleProps } from "../modules/github-role";

/** The stacks that workflows deploy; the state backend is changed by its bootstrap alone. */
const DEPLOYED_STACKS = ["network", "etl"];

const OLD_FORM_ONLY =
  "github.ownerId and github.repositoryId are not set: workflows of a repository made or renamed since 2026-07-15 cannot " +
  "take the roles. `npm run github:check -- --ask-github` tells the ids.";

/** The name of the policy that bounds every role of the deployed stacks. */
export function boundaryName(config: Config): string {
  return bootstrapName(config, "boundary");
}

/** What workflows of the configured repository may be: the reader, the deployer and the destroyer of one environment. */
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
    const { named, unnamed, empty } = this.#permissions();
    this.plan = this.#createRole("plan", "Reads what a plan compares", {
      subjects: subjects.plan,
      policies: { read: [...named.read, ...unnamed.read] },
    });
    this.deploy = this.#createRole("deploy", "Makes and changes the deployed stacks", {
      subjects: subjects.deploy,
      policies: {
        read: [...named.read, ...unnamed.read],
        "write-named": named.write,
        "write-unnamed": unnamed.write,
        remove: [...named.remove, ...unnamed.remove],
      },
    });
    this.destroy = this.#createRole("destroy", "Empties and removes the deployed stacks", {
      subjects: subjects.destroy,
      policies: {
        read: [...named.read, ...unnamed.read],
        remove: [...named.remove, ...unnamed.remove, ...empty],
      },
    });
  }

  #createRole(kind: string, does: string, props: Pick<GithubRoleProps, "subjects" | "policies">): GithubRole {
    return new GithubRole(this, kind, {
      ...props,
      name: bootstrapName(this.#config, kind),
      description: `${does} of ${resourceName(this.#config)}, from GitHub Actions.`,
      oidc: this.#oidc,
    });
  }

  #permissions(): { named: Access; unnamed: Access; empty: ReturnType<typeof emptyStorage> } {
    const { project, environment, network } = this.#config;
    const prefix = resourceName(this.#config);
    const scope = { prefix, tags: { Project: project, Environment: environment, Stack: DEPLOYED_STACKS } };
    const boundary = new Boundary(this, "boundary", {
      prefix,
      name: boundaryName(this.#config),
      secretArns: this.#secretArns(),
      readBuckets: sourceBuckets(this.#config),
      keyArns: this.#sourceKeys(),
    });
    return {
      named: join([computeAccess(this, scope), messageAccess(this, scope), storageAccess(this, scope)]),
      unnamed: join([
        networkAccess(this, { ...scope, existingVpcId: network.mode === "existing" ? network.vpcId : undefined }),
        keyAccess(this, scope),
        roleAccess(this, { ...scope, boundaryArn: boundary.arn }),
      ]),
      empty: emptyStorage(this, scope),
    };
  }

  #sourceKeys(): readonly string[] {
    const { keyArn } = this.#config.pipelines.import.source;
    const keyArns = [keyArn, ...sourceSecrets(this.#config).map((secret) => secret.keyArn)];
    return keyArns.filter((arn) => arn !== undefined);
  }

  #secretArns(): readonly string[] {
    const { database } = this.#config;
    return [
      database.mode === "existing" ? database.secretArn : Account.of(this).arn("secretsmanager", "secret:rds!db-*"),
      ...sourceSecrets(this.#config).map(({ arn }) => arn),
    ];
  }
}
