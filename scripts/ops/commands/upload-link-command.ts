import { createPresignedPost } from "@aws-sdk/s3-presigned-post";
import { Command, InvalidArgumentError } from "commander";
import { bucketName } from "../../../config/names";
import { type Partner, partnersOf } from "../../../config/partners";
import { UsageError } from "../../../etl/core/errors";
import { type Output, Session } from "../session";
import { curlCommand, linkLife } from "../upload-link";

/** The latest date that signature version 4 allows ("Browser-based uploads using POST", S3 API reference). */
const LONGEST_HOURS = 168;
/** S3 accepts 5 GiB in one piece. */
const MOST_MEGABYTES = 5120;
const BYTES = 1024 * 1024;

interface Options extends Output {
  readonly hours: number;
  readonly megabytes: number;
}

/** `ops upload-link`. */
export function uploadLinkCommand(): Command {
  return new Command("upload-link")
    .description(
      "A command with which a partner without AWS sends files: below the partner's prefix, up to a size, for some hours. Anyone " +
        "with it may send, so give it only to the partner. It expires with the credentials that sign it.",
    )
    .argument("<name>", "the pipeline")
    .argument("<partner>", "a name of pipelines.<name>.partners")
    .option("--hours <n>", `how long, up to ${LONGEST_HOURS}`, atMost(LONGEST_HOURS), 12)
    .option("--megabytes <n>", `how large a file may be, up to ${MOST_MEGABYTES}`, atMost(MOST_MEGABYTES), 100)
    .option("--json", "one JSON object")
    .action((name: string, partner: string, options: Options) =>
      Session.run(options, (session) => showLink(session, name, partner, options)),
    );
}

async function showLink(session: Session, name: string, partner: string, { hours, megabytes }: Options): Promise<void> {
  const pipeline = session.pipeline(name);
  const { prefix } = findPartner(session, name, partner);
  const { s3 } = session.aws;
  const life = linkLife(hours, await s3.config.credentials(), new Date());
  const post = await createPresignedPost(s3, {
    Bucket: bucketName(session.config, "incoming", await session.accountOf(pipeline)),
    // S3 inserts the file's own name there. No field sets the encryption: the bucket does, and the policy refuses other
    // fields.
    Key: `${prefix}\${filename}`,
    Conditions: [["content-length-range", 0, megabytes * BYTES]],
    Expires: life.seconds,
  });
  const curl = curlCommand(post);
  if (life.warning !== undefined) session.tell(life.warning);
  const until = life.until.toISOString();
  session.show(
    `For ${partner}: until ${until}, files of up to ${megabytes} MB below ${prefix}, each in the place of FILE:\n\n${curl}\n`,
    { pipeline: name, partner, prefix, until, megabytes, warning: life.warning, curl, ...post },
  );
}

function findPartner({ config }: Session, pipeline: string, name: string): Partner {
  const partners = partnersOf(config.pipelines).filter((partner) => partner.pipeline === pipeline);
  const found = partners.find((partner) => partner.name === name);
  if (found !== undefined) return found;
  throw new UsageError(`${pipeline} has no such partner`, {
    got: JSON.stringify(name),
    expected: partners.length === 0 ? "a partner, but there is none yet" : partners.map((one) => one.name).join(", "),
    fix: `Add { name: "${name}", prefix: "…/" } to pipelines.${pipeline}.partners in config/${config.environment}.ts`,
  });
}

function atMost(most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,4}$/.test(text) ? Number(text) : 0;
    if (value >= 1 && value <= most) return value;
    throw new InvalidArgumentError(`expected a whole number from 1 to ${most}`);
  };
}
