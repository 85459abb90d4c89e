import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { embedReferences } from '../../../scripts/references/embed-references.ts'
import { references } from '../../../scripts/references/index.ts'

const pages = readdirSync('docs', { recursive: true, encoding: 'utf8' }).filter(name => /\.mdx?$/.test(name))

describe('the generated parts of pages', () => {
  it.each(pages)('are current in docs/%s (npm run references)', async name => {
    const text = readFileSync(join('docs', name), 'utf8')
    expect(await embedReferences(text, references)).toBe(text)
  })

  it('are replaced between their markers only', async () => {
    const page = 'a\n<!-- generated: x -->\nold\n<!-- /generated -->\nb\n'
    const written = await embedReferences(page, { x: async () => 'new\n' })
    expect(written).toBe('a\n<!-- generated: x -->\n\nnew\n\n<!-- /generated -->\nb\n')
    expect(await embedReferences(written, { x: async () => 'new\n' })).toBe(written)
  })

  it('must have somebody who writes them, and an end', async () => {
    await expect(embedReferences('<!-- generated: y -->\n<!-- /generated -->\n', {})).rejects.toThrow(
      'Nothing writes the part y',
    )
    await expect(embedReferences('<!-- generated: x -->\n', { x: async () => '' })).rejects.toThrow('never closed')
  })
})
