import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { packSite } from '../../../src/operate/index.ts'

let root: string
const ports = () => ({ cwd: root, bundles: resolve('dist'), env: process.env })
const PAGE = '# Full\n'

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'handbook-pack-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  mkdirSync(join(root, 'runbooks'))
  mkdirSync(join(root, 'build/runbooks/full'), { recursive: true })
  mkdirSync(join(root, 'build/assets/js'), { recursive: true })
  writeFileSync(join(root, 'handbook.yaml'), 'url: https://x.example\n')
  writeFileSync(join(root, 'runbooks/full.md'), PAGE)
  writeFileSync(join(root, 'build/index.html'), '<!doctype html><a href="/base/runbooks/full">Full</a>')
  writeFileSync(join(root, 'build/runbooks/full/index.html'), '<!doctype html><h1>Full</h1>')
  writeFileSync(join(root, 'build/assets/js/main.js'), 'run()')
  const contentHash = createHash('sha256').update(PAGE).digest('hex')
  const pages = [{ path: 'runbooks/full.md', permalink: '/base/runbooks/full', contentHash, provenUntil: '2027-02-27' }]
  const index = { entries: [{ url: '/base/runbooks/full#usage' }], words: {} }
  const facts = { title: 'Our handbook', baseUrl: '/base/', date: '2026-11-29', pages, index }
  writeFileSync(join(root, 'build/site-facts.json'), JSON.stringify(facts))
})

it('writes a dated folder beside the caller, with the links of a site below a path', async () => {
  const pack = await packSite({}, ports())
  const folder = join(root, 'our-handbook-2026-11-29')
  expect(pack).toEqual({ folder, date: '2026-11-29', pages: 2, provenUntil: '2027-02-27', onCall: 'not-said' })
  expect(readFileSync(join(folder, 'index.html'), 'utf8')).toContain('href="runbooks/full/index.html"')
  expect(readFileSync(join(folder, 'runbooks/full/index.html'), 'utf8')).toContain('data-proven-until="2027-02-27"')
  expect(readFileSync(join(folder, 'search-index.js'), 'utf8')).toContain('"runbooks/full/index.html#usage"')
  expect(existsSync(join(folder, 'assets/js/main.js'))).toBe(false)
})

it('refuses a site that is older than its pages, and names one of them', async () => {
  writeFileSync(join(root, 'runbooks/full.md'), '# Full again\n')
  await expect(packSite({}, ports())).rejects.toThrow('runbooks/full.md changed since')
  expect(existsSync(join(root, 'our-handbook-2026-11-29'))).toBe(false)
})

it.each([
  ['a folder without a site', { site: 'runbooks' }, 'There is no built site in'],
  ['a folder that is taken', { to: 'runbooks' }, 'is there already'],
  ['a folder that cannot be', { to: 'handbook.yaml/x' }, 'cannot be made'],
])('refuses %s', async (_, options, message) => {
  await expect(packSite(options, ports())).rejects.toThrow(message)
})

it('refuses facts that no build has written', async () => {
  for (const text of ['{', '{}', '[]']) {
    writeFileSync(join(root, 'build/site-facts.json'), text)
    await expect(packSite({}, ports())).rejects.toThrow('is not what a build writes')
  }
})

describe('whom to call', () => {
  const withRota = (rota: string | undefined) => {
    writeFileSync(
      join(root, 'handbook.yaml'),
      'url: https://x.example\nowners: { db: { name: Database, contact: "#db" } }\nonCall: { file: rota.yaml, validFor: 7d }\n',
    )
    if (rota !== undefined) writeFileSync(join(root, 'rota.yaml'), rota)
    return packSite({ to: 'pack' }, ports())
  }

  it('is a page of the pack, with everybody’s shift, and each page leads there', async () => {
    const pack = await withRota(
      `written: 2026-11-20T08:00:00Z
people:
  - { team: db, name: Ada <Lovelace>, telephone: "+49 30 1", from: 2026-11-23T08:00:00Z, until: 2026-11-30T08:00:00Z }
  - { team: db, name: Grace, telephone: "+49 30 2", after: 10 }
outside:
  - { name: Hosting, telephone: "+49 30 3", for: the network is down }
`,
    )
    expect(pack.onCall).toBe('known')
    const page = readFileSync(join(root, 'pack/whom-to-call.html'), 'utf8')
    for (const text of [
      'Ada &lt;Lovelace',
      '+49 30 1',
      'from 2026-11-23 08:00 until 2026-11-30 08:00',
      'after 10 min',
      '+49 30 3',
    ])
      expect(page).toContain(text)
    expect(page).toContain('data-packed="2026-11-29"')
    expect(readFileSync(join(root, 'pack/runbooks/full/index.html'), 'utf8')).toContain(
      'href="../../whom-to-call.html"',
    )
  })

  it('is said to be unknown when the rota cannot be read', async () => {
    expect(await withRota(undefined)).toMatchObject({ onCall: { unknown: 'rota.yaml: there is no such file' } })
    expect(existsSync(join(root, 'pack/whom-to-call.html'))).toBe(false)
    expect(readFileSync(join(root, 'pack/index.html'), 'utf8')).not.toContain('Whom to call')
  })
})
