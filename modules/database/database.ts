import type { Grantee } from "../function/policy";
import type { SecurityGroup } from "../network/security-group";

/** A PostgreSQL database that functions connect to, created here or looked up. */
export interface Database {
  readonly host: string;
  readonly port: number;
  /** The database inside the server. */
  readonly name: string;
  /** The secret with `username` and `password`. */
  readonly secretArn: string;
  readonly securityGroupId: string;
  /** Allows reading the secret, and decrypting it through Secrets Manager. */
  grantReadSecret(grantee: Grantee): void;
  /**
   * Lets members of a group connect: out of their group, and into the database's group if it is ours.
   * @param id names the two rules, for example `covid-load`.
   */
  allowConnections(id: string, from: SecurityGroup): void;
}
