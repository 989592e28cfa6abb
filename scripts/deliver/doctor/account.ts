/** What the pre-flight asks of an AWS account. Each question fails where the right to ask it is missing. */
export interface Account {
  identity(): Promise<{ readonly account: string; readonly arn: string }>;
  /** Of the account's quota of function runs at once, what no function has reserved. */
  unreservedConcurrency(): Promise<number>;
  /** What a function has reserved; 0 where there is no such function, or it has not. */
  reservedBy(functionName: string): Promise<number>;
  /** Hosts that tokens are trusted of. */
  identityProviders(): Promise<readonly string[]>;
  bucket(name: string, account: string): Promise<"free" | "ours" | "taken">;
  /** What RDS sells of PostgreSQL in the region on an instance class. */
  offers(instanceClass: string): Promise<readonly Offer[]>;
  /** What RDS says of an instance: "available", "stopped", …; undefined where there is none of this identifier. */
  instanceStatus(identifier: string): Promise<string | undefined>;
  hasRole(name: string): Promise<boolean>;
  /** E-mail addresses of a topic, and whether each has confirmed; undefined where there is no such topic. */
  subscribers(topicArn: string): Promise<ReadonlyMap<string, boolean> | undefined>;
}

export interface Offer {
  readonly version: string;
  readonly storage: string;
  readonly multiAz: boolean;
}
