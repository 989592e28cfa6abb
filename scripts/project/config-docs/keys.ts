import * as z from "zod";
import { MillraceError } from "../../../etl/core/errors";

/** One key of the configuration, or a section of keys, from its JSON Schema. */
const nodeSchema = z.object({
  description: z.string().optional(),
  allowed: z.string().optional(),
  default: z.unknown().optional(),
  examples: z.array(z.unknown()).default([]),
  required: z.array(z.string()).default([]),
  get properties() {
    return z.record(z.string(), nodeSchema).optional();
  },
  get additionalProperties() {
    return z.union([z.boolean(), nodeSchema]).optional();
  },
  get oneOf() {
    return z.array(nodeSchema).optional();
  },
});

type Node = z.output<typeof nodeSchema>;

export interface KeyRow {
  readonly key: string;
  readonly description: string;
  readonly allowed: string;
  /** Undefined if there is none. */
  readonly default: unknown;
  readonly required: boolean;
  readonly example: unknown;
}

/** Keys under one heading: a section, or one mode of it. */
export interface KeyTable {
  /** For example `network.egress`; empty at the top. */
  readonly path: string;
  readonly mode?: string;
  readonly description?: string;
  readonly rows: readonly KeyRow[];
}

/**
 * The tables of a schema's keys, outer sections before inner ones.
 *
 * @throws MillraceError if a key has no description, no example, or no allowed values
 */
export function readKeys(schema: z.ZodType): readonly KeyTable[] {
  return tablesOf("", nodeSchema.parse(z.toJSONSchema(schema, { io: "input" })));
}

function tablesOf(path: string, node: Node, mode?: string): readonly KeyTable[] {
  if (node.oneOf !== undefined) {
    return node.oneOf.flatMap((variant) => {
      const { description } = node;
      return tablesOf(path, { ...variant, description }, variant.properties?.mode?.allowed);
    });
  }
  const each = eachOf(node);
  if (each !== undefined) return tablesOf(join(path, "NAME"), { ...each, description: node.description }, mode);
  const members = Object.entries(node.properties ?? {});
  const rows = members
    .filter(([, member]) => !isSection(member))
    .map(([key, member]) => rowOf(join(path, key), member, node.required.includes(key)));
  const inner = members
    .filter(([, member]) => isSection(member))
    .flatMap(([key, member]) => tablesOf(join(path, key), member, mode));
  return rows.length === 0 ? inner : [{ path, mode, description: node.description, rows }, ...inner];
}

function rowOf(key: string, node: Node, required: boolean): KeyRow {
  const { description, allowed, examples } = node;
  if (description === undefined || allowed === undefined || examples.length === 0) {
    throw new MillraceError(`The configuration's key ${key} is not documented`, {
      expected: "a description, an example and what is allowed",
      fix: "Add them to its `meta` in config/schema.",
    });
  }
  return { key, description, allowed, default: node.default, required, example: examples[0] };
}

function isSection(node: Node): boolean {
  return node.properties !== undefined || node.oneOf !== undefined || eachOf(node) !== undefined;
}

/** The section that may have any name. */
function eachOf({ additionalProperties: each }: Node): Node | undefined {
  return typeof each === "object" && isSection(each) ? each : undefined;
}

function join(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}
