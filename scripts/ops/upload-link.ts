import type { PresignedPost } from "@aws-sdk/s3-presigned-post";
import { MillraceError } from "../../etl/core/errors";

/** What signs a link, as the AWS SDK knows it. */
export interface SigningCredentials {
  /** Of a session; a user's own keys have none. */
  readonly sessionToken?: string;
  /** Undefined for a user's keys, and for a session that was put into the environment without its end. */
  readonly expiration?: Date;
}

/** How long a link can be used. */
export interface LinkLife {
  readonly seconds: number;
  readonly until: Date;
  /** Where it may be, or is, shorter than asked for. */
  readonly warning?: string;
}

const LONGER =
  "Sign with a user's keys, or with a role that is taken directly and lets a session last so long (max_session_duration, up " +
  "to 12 hours; a role that was taken from another role gives one hour).";

/** S3 takes a form no longer than the session that signed it: what is asked for is cut to that. */
export function linkLife(hours: number, { sessionToken, expiration }: SigningCredentials, now: Date): LinkLife {
  const asked = hours * 3600;
  if (expiration === undefined) {
    const warning =
      sessionToken === undefined
        ? undefined
        : `A session signs it, and nothing says when that ends: the link ends with it, be it before ${hours} hours. ${LONGER}`;
    return { seconds: asked, until: after(now, asked), warning };
  }
  const left = Math.floor((expiration.getTime() - now.getTime()) / 1000);
  if (left < 1) {
    throw new MillraceError("The session that would sign the link has ended", {
      got: expiration.toISOString(),
      fix: "Log in again (aws sso login, or whatever gives the credentials)",
    });
  }
  const seconds = Math.min(asked, left);
  const warning =
    seconds < asked
      ? `The session that signs it ends at ${expiration.toISOString()}, and the link with it: not ${hours} hours. ${LONGER}`
      : undefined;
  return { seconds, until: after(now, seconds), warning };
}

/** The command that uploads FILE, on one line, for the shells of Unix and for PowerShell. */
export function curlCommand({ url, fields }: PresignedPost): string {
  // `--form` would take a semicolon in a value for the beginning of a type.
  const texts = Object.entries(fields).map(([name, value]) => `--form-string ${quote(`${name}=${value}`)}`);
  return ["curl --fail-with-body", ...texts, "--form 'file=@FILE'", quote(url)].join(" ");
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function after(moment: Date, seconds: number): Date {
  return new Date(moment.getTime() + seconds * 1000);
}
