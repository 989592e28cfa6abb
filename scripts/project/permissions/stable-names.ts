const REPLACED: readonly (readonly [RegExp, string])[] = [
  [/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, "{id}"],
  [/\b(sg|vpc|vpce|subnet|rtb|eni|igw|nat|eipalloc|sgr|acl|fl|dopt|pl)-[0-9a-f]{8,17}\b/g, "$1-{id}"],
  // The end of the state bucket's name, and Secrets Manager's suffix of a secret's name.
  [/(bootstrap-[a-z-]+)-[0-9a-f]{8}(?=$|\/)/g, "$1-{id}"],
  // The time at which `npm run page-key` made a pair.
  [/(page-key)-\d{14}\b/g, "$1-{time}"],
  [/(:secret:[^/]+)-[A-Za-z0-9]{6}$/g, "$1-{id}"],
  [/\b\d{12}\b/g, "{account}"],
  [/\b[a-z]{2}(-[a-z]+)+-\d(?=:|$)/g, "{region}"],
];

/** A text without the parts that differ between runs: account, region, and AWS's ids. */
export function stableName(text: string): string {
  return REPLACED.reduce((name, [pattern, by]) => name.replace(pattern, by), text);
}

/** `covid-fetch` of `arn:aws:iam::123456789012:role/covid-fetch`. */
export function roleName(arn: string): string {
  return arn.replace(/^.*:role\//, "");
}
