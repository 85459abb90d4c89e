import { readlinkSync, realpathSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { errorCode, isMissing } from './error-code.ts'

/** Where a path leads, through links, also when there is no file yet: who replaces the file must not replace a link to it. */
export function resolveLinks(path: string): string {
  try {
    return realpathSync(path)
  } catch (error) {
    if (!isMissing(error)) throw error
  }
  try {
    return resolve(dirname(path), readlinkSync(path))
  } catch (error) {
    if (!isMissing(error) && errorCode(error) !== 'EINVAL') throw error
    return path
  }
}
