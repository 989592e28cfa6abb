import type { PipelineName } from "./pipeline-name";

/** What a new pipeline is to be. */
export interface PipelinePlan extends PipelineName {
  /** EventBridge Scheduler's expression. */
  readonly schedule: string;
  /** What its objects' keys begin with, in the incoming bucket. */
  readonly prefix: string;
  readonly startOnObject: boolean;
}

/** What is written of a kind of pipeline. */
export interface Scaffold {
  /** The template of each file. */
  readonly files: Readonly<Record<string, string>>;
  readonly registrations: readonly Registration[];
}

/** A line in a file that knows every pipeline. */
export interface Registration {
  readonly file: string;
  readonly import: string;
  readonly entry: string;
  /** What closes the list that the entry goes to: its last place in the file is meant. */
  readonly closing: string;
}

/** A pipeline of its own. */
export function pipelineScaffold({ name, camel, pascal }: PipelineName): Scaffold {
  return {
    files: {
      [`config/schema/pipelines/${name}.ts`]: "config.ts",
      [`etl/pipelines/${name}/contract.ts`]: "contract.ts",
      [`etl/pipelines/${name}/tables.ts`]: "tables.ts",
      [`etl/pipelines/${name}/pipeline.ts`]: "pipeline.ts",
      [`etl/pipelines/${name}/environment.ts`]: "environment.ts",
      [`handlers/${name}/load.ts`]: "handler.ts",
      [`stacks/etl/pipelines/${name}.ts`]: "stack.ts",
      [`scripts/run/${name}-command.ts`]: "command.ts",
      [`samples/${name}/made-up.csv`]: "made-up.csv",
      [`test/integration/${name}.test.ts`]: "test.ts",
      [`docs/pipelines/${name}.md`]: "page.md",
    },
    registrations: [
      {
        file: "config/schema/pipelines.ts",
        import: `import { ${camel}Schema } from "./pipelines/${name}";`,
        entry: `"${name}": ${camel}Schema,`,
        closing: "});",
      },
      {
        file: "stacks/etl/pipelines.ts",
        import: `import { ${pascal}Pipeline } from "./pipelines/${name}";`,
        entry: `"${name}": ${pascal}Pipeline,`,
        closing: "};",
      },
      {
        file: "scripts/run/commands.ts",
        import: `import { ${camel}Command } from "./${name}-command";`,
        entry: `${camel}Command,`,
        closing: "];",
      },
    ],
  };
}

/** A contract of the pipeline `import`; its sample and its page follow from it. */
export function importScaffold({ name, camel }: PipelineName): Scaffold {
  return {
    files: {
      [`etl/feeds/${name}.ts`]: "import-contract.ts",
      [`test/integration/import-${name}.test.ts`]: "import-test.ts",
    },
    registrations: [
      {
        file: "etl/feeds/feeds.ts",
        import: `import { ${camel} } from "./${name}";`,
        entry: `${camel},`,
        closing: "];",
      },
    ],
  };
}

/** @throws RangeError where the template names something that is not in the plan */
export function fillTemplate(template: string, plan: PipelineName | PipelinePlan): string {
  const values = new Map(Object.entries({ ...plan, ...("schedule" in plan && { starts: describeStarts(plan) }) }));
  return template.replaceAll(/\{\{(\w+)\}\}/g, (_, key: string) => {
    const value = values.get(key);
    if (value === undefined) throw new RangeError(`A template names ${key}, and there is no such value`);
    return String(value);
  });
}

function describeStarts({ schedule, startOnObject }: PipelinePlan): string {
  return `by its schedule, \`${schedule}\`${startOnObject ? ", and for each new object" : ""}`;
}

/** The text of a file that knows every pipeline, with one more; undefined where it has another form. */
export function register(text: string, { import: line, entry, closing }: Registration): string | undefined {
  const end = text.lastIndexOf(closing);
  if (end === -1) return undefined;
  const before = text.slice(0, end).trimEnd();
  return `${line}\n${before}${/[,[{(]$/.test(before) ? "" : ","}\n${entry}\n${text.slice(end)}`;
}
