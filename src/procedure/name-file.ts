/** A page's file name without folder and ending: its id, unless its front matter gives one. */
export function nameFile(path: string): string {
  return path.replace(/^.*\//, '').replace(/\.mdx?$/, '')
}
