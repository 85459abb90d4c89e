import { createHash } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Writes into every built page what it may load: nothing from elsewhere, and of what stands in the page itself only those scripts that
 * the build put there, by their hashes. Style attributes fall away, because a policy cannot name them; style sheets say the same.
 */
export async function writePolicies(folder: string): Promise<void> {
  const files = await readdir(folder, { recursive: true, encoding: 'utf8' })
  for (const file of files.filter(file => file.endsWith('.html'))) {
    const path = join(folder, file)
    await writeFile(path, addPolicy(await readFile(path, 'utf8')))
  }
}

/** A page with its policy. */
export function addPolicy(html: string): string {
  const plain = html.replaceAll(TAG, tag =>
    !tag.includes(' style=')
      ? tag
      : tag.replace(/ style=(?:"display: ?none;?"|display:none)/, HIDDEN).replace(STYLE, ''),
  )
  const scripts = [...plain.matchAll(SCRIPT)].filter(
    ([, attributes = '']) => !/\b(?:src|type=.?application)/.test(attributes),
  )
  const hashes = new Set(
    scripts.map(([, , code = '']) => `'sha256-${createHash('sha256').update(code).digest('base64')}'`),
  )
  const policy = [
    "default-src 'self'",
    ["script-src 'self'", ...hashes].join(' '),
    "style-src 'self'",
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'none'",
  ]
  return plain.replace(
    /<head[^>]*>(?:\s*<meta charset=[^>]*>)?/i,
    head => `${head}<meta http-equiv="Content-Security-Policy" content="${policy.join('; ')}">`,
  )
}

/** A tag with its attributes; what is inside quotes may hold anything. */
const TAG = /<[a-z][\w-]*(?:\s(?:"[^"]*"|'[^']*'|[^'">])*)?>/gi
const STYLE = / style=(?:"[^"]*"|'[^']*'|[^\s>]+)/
const HIDDEN = ' class="hb-hidden"'
const SCRIPT = /<script([^>]*)>([\s\S]*?)<\/script>/g
