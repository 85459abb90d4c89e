import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import { basename, extname, join, relative, sep } from 'node:path'
import type { Problem } from '../base/index.ts'
import type { Handbook } from '../environments/index.ts'
import { HANDBOOK_FILE } from '../environments/pure.ts'
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

async function listFolder(root: string, folder: string): Promise<readonly string[]> {
  return (await walkFolder(root, folder)).pages
}

/** A file or folder that was walked past, and why. */
interface PassedOver {
  readonly path: string
  readonly why: string
  readonly hint: string
}

/**
 * A warning for everything in the folders of pages that looks like a page and is none. What begins with `_` is left out because Docusaurus
 * leaves it out, as a part of other pages.
 */
export async function findPassedOver({ root, file }: Pick<Handbook, 'root' | 'file'>): Promise<Problem[]> {
  const walks = await Promise.all(file.pages.map(folder => walkFolder(root, folder)))
  const found = new Map(walks.flatMap(({ passed }) => passed.map(one => [one.path, one] as const)))
  return [...found.values()].map(({ path, why, hint }) => {
    const message = `This was not read as a page: ${why}`
    return { file: path, line: 1, column: 1, rule: 'handbook-file', severity: 'warning', message, hint }
  })
}

/** Walks through a folder, links to files and to folders included, each folder once. */
async function walkFolder(
  root: string,
  start: string,
): Promise<{ readonly pages: readonly string[]; readonly passed: readonly PassedOver[] }> {
  const pages: string[] = []
  const passed: PassedOver[] = []
  const links: string[] = []
  const seen = new Set<string>()
  const show = (path: string) => relative(root, path).split(sep).join('/')
  const takeFile = (path: string) => {
    const name = basename(path)
    if (!/\.(?:mdx?|markdown|mdown|mkdn?)$/i.test(name)) return
    const isPart = relative(join(root, start), path)
      .split(sep)
      .some(part => part.startsWith('_'))
    if (isPart) passed.push({ path: show(path), why: 'Docusaurus leaves out names that begin with _', hint: PART })
    else if (/\.mdx?$/.test(name)) pages.push(show(path))
    else
      passed.push({
        path: show(path),
        why: `its name ends in ${extname(name)}`,
        hint: 'Rename it: pages end in .md or .mdx',
      })
  }
  const takeFolder = async (folder: string): Promise<void> => {
    seen.add(await realpath(folder).catch(() => folder))
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
    for (const entry of entries) {
      const path = join(folder, entry.name)
      if (entry.isSymbolicLink()) links.push(path)
      else if (entry.isDirectory()) await takeFolder(path)
      else if (entry.isFile()) takeFile(path)
    }
  }
  await takeFolder(join(root, start))
  for (let link = links.shift(); link !== undefined; link = links.shift()) {
    const target = await realpath(link).catch(() => undefined)
    const status = target === undefined ? undefined : await stat(target).catch(() => undefined)
    if (status?.isFile()) takeFile(link)
    else if (target !== undefined && status?.isDirectory() && !seen.has(target)) await takeFolder(link)
    else if (status?.isDirectory())
      passed.push({ path: show(link), why: 'it is a link to a folder that is read already', hint: 'Remove the link' })
    else if (/^[^.]+$|\.mdx?$/.test(basename(link)))
      passed.push({ path: show(link), why: 'it is a link that leads nowhere', hint: 'Correct the link, or remove it' })
  }
  return { pages, passed }
}

const PART = 'Rename it if it is a page; leave the name if other pages import it, for then they show it'
