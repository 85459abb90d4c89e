import { readdir, readFile, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import type { Problem } from '../base/index.ts'
import { HANDBOOK_FILE, type Handbook } from '../environments/index.ts'
import { findInHandbookFile } from './find-handbook-file.ts'

/** The `.md` and `.mdx` files of folders, however deep, relative to the root, with forward slashes, sorted, each one once. */
export async function listPages(root: string, folders: readonly string[]): Promise<readonly string[]> {
  const pages = await Promise.all(folders.map(folder => listFolder(root, folder)))
  return [...new Set(pages.flat())].sort()
}

/** The Markdown files at the top of a handbook that are not pages, such as its README. */
export async function listBeside({ root, pages }: Pick<Handbook, 'root' | 'pages'>): Promise<readonly string[]> {
  const entries = await readdir(root, { withFileTypes: true }).catch(() => [])
  return entries
    .filter(entry => entry.isFile() && /\.mdx?$/i.test(entry.name) && !pages.includes(entry.name))
    .map(({ name }) => name)
    .sort()
}

/** A problem for each folder without a page that `handbook.yaml` names. Otherwise a typing mistake would silently leave out its pages. */
export async function findEmptyFolders({ root, file }: Pick<Handbook, 'root' | 'file'>): Promise<Problem[]> {
  const text = await readFile(join(root, HANDBOOK_FILE), 'utf8').catch(() => '')
  // The default folders need not exist.
  if (!/^["']?pages["']?[ \t]*:/m.test(text)) return []
  const found = await Promise.all(
    file.pages.map(async (folder, index): Promise<Problem[]> => {
      if ((await listFolder(root, folder)).length > 0) return []
      const status = await stat(join(root, folder)).catch(() => undefined)
      const why = status
        ? status.isDirectory()
          ? 'there is no page in this folder'
          : 'this is no folder'
        : 'there is no such folder'
      const place = await findInHandbookFile(root, ['pages', index])
      const message = `pages › ${folder}: ${why}`
      const hint = 'Correct the path, or remove it; pages end in .md or .mdx'
      return [{ file: HANDBOOK_FILE, ...place, rule: 'handbook-file', severity: 'error', message, hint }]
    }),
  )
  return found.flat()
}

async function listFolder(root: string, folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true, recursive: true }).catch(() => [])
  return entries
    .filter(entry => entry.isFile() && /\.mdx?$/.test(entry.name) && !entry.name.startsWith('_'))
    .map(entry => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
}
