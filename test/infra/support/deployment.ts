import { inAccount } from "./account";
import type { Block } from "./block";
import { callTable } from "./provider/call-table";
import type { Template } from "./template";

/** What an argument leads to: a text, and whether it is a resource of ours, which has our tags. */
export interface Resolved {
  readonly text: string;
  readonly ours: boolean;
}

/** ARNs of what only the bootstrap makes. */
const BOOTSTRAP_ARNS: Readonly<Record<string, string>> = { aws_iam_policy: "arn:aws:iam::111122223333:policy/{name}" };

const REFERENCE = /\$\{(data\.)?(aws_\w+)\.([\w-]+)\.([\w.[\]]+)\}/;
const REMOTE = /^\$\{data\.terraform_remote_state\.[\w-]+\.outputs\.([\w-]+)\}$/;

/** Synthesized stacks of one environment, as if they were deployed to account 111122223333. */
export class Deployment {
  readonly #blocks: ReadonlyMap<string, Block>;
  readonly #outputs: Readonly<Record<string, Readonly<Record<string, unknown>>>>;

  constructor(templates: readonly Template[]) {
    const blocks = templates.flatMap((template) => [...template.resources(), ...template.dataSources()]);
    this.#blocks = new Map(blocks.map((block) => [block.address, block]));
    this.#outputs = Object.assign({}, ...templates.map((template) => template.outputs()));
  }

  /** A pattern of the table with its `{arguments}` filled in: none where one is missing, several for a list. */
  expand(pattern: string, block: Block): readonly Resolved[] {
    const [, path] = /\{([\w.]+)\}/.exec(pattern) ?? [];
    if (path === undefined) return [{ text: pattern, ours: false }];
    const values = path === "id" ? [idOf(block)] : this.#argument(block, path.split("."));
    return values.flatMap((value) => {
      if (pattern === `{${path}}`) return [value];
      return this.expand(pattern.replace(`{${path}}`, value.text), block);
    });
  }

  /** A text of a stack with its references followed. */
  resolve(text: string): Resolved {
    const [, remote] = REMOTE.exec(text) ?? [];
    if (remote !== undefined) return this.resolve(String(this.#outputs[remote]?.value));
    const plain = inAccount(text).replaceAll(/\$\{element\(coalescelist\(data\.aws_vpcs[^}]*\}/g, this.#vpc());
    const [reference, data, type = "", name = "", attribute = ""] = REFERENCE.exec(plain) ?? [];
    if (reference === undefined) return { text: arnOfId(plain.replaceAll(/\$\{[^}]*\}/g, "x")), ours: false };
    const block = this.#blocks.get(`${data ?? ""}${type}.${name}`);
    if (block === undefined) throw new Error(`${reference} is in none of the stacks`);
    const value = this.#attribute(block, attribute);
    if (plain === reference) return value;
    return { ...this.resolve(plain.replace(reference, value.text)), ours: value.ours };
  }

  /** The id of the VPC that bears our tags, which the bootstrap looks up. */
  #vpc(): string {
    const vpc = [...this.#blocks.values()].find(({ address }) => address.startsWith("aws_vpc."));
    return vpc === undefined ? "not-deployed" : idOf(vpc).text;
  }

  #attribute(block: Block, attribute: string): Resolved {
    const given = block.arguments[attribute];
    if (typeof given === "string") return { text: this.resolve(given).text, ours: !block.address.startsWith("data.") };
    if (attribute.startsWith("master_user_secret")) return { text: SECRET, ours: true };
    const arn = callTable[block.type]?.arn ?? BOOTSTRAP_ARNS[block.type];
    if (arn === undefined) throw new Error(`${block.type} has no ARN in test/infra/support/provider`);
    return { text: this.expand(arn, block)[0]?.text ?? "", ours: true };
  }

  #argument(block: Block, [first = "", ...rest]: readonly string[]): readonly Resolved[] {
    const value = block.arguments[first];
    if (value === undefined) return [];
    if (rest.length === 0) return [value].flat().map((member) => this.resolve(String(member)));
    if (typeof value === "object") return this.#argument({ ...block, arguments: value as Block["arguments"] }, rest);
    const [, , type, name] = REFERENCE.exec(String(value)) ?? [];
    const target = this.#blocks.get(`${type}.${name}`);
    return target === undefined ? [] : this.#argument(target, rest);
  }
}

function idOf({ address }: Block): Resolved {
  return { text: address.slice(address.lastIndexOf(".") + 1), ours: true };
}

const SECRET = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:rds!db-0a1b2c3d";

/** Of what was there before, EC2's ids are all that is known. */
function arnOfId(text: string): string {
  const [, kind] = /^(vpc|subnet|sg)-[0-9a-f]+$/.exec(text) ?? [];
  if (kind === undefined) return text;
  return `arn:aws:ec2:eu-central-1:111122223333:${kind === "sg" ? "security-group" : kind}/${text}`;
}
