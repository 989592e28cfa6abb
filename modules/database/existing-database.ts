import { TerraformOutput } from "cdktf";
import { Construct } from "constructs";
import type { Grantee } from "../function/policy";
import { grantSecret } from "../function/secret-grant";
import type { SecurityGroup } from "../network/security-group";
import type { Database } from "./database";

export interface ExistingDatabaseProps {
  readonly host: string;
  readonly port: number;
  readonly name: string;
  readonly secretArn: string;
  /** The customer managed key of the secret. @default the AWS managed key, which needs no permission */
  readonly secretKeyArn?: string;
  readonly securityGroupId: string;
}

/**
 * A database with another owner. It is not changed: the rule that its owner has to add for each function is an output
 * of the stack.
 */
export class ExistingDatabase extends Construct implements Database {
  readonly host: string;
  readonly port: number;
  readonly name: string;
  readonly secretArn: string;
  readonly securityGroupId: string;
  readonly #props: ExistingDatabaseProps;

  constructor(scope: Construct, id: string, props: ExistingDatabaseProps) {
    super(scope, id);
    this.host = props.host;
    this.port = props.port;
    this.name = props.name;
    this.secretArn = props.secretArn;
    this.securityGroupId = props.securityGroupId;
    this.#props = props;
  }

  grantReadSecret(grantee: Grantee): void {
    grantSecret(grantee, this.secretArn, this.#props.secretKeyArn);
  }

  allowConnections(id: string, from: SecurityGroup): void {
    const { securityGroupId } = this.#props;
    from.allowTo("database", { securityGroupId }, this.port, "PostgreSQL");
    new TerraformOutput(this, `rule-${id}`, {
      description: "The connections that the database's owner has to allow",
      value: `${securityGroupId}: TCP ${this.port} from ${from.id}`,
    }).overrideLogicalId(`database_rule_${id.replaceAll("-", "_")}`);
  }
}
