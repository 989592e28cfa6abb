import { DbInstance } from "@cdktf/provider-aws/lib/db-instance";
import { DbSubnetGroup } from "@cdktf/provider-aws/lib/db-subnet-group";
import { Id } from "@cdktf/provider-random/lib/id";
import { StringResource } from "@cdktf/provider-random/lib/string-resource";
import { Token } from "cdktf";
import { Construct } from "constructs";
import { Account } from "../account";
import { LogGroup } from "../function/log-group";
import type { Grantee } from "../function/policy";
import { grantSecret } from "../function/secret-grant";
import { ServiceRole } from "../function/service-role";
import type { Topic } from "../messaging/topic";
import { type Peer, SecurityGroup } from "../network/security-group";
import type { Key } from "../storage/key";
import type { Database } from "./database";
import { addDatabaseAlarms } from "./database-alarms";
import { leaveAlone } from "./leave-alone";
import { postgresParameters } from "./postgres-parameters";

/** Peers of the database, in addition to our functions. */
export interface DatabaseAccess {
  readonly securityGroupIds: readonly string[];
  readonly cidrs: readonly string[];
  readonly prefixListIds: readonly string[];
}

/** Two instances: the one that Terraform created, and one restored beside it. */
export interface DatabaseInstances {
  /** The identifier of the restored one. */
  readonly restored: string;
  /** The one in use. It exists already: Terraform takes it over as it is, and no longer manages the other one. */
  readonly use: "made" | "restored";
}

export interface PostgresDatabaseProps {
  /** First part of all names here, and the name of the instance that Terraform creates. */
  readonly name: string;
  /** Set if there are two. @default Terraform creates one, `name` */
  readonly instances?: DatabaseInstances;
  readonly databaseName: string;
  readonly vpcId: string;
  /** Private subnets in at least two zones. */
  readonly subnetIds: readonly string[];
  /** For example `db.t4g.micro`. */
  readonly instanceClass: string;
  /** Initial storage in GiB. */
  readonly storageGb: number;
  /** Limit in GiB up to which the storage grows automatically; if equal to `storageGb`, it does not grow. */
  readonly maxStorageGb: number;
  /** Whether there is a standby in a second zone; doubles the price. */
  readonly multiAz: boolean;
  readonly backupDays: number;
  /** `hh:mm-hh:mm`, UTC. */
  readonly backupWindow: string;
  /** `ddd:hh:mm-ddd:hh:mm`, UTC. */
  readonly maintenanceWindow: string;
  /** Whether changes that may interrupt it are made at once, not in the maintenance window. */
  readonly applyImmediately: boolean;
  readonly deletionProtection: boolean;
  readonly finalSnapshot: boolean;
  /** Who else may connect. */
  readonly access: DatabaseAccess;
  /** Encrypts storage, secret, insights and logs. */
  readonly key: Key;
  readonly logRetentionDays: number;
  /** Receives the alarms. */
  readonly topic: Topic;
}

const PORT = 5432;
const HAS_ADDRESS = {
  condition: `\${self.address != null && self.address != ""}`,
  errorMessage:
    "RDS is still creating the database, which has no address yet. Run the same command again in a few minutes.",
};
const EXPORTED_LOGS = ["postgresql", "upgrade"];
/** Each has its own address, so that no plan confuses them. */
const INSTANCE_IDS = { made: "instance", restored: "restored" } as const;

/**
 * RDS PostgreSQL 17, private, encrypted, TLS only. RDS creates the password, keeps it in Secrets Manager and changes it
 * every seven days, so that it is never in Terraform's state.
 *
 * Costs by the hour, used or not: db.t4g.micro with 20 GiB about 14 USD a month, twice that with `multiAz`
 * (eu-central-1, 2026), and 0.40 USD for the secret.
 */
export class PostgresDatabase extends Construct implements Database {
  /** Of the instance in use. */
  readonly identifier: string;
  readonly host: string;
  readonly port = PORT;
  readonly name: string;
  readonly secretArn: string;
  readonly securityGroupId: string;
  readonly #group: SecurityGroup;
  readonly #key: Key;

  constructor(scope: Construct, id: string, props: PostgresDatabaseProps) {
    super(scope, id);
    const { name, key, instances } = props;
    this.identifier = instances?.use === "restored" ? instances.restored : name;
    this.#group = new SecurityGroup(this, "security-group", {
      name: `${name}-database`,
      description: `${name}: PostgreSQL from its functions only`,
      vpcId: props.vpcId,
    });
    this.securityGroupId = this.#group.id;
    this.#admit(props.access);
    const instance = this.#createInstance(props);
    addDatabaseAlarms(this, {
      name,
      instance: this.identifier,
      topic: props.topic,
      instanceClass: props.instanceClass,
      tenthOfStorage: tenthOfStorage(instance),
    });
    this.host = instance.address;
    this.name = props.databaseName;
    this.secretArn = instance.masterUserSecret.get(0).secretArn;
    this.#key = key;
  }

  grantReadSecret(grantee: Grantee): void {
    grantSecret(grantee, this.secretArn, this.#key.arn);
  }

  allowConnections(id: string, from: SecurityGroup): void {
    from.allowTo("database", { securityGroupId: this.#group.id }, PORT, "PostgreSQL");
    this.#group.allowFrom(id, { securityGroupId: from.id }, PORT, `PostgreSQL from ${id}`);
  }

  #admit({ securityGroupIds, cidrs, prefixListIds }: DatabaseAccess): void {
    const peers: readonly (readonly [id: string, Peer])[] = [
      ...securityGroupIds.map((id) => [id, { securityGroupId: id }] as const),
      ...cidrs.map((cidr) => [cidr, { cidr }] as const),
      ...prefixListIds.map((id) => [id, { prefixListId: id }] as const),
    ];
    for (const [id, peer] of peers) {
      this.#group.allowFrom(`access-${id.replace("/", "-")}`, peer, PORT, `PostgreSQL from ${id}, as configured`);
    }
  }

  #createInstance(props: PostgresDatabaseProps): DbInstance {
    const { name, key, instances } = props;
    const monitoring = this.#createMonitoringRole(name);
    const instance = new DbInstance(this, INSTANCE_IDS[instances?.use ?? "made"], {
      identifier: this.identifier,
      engine: "postgres",
      engineVersion: "17",
      autoMinorVersionUpgrade: true,
      instanceClass: props.instanceClass,
      storageType: "gp3",
      allocatedStorage: props.storageGb,
      // RDS refuses to create an instance whose maximum equals its initial storage; without a maximum the storage does
      // not grow.
      maxAllocatedStorage: props.maxStorageGb > props.storageGb ? props.maxStorageGb : undefined,
      storageEncrypted: true,
      kmsKeyId: key.arn,
      dbName: props.databaseName,
      username: this.#createUserName(),
      manageMasterUserPassword: true,
      masterUserSecretKmsKeyId: key.arn,
      iamDatabaseAuthenticationEnabled: true,
      caCertIdentifier: "rds-ca-rsa2048-g1",
      parameterGroupName: postgresParameters(this, "parameters", name).name,
      dbSubnetGroupName: new DbSubnetGroup(this, "subnets", { name, subnetIds: [...props.subnetIds] }).name,
      vpcSecurityGroupIds: [this.#group.id],
      publiclyAccessible: false,
      port: PORT,
      multiAz: props.multiAz,
      backupRetentionPeriod: props.backupDays,
      backupWindow: props.backupWindow,
      maintenanceWindow: props.maintenanceWindow,
      applyImmediately: props.applyImmediately,
      copyTagsToSnapshot: true,
      deletionProtection: props.deletionProtection,
      ...this.#lastSnapshot(props),
      enabledCloudwatchLogsExports: EXPORTED_LOGS,
      performanceInsightsEnabled: true,
      performanceInsightsKmsKeyId: key.arn,
      monitoringInterval: 60,
      monitoringRoleArn: monitoring.arn,
      // After an interrupted deployment the state has the instance while RDS is still creating it, and functions would
      // get no address.
      lifecycle: { postcondition: [HAS_ADDRESS] },
      dependsOn: [monitoring.policy, ...this.#createLogGroups(props)],
    });
    if (instances !== undefined) {
      instance.importFrom(this.identifier);
      leaveAlone(this, INSTANCE_IDS[instances.use === "made" ? "restored" : "made"], DbInstance.tfResourceType);
    }
    return instance;
  }

  /** A name that cannot be guessed; PostgreSQL's must start with a letter. */
  #createUserName(): string {
    const random = new StringResource(this, "user", { length: 15, special: false, upper: false });
    return `m${random.result}`;
  }

  #lastSnapshot({ name, finalSnapshot }: PostgresDatabaseProps) {
    if (!finalSnapshot) return { skipFinalSnapshot: true };
    // Snapshots outlive the database: the next one's must be named differently.
    const unique = new Id(this, "last-snapshot", { byteLength: 4 });
    return { skipFinalSnapshot: false, finalSnapshotIdentifier: `${name}-final-${unique.hex}` };
  }

  /** Otherwise RDS creates them, without retention or key. */
  #createLogGroups({ name, instances, key, logRetentionDays }: PostgresDatabaseProps) {
    const create = (prefix: string, instance: string) =>
      EXPORTED_LOGS.map(
        (log) =>
          new LogGroup(this, `${prefix}log-${log}`, {
            name: `/aws/rds/instance/${instance}/${log}`,
            key,
            retentionDays: logRetentionDays,
          }).resource,
      );
    return [...create("", name), ...(instances === undefined ? [] : create("restored-", instances.restored))];
  }

  /** The statements of AWS's own AmazonRDSEnhancedMonitoringRole: RDS writes to a log group of a fixed name. */
  #createMonitoringRole(name: string): ServiceRole {
    const role = new ServiceRole(this, "monitoring", {
      name: `${name}-monitoring`,
      description: `Enhanced monitoring of the database ${name}`,
      service: "monitoring.rds.amazonaws.com",
      namesAccount: true,
    });
    const account = Account.of(this);
    role.allow({
      actions: ["logs:CreateLogGroup", "logs:PutRetentionPolicy"],
      resources: [account.arn("logs", "log-group:RDS*")],
    });
    role.allow({
      actions: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams", "logs:GetLogEvents"],
      resources: [account.arn("logs", "log-group:RDS*:log-stream:*")],
    });
    return role;
  }
}

/**
 * In bytes, of the storage allocated when Terraform refreshes: it leaves grown storage as it is, and its state has the
 * size.
 */
function tenthOfStorage({ fqn }: DbInstance): number {
  return Token.asNumber(`\${${fqn}.allocated_storage * 1073741824 / 10}`);
}
