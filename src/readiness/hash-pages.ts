import { createHash } from 'node:crypto'
import type { Procedure } from '../procedure/index.ts'

/** SHA-256 of each page with the scripts that it embeds, by path: what an assessment or a proof of a check stands on. */
export async function hashPages(
  pages: readonly Procedure[],
  readText: (path: string) => Promise<string | undefined>,
): Promise<Record<string, string>> {
  const hashes = pages.map(async ({ path, phases }) => {
    const files = phases.flatMap(({ steps }) => steps.flatMap(({ block }) => block.file ?? []))
    const texts = await Promise.all([path, ...new Set(files)].map(async file => (await readText(file)) ?? ''))
    const plain = JSON.stringify(texts.map(text => text.replaceAll('\r\n', '\n')))
    return [path, createHash('sha256').update(plain).digest('hex')] as const
  })
  return Object.fromEntries(await Promise.all(hashes))
}
