import { Account } from "../../../modules/account";
import type { Platform } from "../platform";

/** What keys of pages begin with, as `publish-pages` of the renderer writes them. */
export const PAGES_PREFIX = "pages/";

/** What a run's message says of the page: the command that fetches it, and where the console shows it. */
export function pageNote(platform: Platform, pipeline: string): string {
  const { consoleHost, region } = Account.of(platform);
  const object = `https://${consoleHost}/s3/object/${platform.pages.name}?region=${region}`;
  const { environment } = platform.config;
  return [
    `Page: ENVIRONMENT=${environment} npm run ops -- page ${pipeline}`,
    `In the console: ${object}&prefix=${PAGES_PREFIX}${pipeline}/index.html`,
  ].join("\n");
}

/** What the alarm of a function that makes pages says. */
export function whenPageFails(name: string): string {
  return (
    `${name} could not make a page: the page that is there is an older one. Nothing else suffers, and the next run, or the ` +
    `clock, tries again. Its log (/aws/lambda/${name}) says what and why.`
  );
}
