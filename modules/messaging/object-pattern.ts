/** A filter of a bucket's keys. All filters apply to whole keys, and are case-sensitive. */
export interface KeyFilter {
  /** Prefix of the keys. @default any */
  readonly prefix?: string;
  /** Prefixes that are excluded; cannot be combined with `prefix`, since EventBridge has no "and". @default none */
  readonly exceptPrefixes?: readonly string[];
}

/**
 * The EventBridge pattern of new objects in a bucket ("EventBridge event message structure", Amazon S3 user guide;
 * "Comparison operators", EventBridge user guide).
 *
 * @throws RangeError if the filter cannot be expressed
 */
export function objectCreatedPattern(bucketName: string, filter: KeyFilter) {
  const keys = keyPatterns(filter);
  return {
    source: ["aws.s3"],
    "detail-type": ["Object Created"],
    detail: { bucket: { name: [bucketName] }, ...(keys && { object: { key: keys } }) },
  };
}

function keyPatterns({ prefix = "", exceptPrefixes = [] }: KeyFilter): readonly object[] | undefined {
  if (exceptPrefixes.length > 0) {
    if (prefix !== "") {
      throw new RangeError(
        `A filter of keys has either exceptPrefixes or prefix: got ${JSON.stringify({ prefix, exceptPrefixes })}`,
      );
    }
    return [{ "anything-but": { prefix: exceptPrefixes } }];
  }
  return prefix === "" ? undefined : [{ prefix }];
}
