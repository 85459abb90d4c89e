import { realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'

/**
 * The file of a site that a request's path means; of a folder its `index.html`. Nothing for what is not there, begins with a dot, or is
 * outside of the folder, also behind a link.
 */
export async function findFile(root: string, url: string): Promise<string | undefined> {
  const path = decode(url.split(/[?#]/, 1)[0] ?? '')
  if (path === undefined || /[\0\\]/.test(path)) return undefined
  const names = path.split('/').filter(name => name !== '')
  if (names.some(name => name.startsWith('.'))) return undefined
  const base = await realpath(root)
  const asked = join(base, ...names)
  for (const candidate of [asked, join(asked, 'index.html')]) {
    const found = await realpath(candidate).catch(() => undefined)
    if (found === undefined || !found.startsWith(base + sep)) continue
    if ((await stat(found)).isFile()) return found
  }
  return undefined
}

/** A path is decoded once: what is still encoded then is a name. */
function decode(path: string): string | undefined {
  try {
    return decodeURIComponent(path)
  } catch {
    return undefined
  }
}
