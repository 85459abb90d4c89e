import { createHash } from 'node:crypto'

/** The key of a press as one of this person: when somebody else sends the same key, that is another press. */
export function ownKey(person: string, key: string): string {
  return createHash('sha256')
    .update(JSON.stringify([person, key]))
    .digest('base64url')
}
