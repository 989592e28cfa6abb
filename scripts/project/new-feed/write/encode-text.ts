import type { Encoding } from "../../../../etl/core/contract/contract";

/** A text in an encoding; characters that windows-1252 does not have become question marks there. */
export function encodeText(text: string, encoding: Encoding = "utf-8"): Buffer {
  switch (encoding) {
    case "utf-8":
      return Buffer.from(text);
    case "utf-16":
      return Buffer.from(`\uFEFF${text}`, "utf16le");
    case "iso-8859-1":
      return Buffer.from(text, "latin1");
    case "windows-1252": {
      // Unless fatal or a stream, Node 20 reads it as latin1.
      const decoder = new TextDecoder("windows-1252", { fatal: true });
      const characters = decoder.decode(
        Uint8Array.from({ length: 256 }, (_, byte) => byte),
        { stream: true },
      );
      const bytes = new Map(Array.from(characters, (character, byte) => [character, byte]));
      return Buffer.from(Array.from(text, (character) => bytes.get(character) ?? "?".charCodeAt(0)));
    }
  }
}
