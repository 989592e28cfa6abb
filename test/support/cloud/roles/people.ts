import { bootstrapName } from "../../../../config/names";
import type { PersonKind } from "../../../../modules/delivery/access/people-access";
import type { Cloud } from "../../../../scripts/cloud/cloud";
import type { Deployment } from "../../../../scripts/cloud/deployment";
import { callCloud } from "../call-cloud";
import { ACCOUNT, EmulatedRoles } from "./emulated-roles";

/** A deployment in the hands of a person who has one of the policies for people, and nothing else. */
export async function inHandsOf(cloud: Cloud, deployment: Deployment, kind: PersonKind): Promise<Deployment> {
  const roles = new EmulatedRoles(cloud);
  const RoleName = `person-${kind}`;
  const { accessKeyId, secretAccessKey, sessionToken } = await roles.session(RoleName);
  const PolicyArn = `arn:aws:iam::${ACCOUNT}:policy/${bootstrapName(deployment.config, kind)}`;
  const body = new URLSearchParams({ Action: "AttachRolePolicy", Version: "2010-05-08", RoleName, PolicyArn });
  const answer = await callCloud(cloud, { service: "iam", body });
  if (!answer.ok) throw new Error(await answer.text());
  return deployment.with({
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  });
}

/** Takes the role away that {@link inHandsOf} made: whoever has a policy keeps it from being removed. */
export async function sendHome(cloud: Cloud, deployment: Deployment, kind: PersonKind): Promise<void> {
  const RoleName = `person-${kind}`;
  const PolicyArn = `arn:aws:iam::${ACCOUNT}:policy/${bootstrapName(deployment.config, kind)}`;
  const requests: readonly Readonly<Record<string, string>>[] = [
    { Action: "DetachRolePolicy", RoleName, PolicyArn },
    { Action: "DeleteRole", RoleName },
  ];
  for (const parameters of requests) {
    const body = new URLSearchParams({ Version: "2010-05-08", ...parameters });
    const answer = await callCloud(cloud, { service: "iam", body });
    if (!answer.ok) throw new Error(await answer.text());
  }
}
