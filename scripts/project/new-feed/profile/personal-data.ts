/**
 * Names of personal data in headers: parts of names in English, German, French and Spanish, without marks on letters.
 */
const NAMES =
  /(^|_)(e_?mail|mail|phone|tel|telefon|telephone|mobile?|handy|fax|iban|bic|ssn|social_security|passport|tax_id|steuer_?(id|nummer|nr)|tax_number|konto_?(nummer|nr)|account_(number|no)|sozialversicherung\w*|insurance_(number|no)|contact|kontakt|ansprechpartner|birth\w*|dob|geburt\w*|geb_datum|naissance|nacimiento|(first|last|given|family|full|middle|maiden|user|customer|contact|person|patient|employee)_?name|surname|vorname|nachname|prenom|apellido|address|adresse|anschrift|direccion|street|strasse|rue|zip|plz|postcode|postal_code|salary|gehalt|salaire|password|passwort|token|secret|credit_card|card_number|ip|ip_address|gender|geschlecht|sexe|religion|nationality|license_plate|kennzeichen)(_|$)/;

const VALUES: readonly (readonly [what: string, pattern: RegExp])[] = [
  ["mail addresses", /^[^\s@]+@[^\s@]+\.[^\s@]{2,}$/],
  ["IBANs", /^[A-Z]{2}\d{2}( ?[A-Z0-9]{4}){3,7}( ?[A-Z0-9]{1,3})?$/],
  ["IP addresses", /^(\d{1,3}\.){3}\d{1,3}$/],
  ["telephone numbers", /^(\+|00)\d[\d\s()/-]{7,18}$/],
];
/** The number of a column's values that are checked. */
const LOOKED_AT = 1_000;
const LONGEST = 100;

/** The kind of personal data that a column's name shows, if any. @param name in lower case, with underscores */
export function isPersonalName(name: string): boolean {
  return NAMES.test(name);
}

/** Counts the first values of a column that look like personal data. */
export class PersonalValues {
  #seen = 0;
  readonly #counts = VALUES.map(() => 0);

  take(bytes: Buffer, from: number, to: number): void {
    if (this.#seen === LOOKED_AT) return;
    this.#seen += 1;
    if (to - from > LONGEST) return;
    const text = bytes.toString("utf8", from, to);
    for (const [at, [, pattern]] of VALUES.entries())
      if (pattern.test(text)) this.#counts[at] = (this.#counts[at] ?? 0) + 1;
  }

  /** The kind of more than half of them. */
  get kind(): string | undefined {
    return VALUES.find((_, at) => (this.#counts[at] ?? 0) * 2 > this.#seen)?.[0];
  }
}
