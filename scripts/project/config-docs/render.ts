import type { KeyRow, KeyTable } from "./keys";

const INTRODUCTION = `# Configuration

<!-- Generated from config/schema.ts by \`npm run docs:config\`. Changes belong there. -->

One file per environment: \`config/dev.ts\` and \`config/prod.ts\`. Each says only what differs from the defaults below.
\`ENVIRONMENT\` chooses one, \`dev\` if it is not set. \`MILLRACE_CONFIG\` may name a JSON file with any part of the
configuration, which is laid over it: for a try, a test, or an emulated AWS. A section whose \`mode\` it changes is
replaced whole. Nothing else is read from the environment.

A wrong value stops the synthesis, before anything is planned:

\`\`\`
The configuration config/dev.ts is refused:
  network.zones: got 9, allowed is a whole number from 2 to 3
\`\`\`

Another environment is another file beside these two and its name in \`config/load.ts\`.
`;

/** docs/configuration.md of the given keys. */
export function renderDocs(tables: readonly KeyTable[]): string {
  return `${[INTRODUCTION, ...tables.map(renderTable)].join("\n")}`;
}

function renderTable({ path, mode, description, rows }: KeyTable): string {
  const title = path === "" ? "General" : `\`${path}\`${mode === undefined ? "" : `, mode \`${mode}\``}`;
  const lines = [
    `## ${title}\n`,
    ...(path !== "" && description !== undefined ? [`${description}\n`] : []),
    "| key | what for | allowed | default | example |",
    "|---|---|---|---|---|",
    ...rows.map(renderRow),
  ];
  return `${lines.join("\n")}\n`;
}

function renderRow({ key, description, allowed, required, example, default: value }: KeyRow): string {
  const unset = required ? "required" : "unset";
  const cells = [`\`${key}\``, description, allowed, value === undefined ? unset : code(value), code(example)];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

function code(value: unknown): string {
  return `\`${JSON.stringify(value)}\``;
}
