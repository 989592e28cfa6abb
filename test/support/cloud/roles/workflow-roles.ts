import { roleSubjects } from "../../../../config/github-subjects";
import { bootstrapName } from "../../../../config/names";
import type { Cloud } from "../../../../scripts/cloud/cloud";
import type { Deployment } from "../../../../scripts/cloud/deployment";
import type { RoleKind } from "../../../../scripts/deliver/github-check/repository-variables";
import { callCloud } from "../call-cloud";
import type { GithubTokens } from "../github-tokens";

/** An answer of STS that gives no session. */
export class TokenRefused extends Error {
  override readonly name = "TokenRefused";

  constructor(
    /** AWS's code, for example `AccessDenied`. */
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** Credentials of a role for an hour. */
export interface RoleSession {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** AssumeRoleWithWebIdentity, as aws-actions/configure-aws-credentials calls it. @throws TokenRefused */
export async function takeRole(
  cloud: Cloud,
  RoleArn: string,
  WebIdentityToken: string,
  RoleSessionName: string,
): Promise<RoleSession> {
  const request = { Action: "AssumeRoleWithWebIdentity", Version: "2011-06-15", RoleArn, RoleSessionName };
  const body = new URLSearchParams({ ...request, WebIdentityToken });
  return readSession(await fetch(cloud.endpoint, { method: "POST", body }));
}

/** A session of a role for the administrator, whoever else may take it. */
export async function borrowRole(cloud: Cloud, RoleArn: string, RoleSessionName: string): Promise<RoleSession> {
  const body = new URLSearchParams({ Action: "AssumeRole", Version: "2011-06-15", RoleArn, RoleSessionName });
  return readSession(await callCloud(cloud, { service: "sts", body }));
}

/** A deployment in the hands of who has a role. */
export function withSession(deployment: Deployment, session: RoleSession): Deployment {
  return deployment.with({
    AWS_ACCESS_KEY_ID: session.accessKeyId,
    AWS_SECRET_ACCESS_KEY: session.secretAccessKey,
    AWS_SESSION_TOKEN: session.sessionToken,
  });
}

async function readSession(answer: Response): Promise<RoleSession> {
  const text = await answer.text();
  const field = (name: string) => new RegExp(`<${name}>([^<]+)</${name}>`).exec(text)?.[1] ?? "";
  if (!answer.ok) throw new TokenRefused(field("Code"), field("Message"));
  return {
    accessKeyId: field("AccessKeyId"),
    secretAccessKey: field("SecretAccessKey"),
    sessionToken: field("SessionToken"),
  };
}

/** The roles of a deployment's workflows, each taken with the token that GitHub gives to such a job. */
export class WorkflowRoles {
  readonly #cloud: Cloud;
  readonly #deployment: Deployment;
  readonly #tokens: GithubTokens;

  constructor(cloud: Cloud, deployment: Deployment, tokens: GithubTokens) {
    this.#cloud = cloud;
    this.#deployment = deployment;
    this.#tokens = tokens;
  }

  arn(kind: RoleKind): string {
    return `arn:aws:iam::123456789012:role/${bootstrapName(this.#deployment.config, kind)}`;
  }

  /** The deployment in the hands of a job that has the role. */
  async take(kind: RoleKind, session = `workflow-${kind}`): Promise<Deployment> {
    return withSession(this.#deployment, await this.session(kind, session));
  }

  /** @param sub default the last subject that the configuration trusts: a branch's, or an environment's */
  session(kind: RoleKind, session: string, sub = this.subjects(kind).at(-1) ?? ""): Promise<RoleSession> {
    return takeRole(this.#cloud, this.arn(kind), this.#tokens.sign({ sub }), session);
  }

  subjects(kind: RoleKind): readonly string[] {
    return roleSubjects(this.#deployment.config)[kind];
  }
}
