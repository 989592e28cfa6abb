import { readFileSync } from "node:fs";
import { CreateBucketCommand, GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { Cloud } from "../../../../../scripts/cloud/cloud";
import { EmulatedRoles, type Session } from "../../roles/emulated-roles";

export const REGION = "eu-central-1";
export const BUCKET = "permissions";
export const OBJECTS = `arn:aws:s3:::${BUCKET}/*`;

export type PermissionsWorld = ReturnType<typeof permissionsWorld>;

/** What tests of permissions do in an emulated AWS that writes its decisions into a file. */
export function permissionsWorld(cloud: Cloud, decisions: string) {
  const roles = new EmulatedRoles(cloud);

  function unknownOf(role: string): readonly unknown[] {
    return recorded().filter(({ principal, decision }) => principal === role && decision === "Unknown");
  }

  function recorded(): readonly { readonly principal?: string; readonly decision?: string }[] {
    return readFileSync(decisions, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
  }

  function client<C>(make: new (settings: Cloud["client"]) => C, credentials: Session): C {
    return new make({ ...cloud.client, credentials });
  }

  function read(session: Session) {
    return client(S3Client, session).send(new GetObjectCommand({ Bucket: BUCKET, Key: "a" }));
  }

  async function createBucket(Bucket: string): Promise<void> {
    const CreateBucketConfiguration = { LocationConstraint: REGION } as const;
    await new S3Client(cloud.client).send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
  }

  return { cloud, roles, unknownOf, client, read, createBucket };
}
