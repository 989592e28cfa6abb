import { bootstrapName } from "../../../../config/names";
import type { PersonKind } from "../../../../modules/delivery/access/people-access";
import type { Cloud } from "../../../../scripts/cloud/cloud";
import type { Deployment } from "../../../../scripts/cloud/deployment";
import { callCloud } from "../call-cloud";
import { ACCOUNT, EmulatedRoles } from "./emulated-roles";
import { borrowRole, withSession } from "./workflow-roles";

const PEOPLE = ["reader", "operator"] as const;

/** A deployment in the hands of a person who has one of the policies for people, and nothing else. */
export async function inHandsOf(cloud: Cloud, deployment: Deployment, kind: PersonKind): Promise<Deployment> {
  const roles = new EmulatedRoles(cloud);
  const RoleName = `person-${kind}`;
  const session = await roles.session(RoleName);
  await iam(cloud, { Action: "AttachRolePolicy", RoleName, PolicyArn: policyArn(deployment, kind) });
  return withSession(deployment, session);
}

/** Takes the role away that {@link inHandsOf} made: whoever has a policy keeps it from being removed. */
export async function sendHome(cloud: Cloud, deployment: Deployment, kind: PersonKind): Promise<void> {
  const RoleName = `person-${kind}`;
  await iam(cloud, { Action: "DetachRolePolicy", RoleName, PolicyArn: policyArn(deployment, kind) });
  await iam(cloud, { Action: "DeleteRole", RoleName });
}

/** People of an account, who have their roles before there is a deployment, and after it. */
export class LastingPeople {
  readonly #cloud: Cloud;
  readonly #deployment: Deployment;

  private constructor(cloud: Cloud, deployment: Deployment) {
    this.#cloud = cloud;
    this.#deployment = deployment;
  }

  /** Their roles, which may do nothing yet. */
  static async of(cloud: Cloud, deployment: Deployment): Promise<LastingPeople> {
    const people = new LastingPeople(cloud, deployment);
    const roles = new EmulatedRoles(cloud);
    for (const kind of PEOPLE) await roles.create(people.#name(kind));
    return people;
  }

  /** The deployment in the hands of one of them, who gets his policy with it. */
  async take(kind: PersonKind): Promise<Deployment> {
    const [RoleName, PolicyArn] = [this.#name(kind), policyArn(this.#deployment, kind)];
    await iam(this.#cloud, { Action: "AttachRolePolicy", RoleName, PolicyArn });
    const role = `arn:aws:iam::${ACCOUNT}:role/${RoleName}`;
    return withSession(this.#deployment, await borrowRole(this.#cloud, role, "walk"));
  }

  /** Policies that are attached to somebody cannot be deleted. */
  async giveBack(): Promise<void> {
    for (const kind of PEOPLE) {
      const [RoleName, PolicyArn] = [this.#name(kind), policyArn(this.#deployment, kind)];
      await iam(this.#cloud, { Action: "DetachRolePolicy", RoleName, PolicyArn });
    }
  }

  #name(kind: PersonKind): string {
    return `${kind}-of-${this.#deployment.config.environment}`;
  }
}

function policyArn({ config }: Deployment, kind: PersonKind): string {
  return `arn:aws:iam::${ACCOUNT}:policy/${bootstrapName(config, kind)}`;
}

async function iam(cloud: Cloud, parameters: Readonly<Record<string, string>>): Promise<void> {
  const body = new URLSearchParams({ Version: "2010-05-08", ...parameters });
  const answer = await callCloud(cloud, { service: "iam", body });
  if (!answer.ok) throw new Error(await answer.text());
}
