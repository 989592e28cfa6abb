import { realpathSync, type Stats, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { InvalidArgumentError } from "commander";
import { findErrorCode } from "../../etl/core/database/database";
import { UsageError } from "../../etl/core/errors";
import { isUrl, maskLocation } from "../../etl/core/fetch/mask-url";

/**
 * A path as the user typed it. npm runs a script in the project's folder, and gives the folder in which it was called
 * in INIT_CWD: for another folder, the path is made absolute. INIT_CWD does not apply to a program that a script
 * started in another folder.
 *
 * @throws InvalidArgumentError if it is empty
 */
export function userPath(path: string): string {
  if (path === "") throw new InvalidArgumentError("expected a path, not an empty text");
  const { INIT_CWD: calledIn, npm_package_json: manifest } = process.env;
  if (isNoPath(path) || calledIn === undefined || manifest === undefined) return path;
  const here = process.cwd();
  return calledIn === here || realpathSync(dirname(manifest)) !== here ? path : resolve(calledIn, path);
}

/** Standard input, or an address: the user of the path reports that it is not a path. */
function isNoPath(given: string): boolean {
  return given === "-" || /^s3:/i.test(given) || isUrl(given);
}

/** Like {@link userPath}, for an argument of several paths, as collected by commander. */
export function userPaths(path: string, before: readonly string[] = []): readonly string[] {
  return [...before, userPath(path)];
}

const S3_ADDRESS = /^s3:\/\/([^/]+)\/?(.*)$/s;

/** `s3://bucket/prefix`, with or without a prefix. */
export function parseS3Address(text: string): { readonly bucket: string; readonly prefix: string } | undefined {
  const [, bucket, prefix = ""] = S3_ADDRESS.exec(text) ?? [];
  return bucket === undefined ? undefined : { bucket, prefix };
}

/** An address is never a path: no error of the file system may show its credentials. @throws UsageError */
export function refuseAddress(path: string, expected: string, fix: string): void {
  if (!/^s3:/i.test(path) && !isUrl(path)) return;
  throw new UsageError("This is an address, not a path", { got: maskLocation(path), expected, fix });
}

/** As {@link refuseAddress}, for a command that reads only files. */
export function requirePath(path: string): void {
  const fix = "Download it first, and give the path of the file (with ./ before one that looks like an address)";
  refuseAddress(path, "a path on this machine", fix);
}

/**
 * The path of a file to read. A missing one is wrong usage, whichever command was called with it: nothing was begun.
 *
 * @throws InvalidArgumentError if there is none, or a folder; UsageError if it is an address
 */
export function inputFile(path: string): string {
  requirePath(path);
  return inputSource(path);
}

/** Like {@link inputFile}, or an address: its reader says which. */
export function inputSource(path: string): string {
  const given = userPath(path);
  if (findInput(given, "file")?.isDirectory()) throw new InvalidArgumentError("this is a folder: name a file in it");
  return given;
}

/** Like {@link inputFile}, for an argument of several files, as collected by commander. */
export function inputFiles(path: string, before: readonly string[] = []): readonly string[] {
  return [...before, inputFile(path)];
}

/** Like {@link inputFile}, for a folder. */
export function inputFolder(path: string): string {
  requirePath(path);
  return inputPlace(path);
}

/** Like {@link inputFolder}, or `s3://bucket/prefix`. */
export function inputPlace(path: string): string {
  const fix = "Write it as s3://bucket/prefix, or download the files into a folder and name that";
  if (parseS3Address(path) === undefined) refuseAddress(path, "a folder, or s3://bucket/prefix", fix);
  if (path === "-") throw new InvalidArgumentError("expected a folder, not standard input");
  const given = userPath(path);
  const isFolder = findInput(given, "folder")?.isDirectory() ?? true;
  if (!isFolder) throw new InvalidArgumentError("this is a file: name the folder that it is in");
  return given;
}

/**
 * A folder to write to, which is made if it is missing.
 *
 * @throws InvalidArgumentError if it can be none; UsageError if it is an address
 */
export function outputFolder(path: string): string {
  refuseAddress(path, "a folder on this machine", "Name one, and copy it from there (aws s3 cp --recursive)");
  if (path === "-") throw new InvalidArgumentError("expected a folder, not standard output");
  const given = userPath(path);
  const facts = statOf(given);
  if (facts === "ENOTDIR") throw new InvalidArgumentError("a part of this path is a file: name another folder");
  if (typeof facts === "object" && !facts.isDirectory()) {
    throw new InvalidArgumentError("this is a file: name another folder");
  }
  return given;
}

/** @returns undefined for what is no path, or may not be looked at: its reader says so */
function findInput(path: string, what: string): Stats | undefined {
  if (isNoPath(path)) return undefined;
  const facts = statOf(path);
  if (facts === "ENOENT" || facts === "ENOTDIR") {
    throw new InvalidArgumentError(
      `there is no such ${what}: check the path for a typing error; a relative one starts at the working directory`,
    );
  }
  return typeof facts === "object" ? facts : undefined;
}

/** @returns the error's code if the system does not give them */
function statOf(path: string): Stats | string {
  try {
    return statSync(path);
  } catch (error) {
    return findErrorCode(error) ?? "";
  }
}
