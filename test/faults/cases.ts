import { seeded } from "../../scripts/project/samples/seeded";
import { FAULTS, type FaultCase, nameOf, type Subject } from "./fault";

/** Every fault in every phase of every command that it can strike in. */
export function allCases(subjects: readonly Subject[], seed: number): FaultCase[] {
  return subjects.flatMap(({ name: subject, phases }) =>
    Object.entries(phases).flatMap(([phase, faults]) => faults.map((fault) => ({ subject, phase, fault, seed }))),
  );
}

/** The same, in an order that the seed fixes. */
export function shuffle(cases: readonly FaultCase[], seed: number): FaultCase[] {
  const random = seeded(seed);
  return cases
    .map((each) => ({ each, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ each }) => each);
}

/** So few cases that each phase of each command is met once, and each fault by each command. */
export function coverEach(cases: readonly FaultCase[], seed: number): FaultCase[] {
  const left = new Set(cases.flatMap(({ subject, phase, fault }) => [`${subject}/${phase}`, `${subject} ${fault}`]));
  const shuffled = shuffle(cases, seed);
  const taken: FaultCase[] = [];
  // First those that meet two of them.
  for (const wanted of [2, 1]) {
    for (const each of shuffled) {
      const met = [`${each.subject}/${each.phase}`, `${each.subject} ${each.fault}`].filter((name) => left.has(name));
      if (met.length < wanted) continue;
      for (const name of met) left.delete(name);
      taken.push(each);
    }
  }
  return taken;
}

/** Lets one case happen. @returns what is wrong, with how to run it again */
export async function runCase(subjects: readonly Subject[], given: FaultCase): Promise<readonly string[]> {
  const subject = subjects.find(({ name }) => name === given.subject);
  if (subject?.phases[given.phase]?.includes(given.fault) !== true) {
    const known = allCases(subjects, given.seed).map(nameOf).join("\n");
    throw new Error(`There is no such case: got ${nameOf(given)}, expected one of\n${known}`);
  }
  const salt = [...nameOf(given)].reduce((sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0)) | 0, 7);
  const wrong = await subject.strike(given.phase, given.fault, seeded(given.seed ^ salt));
  return wrong.length === 0
    ? []
    : [...wrong, `again: npm run faults -- --case "${nameOf(given)}" --seed ${given.seed}`];
}

/** `covid/upserting/kill`. @returns undefined where it is none */
export function parseCase(text: string, seed: number): FaultCase | undefined {
  const [subject = "", phase = "", name] = text.split("/");
  const fault = FAULTS.find((known) => known === name);
  return fault === undefined ? undefined : { subject, phase, fault, seed };
}
