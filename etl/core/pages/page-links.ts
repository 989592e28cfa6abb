import { type LinkSigner, signLink } from "./signed-link";

const DAY_MS = 86_400_000;

export interface LinkSettings {
  /** CloudFront's domain, for example `d111111abcdef8.cloudfront.net`. */
  readonly domain: string;
  readonly days: number;
  /** IPv4 ranges that links may be opened from. None: from everywhere. */
  readonly networks: readonly string[];
}

/**
 * The links to a pipeline's page in a message: one or, since CloudFront allows one range per link, one for each range.
 */
export function linkLines(pipeline: string, settings: LinkSettings, signer: LinkSigner, now: Date): string {
  const { domain, days, networks } = settings;
  const until = new Date(now.getTime() + days * DAY_MS);
  const url = `https://${domain}/pages/${pipeline}/index.html`;
  const last = `until ${until.toISOString().slice(0, 16).replace("T", " ")} UTC`;
  if (networks.length === 0) return `Page, ${last}: ${signLink(url, { until }, signer)}`;
  return networks
    .map((network) => `Page, from ${network}, ${last}: ${signLink(url, { until, network }, signer)}`)
    .join("\n");
}
