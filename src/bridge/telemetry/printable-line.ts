/**
 * Makes a JSON text one line to every reader: JSON leaves DEL, the C1 controls and Unicode's line ends as they are, and a
 * terminal or a log shipper may act on them.
 */
export function printableLine(json: string): string {
  return json.replace(unprintable, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

const unprintable = /[\u007f-\u009f\u2028\u2029]/g
