import { type ParseError, parse, printParseErrorCode, visit } from "jsonc-parser";

/** Why a text is not JSON, or has a name twice, and the place; line and character begin at 1. */
export interface JsonFault {
  readonly what: string;
  readonly line: number;
  readonly character: number;
}

/**
 * The first fault of a text. A name that an object has twice is one, too: `JSON.parse` would silently take the last.
 */
export function findJsonFault(text: string): JsonFault | undefined {
  const errors: ParseError[] = [];
  parse(text, errors, { disallowComments: true });
  const [first] = errors;
  if (first !== undefined) return { what: wordsOf(printParseErrorCode(first.error)), ...placeOf(text, first.offset) };
  return findDouble(text);
}

function findDouble(text: string): JsonFault | undefined {
  let fault: JsonFault | undefined;
  const objects: Set<string>[] = [];
  visit(text, {
    onObjectBegin: () => void objects.push(new Set()),
    onObjectEnd: () => void objects.pop(),
    onObjectProperty: (name, offset) => {
      const names = objects.at(-1);
      if (names?.has(name)) fault ??= { what: `${JSON.stringify(name)} twice in one object`, ...placeOf(text, offset) };
      names?.add(name);
    },
  });
  return fault;
}

function placeOf(text: string, offset: number): Pick<JsonFault, "line" | "character"> {
  const lines = text.slice(0, offset).split("\n");
  return { line: lines.length, character: (lines.at(-1)?.length ?? 0) + 1 };
}

/** `ValueExpected`: value expected. */
function wordsOf(code: string): string {
  return code.replaceAll(/(?<=.)[A-Z]/g, (letter) => ` ${letter}`).toLowerCase();
}
