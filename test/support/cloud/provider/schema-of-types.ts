/** Fields of `GetProviderSchema.Response` (tfplugin5.proto) that hold a schema for each name of a type. */
const KINDS = new Map([
  [2, "resource"],
  [3, "data"],
]);
/** Wire types of Protocol Buffers that occur in the response's own fields. */
const [VARINT, BYTES] = [0, 2];

interface Field {
  readonly number: number;
  /** With tag and length. */
  readonly whole: Buffer;
  /** Empty where it is a number. */
  readonly content: Buffer;
}

/** Types of resources and data sources, as `resource.aws_sqs_queue` and `data.aws_region`. */
export type TypeNames = ReadonlySet<string>;

/** The provider's answer to `GetSchema`, taken apart once. */
export class SchemaOfTypes {
  readonly #typed = new Map<string, Buffer>();
  readonly #others: Buffer[] = [];

  /** @param response a message `GetProviderSchema.Response` */
  constructor(response: Buffer) {
    for (const { number, whole, content } of fieldsOf(response)) {
      const kind = KINDS.get(number);
      if (kind === undefined) this.#others.push(whole);
      else
        for (const name of fieldsOf(content)) if (name.number === 1) this.#typed.set(`${kind}.${name.content}`, whole);
    }
  }

  /** The same message without the schemas of other types. */
  of(types: TypeNames): Buffer {
    const wanted = [...this.#typed].filter(([type]) => types.has(type)).map(([, whole]) => whole);
    return Buffer.concat([...this.#others, ...wanted]);
  }
}

function* fieldsOf(message: Buffer): Generator<Field> {
  let at = 0;
  while (at < message.length) {
    const [tag, afterTag] = readVarint(message, at);
    const wireType = tag & 7;
    if (wireType !== VARINT && wireType !== BYTES) throw new Error(`a field of wire type ${wireType} is not expected`);
    const [value, begin] = readVarint(message, afterTag);
    const end = wireType === BYTES ? begin + value : begin;
    yield { number: tag >>> 3, whole: message.subarray(at, end), content: message.subarray(begin, end) };
    at = end;
  }
}

/** @returns the number, and where the next one begins */
function readVarint(message: Buffer, from: number): readonly [number, number] {
  let [value, at, factor] = [0, from, 1];
  for (;;) {
    const byte = message.readUInt8(at++);
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) return [value, at];
    factor *= 128;
  }
}
