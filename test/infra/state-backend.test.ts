import { dev } from "../../config/dev";
import type { Overrides } from "../../config/overrides";
import { someBackend, synthesize } from "./support/synthesize";

const { "state-backend": stack } = synthesize({ environment: dev });

describe("the state backend", () => {
  test("has a bucket for states and one for its access log, an alias, a key and a lock table", () => {
    const count = (type: string) => stack.resources(type).length;

    expect(["aws_s3_bucket", "aws_kms_key", "aws_kms_alias", "aws_dynamodb_table"].map(count)).toEqual([2, 1, 1, 1]);
    expect(count("aws_iam_role")).toBe(3);
    expect(count("random_id")).toBe(1);
  });

  test("makes every bucket private, versioned, encrypted, aging and without ACLs", () => {
    const [states, log] = ["states", "access-log"].map((part) => ({
      encryption: stack.named("aws_s3_bucket_server_side_encryption_configuration", part)[0]?.arguments.rule,
      versioning: stack.named("aws_s3_bucket_versioning", part)[0]?.arguments.versioning_configuration,
      ownership: stack.named("aws_s3_bucket_ownership_controls", part)[0]?.arguments.rule,
      lifecycle: stack.named("aws_s3_bucket_lifecycle_configuration", part)[0]?.arguments.rule,
      access: stack.named("aws_s3_bucket_public_access_block", part)[0]?.arguments,
    }));

    for (const bucket of [states, log]) {
      expect(bucket).toMatchObject({
        versioning: { status: "Enabled" },
        ownership: { object_ownership: "BucketOwnerEnforced" },
        lifecycle: [{ status: "Enabled", noncurrent_version_expiration: [{}] }],
        access: {
          block_public_acls: true,
          block_public_policy: true,
          ignore_public_acls: true,
          restrict_public_buckets: true,
        },
      });
    }
    expect(states?.encryption).toMatchObject([
      { bucket_key_enabled: true, apply_server_side_encryption_by_default: { sse_algorithm: "aws:kms" } },
    ]);
    expect(log?.encryption).toMatchObject([{ apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } }]);
  });

  test("refuses writes under another key, and other encryption", () => {
    const [policy] = stack.policies().filter(({ place }) => /aws_s3_bucket_policy\.state_states/.test(place));

    expect(policy?.statements.filter(({ effect }) => effect === "Deny")).toMatchObject([
      { actions: ["s3:*"], conditions: { Bool: { "aws:SecureTransport": ["false"] } } },
      {
        actions: ["s3:PutObject"],
        conditions: {
          StringNotEquals: { "s3:x-amz-server-side-encryption": ["aws:kms"] },
          Null: { "s3:x-amz-server-side-encryption": ["false"] },
        },
      },
      {
        actions: ["s3:PutObject"],
        conditions: {
          StringNotEquals: {
            "s3:x-amz-server-side-encryption-aws-kms-key-id": [expect.stringMatching(/aws_kms_key\.state_key\w+\.arn/)],
          },
        },
      },
      {
        actions: ["s3:PutObject"],
        conditions: {
          Null: {
            "s3:x-amz-server-side-encryption": ["false"],
            "s3:x-amz-server-side-encryption-aws-kms-key-id": ["true"],
          },
        },
      },
    ]);
  });

  test("logs access after the log bucket admits it", () => {
    const { target_bucket, depends_on } = stack.only("aws_s3_bucket_logging");

    expect(target_bucket).toMatch(/aws_s3_bucket\.state_access-log/);
    expect(depends_on).toEqual([expect.stringMatching(/^aws_s3_bucket_policy\.state_access-log/)]);
  });

  test("keeps locks as Terraform wants them", () => {
    expect(stack.only("aws_dynamodb_table")).toMatchObject({
      hash_key: "LockID",
      attribute: [{ name: "LockID", type: "S" }],
      billing_mode: "PAY_PER_REQUEST",
      point_in_time_recovery: { enabled: true },
      server_side_encryption: { enabled: true },
    });
  });

  test("rotates its key", () => {
    expect(stack.only("aws_kms_key")).toMatchObject({ enable_key_rotation: true, deletion_window_in_days: 30 });
  });

  test("tells the backend's names as the backend file wants them", () => {
    expect(Object.keys(JSON.parse(String(stack.outputs().backend?.value)))).toEqual(Object.keys(someBackend));
    expect(Object.keys(stack.outputs())).toEqual([
      "backend",
      ...["deploy_role_arn", "destroy_role_arn", "operator_policy_arn", "plan_role_arn", "reader_policy_arn"],
    ]);
  });
});

describe("protection of the state", () => {
  const protectedBlocks = (overrides: Overrides) => {
    const { "state-backend": changed } = synthesize({ overrides });
    const blocks = changed.resources().filter(({ arguments: args }) => {
      const { prevent_destroy } = (args.lifecycle ?? {}) as { prevent_destroy?: boolean };
      return prevent_destroy === true;
    });
    return { types: blocks.map(({ type }) => type).sort(), table: changed.only("aws_dynamodb_table") };
  };

  test("is on", () => {
    const { types, table } = protectedBlocks({});

    expect(types).toEqual(["aws_dynamodb_table", "aws_kms_key", "aws_s3_bucket"]);
    expect(table.deletion_protection_enabled).toBe(true);
  });

  test("is off when the bootstrap destroys", () => {
    const { types, table } = protectedBlocks({ state: { protected: false } });

    expect(types).toEqual([]);
    expect(table.deletion_protection_enabled).toBe(false);
  });
});

describe("backend and provider of every stack", () => {
  const endpoint = "http://127.0.0.1:5000";

  test("are a local file before the bootstrap", () => {
    for (const [name, template] of Object.entries(synthesize())) {
      expect(template.settings.backend).toEqual({
        local: { path: expect.stringMatching(new RegExp(`config/terraform\\.dev\\.${name}\\.tfstate$`)) },
      });
    }
  });

  test("are bucket, key, table and both locks after it", () => {
    for (const [name, template] of Object.entries(synthesize({ backend: someBackend }))) {
      expect(template.settings.backend).toEqual({
        s3: {
          bucket: someBackend.bucket,
          key: `millrace/dev/${name}.tfstate`,
          region: "eu-central-1",
          encrypt: true,
          kms_key_id: someBackend.kmsKeyArn,
          dynamodb_table: someBackend.lockTable,
          use_lockfile: true,
        },
      });
    }
  });

  test("tag what they make", () => {
    const overrides = { tags: { CostCentre: "4711" }, aws: { accountId: "111122223333", region: "us-east-1" } };
    for (const [name, template] of Object.entries(synthesize({ overrides }))) {
      expect(template.provider("aws")).toEqual({
        region: "us-east-1",
        allowed_account_ids: ["111122223333"],
        default_tags: [
          {
            tags: { CostCentre: "4711", Project: "millrace", Environment: "dev", Stack: name, ManagedBy: "terraform" },
          },
        ],
      });
    }
  });

  test("are led to an emulated AWS, for every service that a resource of theirs calls", () => {
    const stacks = synthesize({ overrides: { aws: { endpoint } }, backend: someBackend });
    for (const template of Object.values(stacks)) {
      const { endpoints, ...provider } = template.provider("aws") ?? {};
      expect(provider).toMatchObject({
        skip_credentials_validation: true,
        skip_requesting_account_id: true,
        s3_use_path_style: true,
        max_retries: 2,
      });
      const [services] = endpoints as Record<string, string>[];
      expect(new Set(Object.values(services ?? {}))).toEqual(new Set([endpoint]));
      expect(template.settings.backend).toMatchObject({
        s3: {
          endpoints: { s3: endpoint, dynamodb: endpoint },
          use_path_style: true,
          skip_credentials_validation: true,
        },
      });
    }
  });

  test("leave the services out, and nothing else, where the environment names the emulated AWS, too", () => {
    const options = { overrides: { aws: { endpoint } }, backend: someBackend };

    const stacks = synthesize({ ...options, endpointInEnvironment: true });
    const others = synthesize(options);

    for (const name of ["state-backend", "network", "etl"] as const) {
      const { endpoints, ...provider } = others[name].provider("aws") ?? {};
      expect(endpoints).toHaveLength(1);
      expect(stacks[name].provider("aws")).toEqual(provider);
      expect(stacks[name].settings.backend).toEqual(others[name].settings.backend);
    }
  });
});
