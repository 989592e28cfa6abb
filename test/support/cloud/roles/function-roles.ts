import type { Overrides } from "../../../../config/overrides";
import { Deployment } from "../../../infra/support/deployment";
import type { Policy, PolicyStatement } from "../../../infra/support/policies";
import { someBackend, synthesize } from "../../../infra/support/synthesize";
import type { CloudPlace } from "../call-cloud";
import { ACCOUNT, EmulatedRoles, type Session, type Statement } from "./emulated-roles";

/** Roles of functions, and of people, with policy and boundary as the stacks of dev make them, where nothing was deployed. */
export class FunctionRoles {
  readonly #roles: EmulatedRoles;
  readonly #key: string;
  readonly #stacks: ReturnType<typeof synthesize>;
  readonly #deployment: Deployment;

  /** @param key ARN of the key that stands for the stacks' own */
  constructor(cloud: CloudPlace, key: string, overrides: Overrides = {}) {
    this.#roles = new EmulatedRoles(cloud);
    this.#key = key;
    this.#stacks = synthesize({ backend: someBackend, overrides });
    this.#deployment = new Deployment(Object.values(this.#stacks));
  }

  /** A session of somebody who has the policy for people who do this. What such a person does is recorded for no role. */
  person(kind: "reader" | "operator"): Promise<Session> {
    const kinds = kind === "operator" ? ["operator", "links"] : [kind];
    const allowed = kinds.flatMap((one) =>
      this.#statements(
        this.#stacks["state-backend"].policies().filter(({ place }) => place.includes(`.people_${one}-document_`)),
      ),
    );
    return this.#roles.session(`attack-${kind}`, { allowed, session: `attack-${kind}` });
  }

  /** A session of a function's role. @throws Error where there is no such function */
  async session(pipeline: string, step: string): Promise<Session> {
    const allowed = this.#statements(
      this.#stacks.etl.policies().filter(({ place }) => place.includes(`.${pipeline}_${step}_role_policy_`)),
    );
    const boundary = this.#statements(
      this.#stacks["state-backend"].policies().filter(({ place }) => place.includes(".delivery_boundary_")),
    );
    return this.#roles.session(`millrace-dev-${pipeline}-${step}`, { allowed, boundary });
  }

  #statements(policies: readonly Policy[]): readonly Statement[] {
    if (policies.length !== 1) throw new Error(`expected one policy, got ${policies.map(({ place }) => place)}`);
    return policies.flatMap(({ statements }) => statements.map((statement) => this.#resolve(statement)));
  }

  #resolve({ effect, actions, resources, conditions }: PolicyStatement): Statement {
    const Condition = Object.fromEntries(
      Object.entries(conditions).map(([operator, keys]) => [
        operator,
        Object.fromEntries(Object.entries(keys).map(([key, values]) => [key, values.map(this.#text)])),
      ]),
    );
    return { Effect: effect as Statement["Effect"], Action: actions, Resource: resources.map(this.#text), Condition };
  }

  readonly #text = (text: string) =>
    this.#deployment
      .resolve(text)
      .text.replace(/^arn:aws:kms:.*:key\/platform_key_\w+$/, this.#key)
      .replaceAll("111122223333", ACCOUNT);
}
