import type { PresignedPost } from "@aws-sdk/s3-presigned-post";
import { counted } from "../../etl/core/counted";
import { MillraceError } from "../../etl/core/errors";
import { quoteWord } from "../command-line/shell-word";

/** The credentials that sign a link, from the AWS SDK. */
export interface SigningCredentials {
  /** Only of a session; a user's own keys have none. */
  readonly sessionToken?: string;
  /** Undefined for a user's keys, and for a session set in the environment without its end. */
  readonly expiration?: Date;
}

/** How long a link can be used. */
export interface LinkLife {
  readonly seconds: number;
  readonly until: Date;
  /** Set if it may be, or is, shorter than requested. */
  readonly warning?: string;
}

const LONGER =
  "Sign with a user's keys, or with a role that is assumed directly and allows such long sessions (max_session_duration, up " +
  "to 12 hours; a role assumed from another role allows one hour).";

/** S3 accepts a form only as long as the session that signed it: the request is cut to that. */
export function linkLife(hours: number, { sessionToken, expiration }: SigningCredentials, now: Date): LinkLife {
  const asked = hours * 3600;
  if (expiration === undefined) {
    const warning =
      sessionToken === undefined
        ? undefined
        : `A session signs the link, and its end is unknown: the link ends with it, even before ${counted(hours, "hour")}. ${LONGER}`;
    return { seconds: asked, until: after(now, asked), warning };
  }
  const left = Math.floor((expiration.getTime() - now.getTime()) / 1000);
  if (left < 1) {
    throw new MillraceError("The session that would sign the link has ended", {
      got: expiration.toISOString(),
      fix: "Log in again (aws sso login, or the usual way to get credentials)",
    });
  }
  const seconds = Math.min(asked, left);
  const warning =
    seconds < asked
      ? `The session that signs the link ends at ${expiration.toISOString()}, and the link with it, before ${counted(hours, "hour")}. ${LONGER}`
      : undefined;
  return { seconds, until: after(now, seconds), warning };
}

/** The command that uploads FILE, on one line, for the shells of Unix and for PowerShell. */
export function curlCommand({ url, fields }: PresignedPost): string {
  // `--form` would read a semicolon in a value as the start of a type.
  const texts = Object.entries(fields).map(([name, value]) => `--form-string ${quoteWord(`${name}=${value}`)}`);
  return ["curl --fail-with-body", ...texts, "--form 'file=@FILE'", quoteWord(url)].join(" ");
}

function after(moment: Date, seconds: number): Date {
  return new Date(moment.getTime() + seconds * 1000);
}
