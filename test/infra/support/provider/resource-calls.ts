/** A call on another resource than the row's own, or under conditions that AWS gives with it. */
export interface OtherCall {
  readonly action: string;
  /** An ARN, or arguments in braces that hold one: `{role}`. @default the row's own resource */
  readonly on?: string;
  /** Whether that resource has our tags; where it is an argument, it is seen. @default no */
  readonly ours?: true;
  /** Condition key → value, as `on`. */
  readonly context?: Readonly<Record<string, string>>;
}

export type Call = string | OtherCall;

/** What the AWS provider 5.100.0 calls for a type of resource, and what services ask of who calls them for it. */
export interface ResourceCalls {
  /** Files of hashicorp/terraform-provider-aws, below internal/service. */
  readonly source: string;
  /** Its ARN; `{name}` is the argument `name`, `{id}` an id that nobody knows before. `*` where actions take none. */
  readonly arn: string;
  /** What makes it; requests carry our tags, and nothing of it has any yet. */
  readonly make?: readonly Call[];
  /** What follows once it is there, in the same apply. */
  readonly settle?: readonly Call[];
  readonly read: readonly Call[];
  readonly update?: readonly Call[];
  readonly remove?: readonly Call[];
}

export type CallTable = Readonly<Record<string, ResourceCalls>>;

/** `calls("sqs", "CreateQueue", "TagQueue")`, on the row's own resource. */
export function calls(service: string, ...names: readonly string[]): readonly string[] {
  return names.map((name) => `${service}:${name}`);
}

/** Calls on another resource. */
export function on(resource: string, service: string, ...names: readonly string[]): readonly OtherCall[] {
  return names.map((name) => ({ action: `${service}:${name}`, on: resource }));
}

/** Uses of a key that a service asks for in the name of who calls it. */
export function keyVia(service: string, key: string, ...names: readonly string[]): readonly OtherCall[] {
  return names.map((name) => ({
    action: `kms:${name}`,
    on: key,
    ours: true,
    context: {
      "kms:ViaService": `${service}.eu-central-1.amazonaws.com`,
      ...(name === "CreateGrant" && { "kms:GrantIsForAWSResource": "true" }),
    },
  }));
}

/** Giving a role to a service. */
export function passRole(role: string, service: string): OtherCall {
  return { action: "iam:PassRole", on: role, context: { "iam:PassedToService": `${service}.amazonaws.com` } };
}
