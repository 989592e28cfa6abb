/**
 * Prefixes that all names share, and so may not have: from S3's bucket names ("General purpose bucket naming rules", S3
 * user guide) and EC2's security groups (CreateSecurityGroup, EC2 API reference).
 */
const RESERVED_BEGINNING = /^(sg|sthree|amzn-s3-demo)(-|$)/;

/** A first or second part of all names: hyphens single (RDS identifiers take no others) and none at the end. */
export function isNamePart(text: string, longest: number): boolean {
  return text.length >= 2 && text.length <= longest && /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(text);
}

/** The prefix of the bootstrap's names: a project of that name could change the state and the roles of another. */
export function isBootstraps(text: string): boolean {
  return /^bootstrap(-|$)/.test(text);
}

/**
 * An environment's name. Without hyphens: roles may reach whatever begins with `<project>-<environment>-`, and
 * everything of an environment `dev-eu` would begin with dev's.
 */
export function isEnvironmentName(text: string, longest: number): boolean {
  return text.length >= 2 && text.length <= longest && /^[a-z][a-z0-9]*$/.test(text);
}

export function hasReservedBeginning(text: string): boolean {
  return RESERVED_BEGINNING.test(text);
}

/** The name of a bucket that exists, by S3's rules for general purpose buckets. */
export function isBucketName(text: string): boolean {
  return (
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(text) &&
    !/\.\.|^\d+\.\d+\.\d+\.\d+$|^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(text)
  );
}
