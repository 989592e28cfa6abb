import { isDeepStrictEqual } from "node:util";
import type { Axis } from "./axes";

/**
 * The differences between two syntheses of one stack beyond the allowed ones, one line per place.
 *
 * @param before cdk.tf.json of today's packages
 * @param after cdk.tf.json of an axis
 */
export function compareStacks(before: unknown, after: unknown, mayDiffer: Axis["mayDiffer"]): readonly string[] {
  const ignored = mayDiffer === "metadata" ? isMetadata : isProviderVersion;
  return differences(before, after, [], ignored);
}

type Path = readonly string[];

/** `//` contains cdktf's own metadata: its version, the stack's name, the constructs' paths. */
function isMetadata(path: Path): boolean {
  return path.at(-1) === "//";
}

function isProviderVersion(path: Path): boolean {
  return path.join(".") === "terraform.required_providers.aws.version";
}

function differences(before: unknown, after: unknown, path: Path, ignored: (path: Path) => boolean): readonly string[] {
  if (ignored(path) || isDeepStrictEqual(before, after)) return [];
  if (!isObject(before) || !isObject(after))
    return [`${path.join(".") || "the stack"}: ${show(before)} → ${show(after)}`];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) =>
    differences(Reflect.get(before, key), Reflect.get(after, key), [...path, key], ignored),
  );
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function show(value: unknown): string {
  return (JSON.stringify(value) ?? "nothing").slice(0, 200);
}
