import {
  type DBInstance,
  type DBSnapshot,
  DBSnapshotNotFoundFault,
  DescribeDBSnapshotsCommand,
  type RDSClient,
  RestoreDBInstanceFromDBSnapshotCommand,
  RestoreDBInstanceToPointInTimeCommand,
  waitUntilDBInstanceAvailable,
} from "@aws-sdk/client-rds";
import { findInstance } from "./find-instance";
import { describeFrom, type RestoreFrom } from "./restore-request";

const LONGEST_SECONDS = 4 * 3600;
/**
 * The tag that names a restored instance's source, until Terraform takes it over; without it, an operator may set no
 * tags.
 */
const FROM_TAG = "RestoredFrom";

export async function findSnapshot(rds: RDSClient, DBSnapshotIdentifier: string): Promise<DBSnapshot | undefined> {
  try {
    return (await rds.send(new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier }))).DBSnapshots?.[0];
  } catch (error) {
    if (error instanceof DBSnapshotNotFoundFault) return undefined;
    throw error;
  }
}

/**
 * Creates a new instance beside the existing one, in its network, with its settings; the existing one is not changed.
 */
export async function restoreInstance(
  rds: RDSClient,
  source: DBInstance,
  target: string,
  from: RestoreFrom,
): Promise<void> {
  const settings = {
    ...settingsOf(source, from),
    ...("time" in from
      ? { SourceDBInstanceIdentifier: source.DBInstanceIdentifier, RestoreTime: from.time }
      : { DBSnapshotIdentifier: from.snapshot }),
  };
  await ("time" in from
    ? rds.send(new RestoreDBInstanceToPointInTimeCommand({ ...settings, TargetDBInstanceIdentifier: target }))
    : rds.send(new RestoreDBInstanceFromDBSnapshotCommand({ ...settings, DBInstanceIdentifier: target })));
}

/**
 * Settings for which RDS would otherwise use its defaults ("Restoring to a point in time", RDS user guide). Logs are
 * exported only once Terraform has their groups; otherwise RDS would create them itself.
 */
function settingsOf(source: DBInstance, from: RestoreFrom) {
  return {
    DBInstanceClass: source.DBInstanceClass,
    DBSubnetGroupName: source.DBSubnetGroup?.DBSubnetGroupName,
    DBParameterGroupName: source.DBParameterGroups?.[0]?.DBParameterGroupName,
    VpcSecurityGroupIds: source.VpcSecurityGroups?.flatMap(({ VpcSecurityGroupId: id }) => id ?? []),
    MultiAZ: source.MultiAZ,
    PubliclyAccessible: false,
    CopyTagsToSnapshot: true,
    DeletionProtection: source.DeletionProtection,
    EnableIAMDatabaseAuthentication: source.IAMDatabaseAuthenticationEnabled,
    StorageType: source.StorageType,
    // Otherwise it has the old password, which is no longer in any secret.
    ...(source.MasterUserSecret !== undefined && {
      ManageMasterUserPassword: true,
      MasterUserSecretKmsKeyId: source.MasterUserSecret.KmsKeyId,
    }),
    Tags: [
      ...(source.TagList ?? []).filter(({ Key }) => !Key?.startsWith("aws:") && Key !== FROM_TAG),
      { Key: FROM_TAG, Value: describeFrom(from) },
    ],
  };
}

/** Whether a restore from this source created it, and nothing has taken it over since. */
export function isRestoredFrom({ TagList = [] }: DBInstance, from: RestoreFrom): boolean {
  return TagList.some(({ Key, Value }) => Key === FROM_TAG && Value === describeFrom(from));
}

export async function waitForInstance(rds: RDSClient, DBInstanceIdentifier: string): Promise<DBInstance | undefined> {
  await waitUntilDBInstanceAvailable({ client: rds, maxWaitTime: LONGEST_SECONDS }, { DBInstanceIdentifier });
  return findInstance(rds, DBInstanceIdentifier);
}

/** How a restored instance differs from the one it is to replace; empty if it does not. */
export function compareInstances(source: DBInstance, restored: DBInstance): readonly string[] {
  const group = ({ DBParameterGroups }: DBInstance) => DBParameterGroups?.[0]?.DBParameterGroupName;
  const groups = ({ VpcSecurityGroups }: DBInstance) =>
    VpcSecurityGroups?.map(({ VpcSecurityGroupId }) => VpcSecurityGroupId).sort();
  const pairs = {
    engine: [source.Engine, restored.Engine],
    "major version": [source.EngineVersion?.split(".")[0], restored.EngineVersion?.split(".")[0]],
    class: [source.DBInstanceClass, restored.DBInstanceClass],
    "database name": [source.DBName, restored.DBName],
    "user name": [source.MasterUsername, restored.MasterUsername],
    "parameter group": [group(source), group(restored)],
    "security groups": [groups(source), groups(restored)],
    "storage type": [source.StorageType, restored.StorageType],
    "password in a secret": [source.MasterUserSecret !== undefined, restored.MasterUserSecret !== undefined],
    encryption: [source.StorageEncrypted, restored.StorageEncrypted],
    "public access": [false, restored.PubliclyAccessible ?? false],
  };
  return Object.entries(pairs)
    .filter(([, [expected, got]]) => JSON.stringify(expected) !== JSON.stringify(got))
    .map(([what, [expected, got]]) => `${what}: got ${JSON.stringify(got)}, expected ${JSON.stringify(expected)}`);
}
