import { type CallCredentials, type CloudPlace, callCloud } from "../call-cloud";

export const ACCOUNT = "123456789012";

export interface Statement {
  readonly Effect?: "Allow" | "Deny";
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Principal?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export interface RoleSettings {
  /** Who may take it. @default the account, so the administrator */
  readonly trust?: readonly Statement[];
  readonly allowed?: readonly Statement[];
  readonly boundary?: readonly Statement[];
  readonly maxSessionSeconds?: number;
  /** Whose role it is. @default the deployment's account */
  readonly account?: string;
  /** A name that begins with `attack-` keeps what it does out of the recording. @default "test" */
  readonly session?: string;
}

/** Of an SDK's client. */
export interface Session extends CallCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

const OF_ACCOUNT: Statement = { Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: "sts:AssumeRole" };

/** Roles of an emulated AWS, and sessions of them. */
export class EmulatedRoles {
  readonly #cloud: CloudPlace;

  constructor(cloud: CloudPlace) {
    this.#cloud = cloud;
  }

  /** @returns its ARN */
  async create(name: string, settings: RoleSettings = {}): Promise<string> {
    const { trust = [OF_ACCOUNT], allowed = [], boundary, maxSessionSeconds = 3600, account = ACCOUNT } = settings;
    const iam = (parameters: Readonly<Record<string, string>>) => this.#iam(parameters, account);
    if (boundary !== undefined) {
      await iam({ Action: "CreatePolicy", PolicyName: `${name}-limit`, PolicyDocument: policy(boundary) });
    }
    await iam({
      Action: "CreateRole",
      RoleName: name,
      AssumeRolePolicyDocument: policy(trust),
      MaxSessionDuration: String(maxSessionSeconds),
      ...(boundary && { PermissionsBoundary: `arn:aws:iam::${account}:policy/${name}-limit` }),
    });
    if (allowed.length > 0) {
      const PolicyDocument = policy(allowed);
      await iam({ Action: "PutRolePolicy", RoleName: name, PolicyName: "granted", PolicyDocument });
    }
    return `arn:aws:iam::${account}:role/${name}`;
  }

  /** A role of this name, taken by the administrator. */
  async session(name: string, settings?: RoleSettings, sessionPolicy?: readonly Statement[]): Promise<Session> {
    const RoleArn = await this.create(name, settings);
    const answer = await this.#call("sts", "2011-06-15", {
      Action: "AssumeRole",
      RoleArn,
      RoleSessionName: settings?.session ?? "test",
      ...(sessionPolicy && { Policy: policy(sessionPolicy) }),
    });
    return sessionOf(await answer.text());
  }

  async #iam(parameters: Readonly<Record<string, string>>, account: string): Promise<void> {
    const answer = await this.#call("iam", "2010-05-08", parameters, account);
    if (!answer.ok) throw new Error(await answer.text());
  }

  #call(
    service: string,
    Version: string,
    parameters: Readonly<Record<string, string>>,
    account = ACCOUNT,
  ): Promise<Response> {
    return callCloud(this.#cloud, { service, body: new URLSearchParams({ Version, ...parameters }), account });
  }
}

export function policy(statements: readonly Statement[]): string {
  const Statement = statements.map((statement) => ({ Effect: "Allow", ...statement }));
  return JSON.stringify({ Version: "2012-10-17", Statement });
}

/** The credentials in an answer of STS. @throws Error where it has none */
export function sessionOf(xml: string): Session {
  const field = (name: string) => {
    const value = xml.match(new RegExp(`<${name}>([^<]+)</${name}>`))?.[1];
    if (value === undefined) throw new Error(`no ${name} in ${xml}`);
    return value;
  };
  return {
    accessKeyId: field("AccessKeyId"),
    secretAccessKey: field("SecretAccessKey"),
    sessionToken: field("SessionToken"),
  };
}
