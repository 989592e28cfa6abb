import { Construct } from "constructs";
import { type BucketKind, bootstrapName, bucketName, resourceName } from "../config/names";
import type { Config } from "../config/schema";
import { Account } from "../modules/account";
import { ConfigRecorder } from "../modules/audit/config-recorder";
import { ConfigRules } from "../modules/audit/config-rules";
import { SecurityStandard } from "../modules/audit/security-standard";
import { Trail } from "../modules/audit/trail";
import type { StateStore } from "../modules/storage/state-store";

/** Not the access logs, of buckets and of CloudFront: AWS writes them, and they are a record themselves. */
const RECORDED: readonly BucketKind[] = ["artifacts", "raw", "incoming", "pages"];

export interface AuditProps {
  readonly config: Config;
  readonly store: StateStore;
  /** Last part of bucket names, which makes them unique. */
  readonly suffix: string;
}

/**
 * The record of who did what. A part of the bootstrap, so that it is there before the stacks that it watches, outlives
 * them, and none of the roles that deploy or destroy them can change it.
 */
export class Audit extends Construct {
  constructor(scope: Construct, id: string, { config, store, suffix }: AuditProps) {
    super(scope, id);
    const account = Account.of(this);
    const { trail, config: recording, securityHub } = config.audit;
    const name = bootstrapName(config, "audit");
    const buckets = RECORDED.map((kind) => `arn:${account.partition}:s3:::${bucketName(config, kind, account.id)}`);
    /** Functions that show their callers what the database has. */
    const readers = [...(config.sql.enabled ? ["sql"] : []), ...(config.database.mode === "create" ? ["export"] : [])];
    const kept = trail.enabled
      ? new Trail(this, "trail", {
          name,
          bucketName: `${name}-${suffix}`,
          accessLog: store.accessLog,
          managementEvents: trail.managementEvents,
          bucketArns: [...buckets, store.bucket.arn],
          functionArns: readers.map((reader) => account.arn("lambda", `function:${resourceName(config, reader)}`)),
          retentionDays: trail.retentionDays,
          logRetentionDays: config.logs.retentionDays,
          configDelivers: recording === "create",
          protect: config.state.protected,
        })
      : undefined;
    if (recording !== "off") {
      const creates = recording === "create" && kept !== undefined;
      new ConfigRules(this, "rules", {
        prefix: bootstrapName(config),
        tag: { key: "Project", value: config.project },
        recorder: creates ? new ConfigRecorder(this, "recorder", { name, ...kept }) : undefined,
      });
    }
    if (securityHub !== "off") new SecurityStandard(this, "security", { enableHub: securityHub === "create" });
  }
}
