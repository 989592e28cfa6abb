/** Which keys of a bucket are meant. All filters are of whole keys, in the case that they are written in. */
export interface KeyFilter {
  /** What they begin with. @default anything */
  readonly prefix?: string;
  /** What they must not begin with; cannot be had with the other, EventBridge knows no "and". @default nothing */
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

function keyPatterns({ prefix = "", exceptPrefixes = [] }: KeyFilter): readonly object[] | undefined {
  if (exceptPrefixes.length > 0) {
    if (prefix !== "") {
      throw new RangeError(
        `A filter of keys has exceptPrefixes alone, or prefix: got ${JSON.stringify({ prefix, exceptPrefixes })}`,
      );
    }
    return [{ "anything-but": { prefix: exceptPrefixes } }];
  }
  return prefix === "" ? undefined : [{ prefix }];
}
