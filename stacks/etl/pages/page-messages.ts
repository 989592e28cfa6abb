import { Account } from "../../../modules/account";
import type { Platform } from "../platform";

/** Key prefix of pages, as written by `publish-pages` of the renderer. */
export const PAGES_PREFIX = "pages/";

/** The lines about the page in a run's message: the command that fetches it, and its place in the console. */
export function pageNote(platform: Platform, pipeline: string): string {
  const { consoleHost, region } = Account.of(platform);
  const object = `https://${consoleHost}/s3/object/${platform.pages.name}?region=${region}`;
  const { environment } = platform.config;
  return [
    `Page: ENVIRONMENT=${environment} npm run ops -- page ${pipeline}`,
    `In the console: ${object}&prefix=${PAGES_PREFIX}${pipeline}/index.html`,
  ].join("\n");
}

/** The alarm's text for a function that makes pages. */
export function whenPageFails(name: string): string {
  return (
    `${name} could not make a page: the existing page is an older one. Nothing else is affected, and the next run, or the ` +
    `schedule, tries again. Its log (/aws/lambda/${name}) says which and why.`
  );
}
