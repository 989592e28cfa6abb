import * as z from "zod";
import { checkedText, flag, keyArn, resourceId, secretArn, section, text, wholeNumber } from "../kinds";
import { isPrivateRange } from "../rules/cidr";
import { isNewDatabaseName } from "../rules/database-name";
import { isInstanceClass } from "../rules/instance-class";
import { isBackupWindow, isMaintenanceWindow, windowsOverlap } from "../rules/maintenance-windows";

const databaseName = text(/^[a-z_][a-z0-9_]{0,62}$/, "up to 63 lower-case letters, digits and underscores");

const connectionLimit = () =>
  wholeNumber(1, 5000)
    .default(40)
    .meta({
      description: "Connections that millrace may hold: the database's max_connections less those that others need.",
      examples: [20],
    });

/** Longer lists are hardly ever intended. */
const MOST_PEERS = 20;
/** A security group allows 60 rules per direction ("Amazon VPC quotas"), including those of our functions. */
const MOST_PEERS_IN_ALL = 40;

const peers = <Kind extends z.ZodType<string>>(kind: Kind, allowed: string) => {
  const several = `up to ${MOST_PEERS} of ${allowed}, each once`;
  return z
    .array(kind, several)
    .max(MOST_PEERS, several)
    .refine((all) => new Set(all).size === all.length, several)
    .default([])
    .meta({ allowed: several });
};

const accessSchema = section({
  securityGroupIds: peers(resourceId("sg"), "security groups of the VPC or of a peered one").meta({
    description: "Security groups whose members may connect, for example a bastion's or a BI tool's.",
    examples: [["sg-0a1b2c3d4e5f60718"]],
  }),
  cidrs: peers(
    checkedText(isPrivateRange, "an IPv4 range of RFC 1918 without host bits, as 10.20.0.0/16: never the internet"),
    "ranges of RFC 1918",
  ).meta({ description: "Networks that may connect, for example a VPN or an office.", examples: [["10.20.0.0/16"]] }),
  prefixListIds: peers(resourceId("pl"), "prefix lists").meta({
    description: "Lists of networks that may connect. The owner of such a list must keep the internet out of it.",
    examples: [["pl-0a1b2c3d4e5f60718"]],
  }),
})
  .refine(
    ({ securityGroupIds, cidrs, prefixListIds }) =>
      securityGroupIds.length + cidrs.length + prefixListIds.length <= MOST_PEERS_IN_ALL,
    `at most ${MOST_PEERS_IN_ALL} peers of all kinds together: a security group allows 60 rules, and some are ours`,
  )
  .prefault({})
  .meta({ description: "Who may connect, apart from our functions: on port 5432, with a login of the database." });

const createDatabaseSchema = section({
  mode: z
    .literal("create")
    .meta({ allowed: "create", description: "An RDS PostgreSQL 17 of our own.", examples: ["create"] }),
  name: checkedText(
    isNewDatabaseName,
    "up to 63 lower-case letters, digits and underscores, a letter first, and no word that PostgreSQL reserves",
  )
    .default("millrace")
    .meta({ description: "Name of the database on the server.", examples: ["feeds"] }),
  instance: text(/^[a-z][a-z0-9-]{1,62}$/, "the identifier of an instance, as npm run ops -- restore prints it")
    .optional()
    .meta({
      description:
        "The instance to use after `npm run ops -- restore`: the restored one, or the first one again. It is taken over as it is; the other one stays in AWS, unmanaged by Terraform.",
      examples: ["millrace-dev-etl-restored"],
    }),
  instanceClass: checkedText(
    isInstanceClass,
    "an RDS instance class that PostgreSQL 17 runs on, for example db.t4g.micro",
  )
    .default("db.t4g.micro")
    .meta({ description: "Instance class.", examples: ["db.m7g.large"] }),
  connectionLimit: connectionLimit(),
  storageGb: wholeNumber(20, 65_536)
    .default(20)
    .meta({ description: "Initial gp3 storage, in GiB.", examples: [100] }),
  maxStorageGb: wholeNumber(20, 65_536)
    .default(100)
    .meta({ description: "Limit up to which storage grows automatically, in GiB.", examples: [1000] }),
  multiAz: flag()
    .default(false)
    .meta({ description: "Whether there is a standby in a second zone; doubles the price.", examples: [true] }),
  backupDays: wholeNumber(1, 35)
    .default(7)
    .meta({ description: "Days that automatic backups are kept.", examples: [35] }),
  backupWindow: checkedText(isBackupWindow, "hh:mm-hh:mm, UTC, half an hour at least")
    .default("01:00-02:00")
    .meta({ description: "When backups are taken, UTC; must not overlap maintenance.", examples: ["22:00-23:00"] }),
  maintenanceWindow: checkedText(
    isMaintenanceWindow,
    "ddd:hh:mm-ddd:hh:mm, UTC, half an hour at least and less than a day",
  )
    .default("sun:03:00-sun:04:00")
    .meta({ description: "When AWS may patch it, UTC.", examples: ["sat:22:00-sat:23:00"] }),
  applyImmediately: flag()
    .default(false)
    .meta({
      description:
        "Whether a change that may interrupt it (class, engine, storage, standby, certificate) is made at once. Otherwise it waits for maintenanceWindow; plan review says so, and until then it is not drift.",
      examples: [true],
    }),
  deletionProtection: flag()
    .default(true)
    .meta({ description: "Whether AWS refuses to delete it.", examples: [false] }),
  finalSnapshot: flag()
    .default(true)
    .meta({ description: "Whether a last snapshot is taken when it is deleted.", examples: [false] }),
  access: accessSchema,
})
  // "Managing capacity automatically with Amazon RDS storage autoscaling", RDS user guide.
  .refine(({ storageGb, maxStorageGb }) => maxStorageGb === storageGb || 10 * maxStorageGb >= 11 * storageGb, {
    path: ["maxStorageGb"],
    error: "at least 10 % more than storageGb, or the same for storage that does not grow",
  })
  .refine(({ backupWindow, maintenanceWindow }) => !windowsOverlap(backupWindow, maintenanceWindow), {
    path: ["maintenanceWindow"],
    error: "a window that does not overlap backupWindow on any day",
  });

const existingDatabaseSchema = section(
  {
    mode: z
      .literal("existing")
      .meta({ allowed: "existing", description: "An existing PostgreSQL database.", examples: ["existing"] }),
    host: text(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i, "a host name, without scheme or port").meta({
      description: "Its host name.",
      examples: ["feeds.c0ffee.eu-central-1.rds.amazonaws.com"],
    }),
    port: wholeNumber(1, 65_535)
      .default(5432)
      .meta({ description: "Its port.", examples: [5433] }),
    name: databaseName.meta({ description: "Name of the database on the server.", examples: ["feeds"] }),
    connectionLimit: connectionLimit(),
    secretArn: secretArn().meta({
      description: "The secret with `username` and `password`, in the form that RDS gives it.",
      examples: ["arn:aws:secretsmanager:eu-central-1:111122223333:secret:feeds-AbCdEf"],
    }),
    secretKeyArn: keyArn()
      .optional()
      .meta({
        description: "The customer managed key of that secret, if it has one.",
        examples: ["arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"],
      }),
    securityGroupId: resourceId("sg").meta({
      description: "Its security group. Ours is printed as an output; the owner must admit it on the port above.",
      examples: ["sg-0a1b2c3d4e5f60718"],
    }),
  },
  { access: "the owner of an existing database decides who may connect, in the database's own security group" },
);

/** `create` makes an RDS instance, `existing` takes the address and secret of one. */
export const databaseSchema = z.discriminatedUnion(
  "mode",
  [createDatabaseSchema, existingDatabaseSchema],
  "mode create or existing",
);
