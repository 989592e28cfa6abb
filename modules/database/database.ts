import type { Grantee } from "../function/policy";
import type { SecurityGroup } from "../network/security-group";

/** A PostgreSQL database that functions connect to, made here or found. */
export interface Database {
  readonly host: string;
  readonly port: number;
  /** The database inside the server. */
  readonly name: string;
  /** The secret with `username` and `password`. */
  readonly secretArn: string;
  readonly securityGroupId: string;
  /** Reading the secret, and decrypting it by Secrets Manager. */
  grantReadSecret(grantee: Grantee): void;
  /**
   * Lets a group's members connect: out of their group, and into the database's where it is ours.
   * @param id names the two rules, for example `covid-load`.
   */
  allowConnections(id: string, from: SecurityGroup): void;
}
