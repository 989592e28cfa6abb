import { SourceError } from "../../core/errors";
import type { ListedObject, RangedObjects } from "../../core/objects/objects";

/**
 * Lists only the objects of these keys.
 *
 * @throws SourceError if a key has no object
 */
export async function* listKeys(
  objects: Pick<RangedObjects, "name" | "list">,
  keys: readonly string[],
): AsyncGenerator<readonly ListedObject[]> {
  for (const key of new Set(keys)) {
    const found = await findObject(objects, key);
    if (found === undefined) {
      throw new SourceError("There is no such object to read again", {
        got: JSON.stringify(key),
        expected: `the whole key of one below ${objects.name}`,
        fix: "Correct the key",
      });
    }
    yield [found];
  }
}

/** It is the first object whose key begins with its key. */
async function findObject(objects: Pick<RangedObjects, "list">, key: string): Promise<ListedObject | undefined> {
  for await (const page of objects.list(key)) {
    const [first] = page;
    if (first !== undefined) return first.key === key ? first : undefined;
  }
  return undefined;
}
