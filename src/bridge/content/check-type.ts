import { fileTypeFromFile } from 'file-type'
import { BridgeProblem } from '../problem/bridge-problem.ts'
import { alwaysRecognised, families, textExtensions, unmistakable } from './extensions.ts'

/** Refuses a file whose bytes are of another type than its extension says; returns whether it is a ZIP archive. */
export async function checkType(path: string, name: string): Promise<boolean> {
  const found = (await fileTypeFromFile(path))?.ext
  const claimed = extensionOf(name)
  if (claimed !== undefined && !agree(claimed, found)) {
    const detail =
      found === undefined
        ? `The name ends in .${claimed}, the bytes are not that`
        : `The name ends in .${claimed}, the bytes are ${found}`
    throw new BridgeProblem('content-type-mismatch', { detail })
  }
  return found !== undefined && familyOf(found).includes('zip')
}

// What has no well-known extension may be anything: there is nothing to disagree with.
function agree(claimed: string, found: string | undefined): boolean {
  if (textExtensions.has(claimed)) return found === undefined || !unmistakable.has(found)
  if (!alwaysRecognised.has(claimed)) return true
  return found !== undefined && familyOf(claimed).includes(found)
}

function familyOf(extension: string): readonly string[] {
  return families.find(family => family.includes(extension)) ?? [extension]
}

function extensionOf(name: string): string | undefined {
  return /[^.]\.([\da-z]{1,8})$/i.exec(name)?.[1]?.toLowerCase()
}
