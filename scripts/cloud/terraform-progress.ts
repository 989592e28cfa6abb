import { counted } from "../../etl/core/counted";

const DONE = /(?:^|\s)(\S+): (?:Creation|Modifications|Destruction) complete after/;
/** Printed every ten seconds for each slow resource. */
const STILL = /(?:^|\s)(\S+): Still (?:creating|modifying|destroying)\.\.\. \[(?:.*, )?(\S+) elapsed\]/;
const PLANNED = /Plan: (\d+) to add, (\d+) to change, (\d+) to destroy/;

/**
 * Terraform's output in a few lines: how many of the planned resources are done and, while none is, which one it waits
 * for.
 *
 * @param everyMs the shortest time between two lines
 */
export function terraformProgress(
  say: (text: string) => void,
  everyMs: number,
  now: () => number = Date.now,
): (line: string) => void {
  let planned = 0;
  let done = 0;
  let said = now();
  return (line) => {
    const plain = withoutColours(line);
    const [, ...counts] = PLANNED.exec(plain) ?? [];
    if (counts.length > 0) {
      const [added = 0, changed = 0, destroyed = 0] = counts.map(Number);
      planned = added + changed + destroyed;
      done = 0;
      said = now();
      const work = added + changed === 0 ? "destroy" : "create or change";
      if (planned > 0) say(`${counted(planned, "resource")} to ${work}`);
      return;
    }
    const [, waiting, elapsed] = STILL.exec(plain) ?? [];
    if (waiting !== undefined && now() - said >= everyMs) {
      said = now();
      say(`${done} of ${planned} done; still waiting for ${waiting}: ${elapsed} so far`);
    }
    const [, address] = DONE.exec(plain) ?? [];
    if (address === undefined) return;
    done += 1;
    if (done < planned && now() - said < everyMs) return;
    said = now();
    say(`${done} of ${planned} done, the last is ${address}`);
  };
}

function withoutColours(line: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape sequences are what is removed
  return line.replace(/\u001b\[[0-9;]*[A-Za-z]/g, "");
}
