import { HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { Cloud } from "../../../../scripts/cloud/cloud";
import type { EmulatedFeeds } from "../emulated/emulated-feeds";
import type { Session } from "../roles/emulated-roles";
import { FunctionRoles } from "../roles/function-roles";
import { doors } from "./doors-suite";

/** Sessions of an operator and a reader; their roles are created at the first call. @param key any object of the incoming bucket */
export type People = (key: string) => Promise<{ readonly operator: Session; readonly reader: Session }>;

export function peopleOf(world: () => { readonly cloud: Cloud; readonly feeds: EmulatedFeeds }): People {
  let people: ReturnType<People> | undefined;
  const create = async (key: string) => {
    const { cloud, feeds } = world();
    const head = new HeadObjectCommand({ Bucket: feeds.bucket, Key: key });
    const { SSEKMSKeyId = "" } = await new S3Client(cloud.client).send(head);
    const roles = new FunctionRoles(cloud, SSEKMSKeyId, doors);
    return { operator: await roles.person("operator"), reader: await roles.person("reader") };
  };
  return (key) => {
    people ??= create(key);
    return people;
  };
}
