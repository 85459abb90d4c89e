import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/**
 * How many clicks each page of a built site is from its front page, by its address; without scripts, so nothing that unfolds. Attributes are
 * quoted only where they must be.
 */
export async function countClicks(folder: string): Promise<ReadonlyMap<string, number>> {
  const clicks = new Map([['/', 0]])
  for (const [page, distance] of clicks) {
    const html = await readFile(join(folder, page, 'index.html'), 'utf8').catch(() => '')
    for (const [, href = ''] of html.matchAll(/<a\b[^>]*\shref="?(\/[^"#?\s>]*)/g)) {
      const address = trim(href)
      if (!clicks.has(address)) clicks.set(address, distance + 1)
    }
  }
  return clicks
}

/** Every page of a built site, by its address. */
export async function listPages(folder: string): Promise<string[]> {
  const files = await readdir(folder, { recursive: true, encoding: 'utf8' })
  return files
    .filter(file => /(?:^|\/)index\.html$/.test(file))
    .map(file => trim(`/${file.replace(/index\.html$/, '')}`))
}

/** The links of a pack that lead to no file of it, each with its page. */
export async function crawlFiles(folder: string): Promise<string[]> {
  const files = new Set(await readdir(folder, { recursive: true, encoding: 'utf8' }))
  const wrong: string[] = []
  for (const file of [...files].filter(file => file.endsWith('.html'))) {
    const html = await readFile(join(folder, file), 'utf8')
    for (const [, address = ''] of html.matchAll(/<(?:a|img|link|script)\b[^>]*\s(?:href|src)="([^"]*)"/g)) {
      const [path = ''] = address.split(/[?#]/)
      if (path === '' || /^(?:[a-z]+:|\/\/)/i.test(path)) continue
      if (path.startsWith('/') || !files.has(join(dirname(file), decodeURI(path)))) wrong.push(`${file}: ${address}`)
    }
  }
  return wrong
}

function trim(address: string): string {
  return address === '/' ? address : address.replace(/\/$/, '')
}
