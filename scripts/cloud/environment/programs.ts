import { findProgram, type MissingProgram } from "../../command-line/find-program";

/** The programs of the emulated AWS, in addition to Node, if this machine has them. */
export interface CloudPrograms {
  readonly python: string;
  readonly initdb: string;
  readonly terraform: string;
}

const wanted = {
  python: {
    name: "python3",
    folders: [],
    remedy:
      "Python 3.10 or newer: https://www.python.org/downloads/, or `apt install python3-venv`, or `brew install python`",
  },
  initdb: {
    name: "initdb",
    folders: ["/usr/lib/postgresql/*/bin", "/opt/homebrew/opt/postgresql@17/bin", "/usr/pgsql-*/bin"],
    remedy: "PostgreSQL 13 or newer, the server: `apt install postgresql`, or `brew install postgresql@17`",
  },
  terraform: {
    name: "terraform",
    folders: [],
    remedy: "Terraform 1.11 or newer: https://developer.hashicorp.com/terraform/install",
  },
} as const;

/** The path of a program, or what is missing. */
export function findCloudProgram(key: keyof CloudPrograms): {
  readonly path?: string;
  readonly missing: MissingProgram;
} {
  const { name, folders, remedy } = wanted[key];
  return { path: findProgram(name, folders), missing: { name, remedy } };
}

/** Finds the programs; `missing` lists the others, with where to get them. */
export function findCloudPrograms(): {
  readonly programs?: CloudPrograms;
  readonly missing: readonly MissingProgram[];
} {
  const python = findProgram(wanted.python.name, wanted.python.folders);
  const initdb = findProgram(wanted.initdb.name, wanted.initdb.folders);
  const terraform = findProgram(wanted.terraform.name, wanted.terraform.folders);
  if (python !== undefined && initdb !== undefined && terraform !== undefined) {
    return { programs: { python, initdb, terraform }, missing: [] };
  }
  const found = { python, initdb, terraform };
  const missing = (["python", "initdb", "terraform"] as const).filter((key) => found[key] === undefined);
  return { missing: missing.map((key) => ({ name: wanted[key].name, remedy: wanted[key].remedy })) };
}
