import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

/**
 * Writes `ca.pem`, `server.pem` and `server.key` to a folder: an authority of its own, and a server's certificate good
 * for a day, for `name` and for 127.0.0.1. Needs openssl.
 */
export async function writeCertificates(folder: string, name: string): Promise<void> {
  const openssl = (...args: readonly string[]) => promisify(execFile)("openssl", [...args], { cwd: folder });
  const key = ["-newkey", "rsa:2048", "-nodes"];
  await openssl("req", "-x509", ...key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Test CA", "-days", "1");
  await openssl("req", ...key, "-keyout", "server.key", "-out", "server.csr", "-subj", `/CN=${name}`);
  await writeFile(join(folder, "names.ext"), `subjectAltName=DNS:${name},IP:127.0.0.1\n`);
  const authority = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial"];
  await openssl(
    "x509",
    "-req",
    "-in",
    "server.csr",
    ...authority,
    "-out",
    "server.pem",
    "-days",
    "1",
    "-extfile",
    "names.ext",
  );
}
