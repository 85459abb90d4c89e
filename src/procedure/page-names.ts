import { parseFrontMatter } from './front-matter.ts'

/** The names of a page. */
export interface PageNames {
  /** The `id` of its front matter, or else its file's name. */
  readonly id: string
  /** The alerts that it answers. */
  readonly alerts: readonly string[]
}

/** Reads a page's names from its front matter alone. Reading the whole page as a program would take many times longer. */
export function readPageNames(text: string, path: string): PageNames {
  const { frontMatter } = parseFrontMatter(cutFrontMatter(text), path, 2)
  return { id: frontMatter.id?.normalize() ?? nameFile(path), alerts: frontMatter.alerts }
}

/** Whether a page may have this name. It compares the letters, and can be wrong only when it says yes. */
export function mayBeCalled(name: string, text: string, path: string): boolean {
  if (nameFile(path) === name) return true
  const yaml = cutFrontMatter(text).normalize()
  // An escaped letter, or a text over several lines, looks different from its value.
  return yaml.includes(name) || /\\|\s/.test(name) || yaml.includes('\\')
}

/** The YAML between the two lines of hyphens at a page's beginning; nothing when there is none, or it is never closed. */
function cutFrontMatter(text: string): string {
  const opening = /^\uFEFF?---[ \t]*(?:\r\n|\n|\r)/.exec(text)
  if (!opening) return ''
  const rest = text.slice(opening[0].length)
  const closing = /^---[ \t]*$/m.exec(rest)
  return closing ? rest.slice(0, closing.index) : ''
}

/** A page's file name without folder and ending: its id, unless its front matter gives one. Letters that look the same are the same. */
export function nameFile(path: string): string {
  return path
    .replace(/^.*\//, '')
    .replace(/\.mdx?$/, '')
    .normalize()
}
