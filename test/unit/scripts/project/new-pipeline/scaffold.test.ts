import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parsePipelineName } from "../../../../../scripts/project/new-pipeline/pipeline-name";
import {
  fillTemplate,
  importScaffold,
  pipelineScaffold,
  register,
} from "../../../../../scripts/project/new-pipeline/scaffold";

const root = join(__dirname, "../../../../..");
const name = parsePipelineName("daily-sales", new Map());
const plan = { ...name, schedule: "rate(1 day)", prefix: "sales/", startOnObject: true };

const scaffolds = [pipelineScaffold(name), importScaffold(name)];
const registrations = scaffolds.flatMap((scaffold) => scaffold.registrations);

describe("the templates", () => {
  it("are all used, and leave nothing open", () => {
    // Prepare
    const folder = join(root, "scripts/project/new-pipeline/templates");
    const templates = scaffolds.flatMap(({ files }) => Object.values(files));
    const used = templates.map((template) => `${template}.template`);

    // Act
    const filled = used.map((file) => fillTemplate(readFileSync(join(folder, file), "utf8"), plan));

    // Assess
    expect(used.sort()).toEqual(readdirSync(folder).sort());
    for (const text of filled) expect(text).not.toMatch(/\{\{|\}\}/);
  });

  it("let a new pipeline have partners below its own prefix", () => {
    // Act
    const config = fillTemplate(
      readFileSync(join(root, "scripts/project/new-pipeline/templates/config.ts.template"), "utf8"),
      plan,
    );

    // Assess
    expect(config).toContain('partners: partnersSchema("sales/acme/"),');
  });

  it("are refused where they name what is not there", () => {
    expect(() => fillTemplate("{{surname}}", plan)).toThrow("A template names surname");
  });
});

describe("the files that know every pipeline", () => {
  it.each(registrations.map((registration) => [registration.file, registration] as const))(
    "%s gets an import and an entry at the end of its list",
    (file, registration) => {
      const text = readFileSync(join(root, file), "utf8");

      const registered = register(text, registration);

      expect(registered).toContain(registration.import);
      const end = registered?.lastIndexOf(registration.closing) ?? 0;
      expect(registered?.slice(0, end).trimEnd()).toMatch(new RegExp(`,\\s*${registration.entry}$`));
    },
  );

  it.each(scaffolds.flatMap((scaffold) => scaffold.registrations.map((one) => [one.file, one, scaffold] as const)))(
    "%s imports a file that is written",
    (file, registration, { files }) => {
      const [, path = ""] = /from "(\..+)"/.exec(registration.import) ?? [];

      expect(Object.keys(files)).toContain(`${join(dirname(file), path)}.ts`);
    },
  );

  it("are left where they have another form", () => {
    const [registration] = registrations;

    expect(registration && register("export const pipelinesSchema = other;", registration)).toBeUndefined();
  });
});
