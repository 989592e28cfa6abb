/** The pre-flight's queries of an AWS account. Each fails if its permission is missing. */
export interface Account {
  identity(): Promise<{ readonly account: string; readonly arn: string }>;
  /** The unreserved part of the account's quota of concurrent function runs. */
  unreservedConcurrency(): Promise<number>;
  /** A function's reserved concurrency; 0 if there is no such function, or no reservation. */
  reservedBy(functionName: string): Promise<number>;
  /** Hosts of trusted tokens' issuers. */
  identityProviders(): Promise<readonly string[]>;
  bucket(name: string, account: string): Promise<"free" | "ours" | "taken">;
  /** RDS's offers of PostgreSQL in the region on an instance class. */
  offers(instanceClass: string): Promise<readonly Offer[]>;
  /** The status of an RDS instance: "available", "stopped", …; undefined if there is none with this identifier. */
  instanceStatus(identifier: string): Promise<string | undefined>;
  hasRole(name: string): Promise<boolean>;
  /** E-mail addresses of a topic, and whether each has confirmed; undefined if there is no such topic. */
  subscribers(topicArn: string): Promise<ReadonlyMap<string, boolean> | undefined>;
}

export interface Offer {
  readonly version: string;
  readonly storage: string;
  readonly multiAz: boolean;
}
