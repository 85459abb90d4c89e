import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { isMissing } from './error-code.ts'

/**
 * What is wrong with the file of an acknowledged upload, without reading it; undefined when it has as many bytes as were acknowledged.
 * Throws when the volume does not answer, or is not mounted: then nothing is known of its files.
 */
export async function findDamage(path: string, size: number): Promise<string | undefined> {
  try {
    const found = await stat(path)
    return found.size === size ? undefined : `the storage volume has ${found.size} of its ${size} bytes`
  } catch (error) {
    if (!isMissing(error)) throw error
    await stat(dirname(path))
    return 'its bytes are missing on the storage volume'
  }
}

/** What is wrong with bytes that have another SHA-256 than was acknowledged. */
export function describeOtherBytes(found: string, expected: string): string {
  return `the bytes on the volume have SHA-256 ${found}, not ${expected}`
}
