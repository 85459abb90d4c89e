import { readdir } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'

/** The `.md` and `.mdx` files of folders, however deep, relative to the root, with forward slashes, sorted, each one once. */
export async function listPages(root: string, folders: readonly string[]): Promise<readonly string[]> {
  const pages = await Promise.all(folders.map(folder => listFolder(root, folder)))
  return [...new Set(pages.flat())].sort()
}

async function listFolder(root: string, folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true, recursive: true }).catch(() => [])
  return entries
    .filter(entry => entry.isFile() && /\.mdx?$/.test(entry.name) && !entry.name.startsWith('_'))
    .map(entry => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
}
