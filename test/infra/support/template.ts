import type { Block } from "./block";
import { type Policy, readPolicies } from "./policies";

type Section = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;

/** A synthesized stack, to be asked what is in it. */
export class Template {
  readonly text: string;
  readonly #json: Readonly<Record<string, unknown>>;

  constructor(text: string) {
    this.text = text;
    this.#json = JSON.parse(text);
  }

  /** The resources of a type, or all. */
  resources(type?: string): readonly Block[] {
    return blocksOf(this.#json.resource as Section | undefined, "", type);
  }

  /** The data sources of a type, or all. */
  dataSources(type?: string): readonly Block[] {
    return blocksOf(this.#json.data as Section | undefined, "data.", type);
  }

  /** The arguments of the only resource of a type. @throws when there is none, or more than one */
  only(type: string): Readonly<Record<string, unknown>> {
    const [first, ...others] = this.resources(type);
    if (first === undefined || others.length > 0) {
      throw new Error(`expected one ${type}, got ${first === undefined ? 0 : 1 + others.length}`);
    }
    return first.arguments;
  }

  /** The resources of a type whose address holds a text. */
  named(type: string, part: string): readonly Block[] {
    return this.resources(type).filter(({ address }) => address.includes(part));
  }

  outputs(): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
    return (this.#json.output ?? {}) as Record<string, Record<string, unknown>>;
  }

  /** A block of `terraform`, for example its backend. */
  get settings(): Readonly<Record<string, unknown>> {
    return this.#json.terraform as Record<string, unknown>;
  }

  provider(name: string): Readonly<Record<string, unknown>> | undefined {
    const providers = this.#json.provider as Record<string, readonly Record<string, unknown>[]> | undefined;
    return providers?.[name]?.[0];
  }

  /** The version of a provider that the stack asks for. */
  providerVersion(name: string): string {
    const providers = this.settings.required_providers as Record<string, { readonly version: string }>;
    return providers[name]?.version ?? "";
  }

  /** Every IAM document in the stack, parsed, whatever form it is written in. */
  policies(): readonly Policy[] {
    return readPolicies([...this.resources(), ...this.dataSources("aws_iam_policy_document")]);
  }

  /** The addresses of resources and data sources, sorted. */
  addresses(): readonly string[] {
    return [...this.resources(), ...this.dataSources()].map(({ address }) => address).sort();
  }
}

function blocksOf(section: Section | undefined, mode: string, wanted: string | undefined): readonly Block[] {
  return Object.entries(section ?? {})
    .filter(([type]) => wanted === undefined || type === wanted)
    .flatMap(([type, blocks]) =>
      Object.entries(blocks).map(([name, args]) => ({ address: `${mode}${type}.${name}`, type, arguments: args })),
    );
}
