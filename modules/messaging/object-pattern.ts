/** Which keys of a bucket are meant. All filters are of whole keys, in the case that they are written in. */
export interface KeyFilter {
  /** What they begin with. @default anything */
  readonly prefix?: string;
  /** What they end with, one of these. @default anything */
  readonly suffixes?: readonly string[];
  /** What they must not begin with; can be had with neither of the others, EventBridge knows no "and". @default nothing */
  readonly exceptPrefixes?: readonly string[];
}

/**
 * The EventBridge pattern of new objects in a bucket ("EventBridge event message structure", Amazon S3 user guide;
 * "Comparison operators", EventBridge user guide).
 *
 * @throws RangeError where the filter cannot be said
 */
export function objectCreatedPattern(bucketName: string, filter: KeyFilter) {
  const keys = keyPatterns(filter);
  return {
    source: ["aws.s3"],
    "detail-type": ["Object Created"],
    detail: { bucket: { name: [bucketName] }, ...(keys && { object: { key: keys } }) },
  };
}

function keyPatterns({ prefix = "", suffixes = [], exceptPrefixes = [] }: KeyFilter): readonly object[] | undefined {
  if (exceptPrefixes.length > 0) {
    if (prefix !== "" || suffixes.length > 0) {
      throw new RangeError(
        `A filter of keys has exceptPrefixes alone, or prefix and suffixes: got ${JSON.stringify({ prefix, suffixes, exceptPrefixes })}`,
      );
    }
    return [{ "anything-but": { prefix: exceptPrefixes } }];
  }
  if (suffixes.length > 0) {
    return suffixes.map((suffix) => (prefix === "" ? { suffix } : { wildcard: `${quote(prefix)}*${quote(suffix)}` }));
  }
  return prefix === "" ? undefined : [{ prefix }];
}

/** As itself in a wildcard. */
function quote(text: string): string {
  return text.replace(/[\\*]/g, "\\$&");
}
