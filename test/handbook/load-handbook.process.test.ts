import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadHandbook, readHandbook } from '../../src/handbook/index.ts'
import { makeHandbook } from '../lint/make-handbook.ts'
import { makeProof } from '../lint/make-proof.ts'

const OPTIONS = { faults: ['storage-filling', 'downstream-down'], mutations: [], today: '2026-11-22' }
const ASSESSMENT = readFileSync('static/readiness/assessment.json', 'utf8')
const CHECKS = readFileSync('static/readiness/proofs.json', 'utf8')
const PROOF = JSON.stringify(makeProof({}), null, 2)

it('gives everything that a handbook is made of', async () => {
  const root = await makeHandbook({
    'static/proofs/example--storage-filling.json': PROOF,
    'static/readiness/assessment.json': ASSESSMENT,
    'static/readiness/proofs.json': CHECKS,
  })
  const { handbook, procedures, rules, proofs, readiness, problems } = await loadHandbook(root, OPTIONS)
  expect(handbook).toMatchObject({ root, pages: procedures.map(({ path }) => path) })
  expect(procedures.map(({ id }) => id)).toContain('another')
  expect(rules.rules.map(({ file }) => file)).toContain('static/monitoring/example.rules.yaml')
  expect(proofs).toMatchObject([{ id: 'example--storage-filling' }])
  expect(readiness.assessment).toEqual(JSON.parse(ASSESSMENT))
  expect(readiness.proofs).toEqual(JSON.parse(CHECKS).checks)
  expect(problems.filter(({ severity }) => severity === 'error').map(({ rule }) => rule)).toEqual(['script-shown'])
})

it('takes a handbook that was read already', async () => {
  const root = await makeHandbook()
  const result = await readHandbook(root)
  if ('problems' in result) throw new Error('unreadable')
  expect((await loadHandbook(result.handbook, OPTIONS)).procedures).toEqual(
    (await loadHandbook(root, OPTIONS)).procedures,
  )
})

describe('what is wrong beside the pages is a problem at its place', () => {
  const lineOf = (text: string, word: string) => text.slice(0, text.indexOf(word)).split('\n').length
  it.each([
    ['static/readiness/assessment.json', '{', 1, 2],
    ['static/readiness/assessment.json', '{\n  "score": high\n}\n', 2, 12],
    ['static/readiness/assessment.json', '<<<<<<< HEAD\n{}\n', 1, 1],
    ['static/readiness/assessment.json', '', 1, 1],
    [
      'static/readiness/assessment.json',
      ASSESSMENT.replace('"environment": "lab"', '"environment": 5'),
      lineOf(ASSESSMENT, '"environment": "lab"'),
      18,
    ],
    ['static/readiness/proofs.json', '{ "checks": {} }', 1, 13],
    ['static/readiness/proofs.json', '[]', 1, 1],
    ['static/proofs/x.json', PROOF.replace('"timeScale": 60', '"timeScale": "60"'), lineOf(PROOF, '"timeScale"'), 16],
    ['static/proofs/x.json', PROOF.replace('"timeScale": 60', '"timeScale": 60,'), lineOf(PROOF, '"timeScale"'), 19],
    ['static/proofs/x.json', PROOF.slice(0, -2), PROOF.split('\n').length - 1, 4],
  ])('%s', async (file, text, line, column) => {
    const { problems } = await loadHandbook(await makeHandbook({ [file]: text }), OPTIONS)
    const found = problems.filter(problem => problem.file === file)
    expect(found).toMatchObject([{ line, column, rule: 'proof-file', severity: 'error' }])
    for (const { message, hint } of found) expect([message, hint]).toEqual([expect.any(String), expect.any(String)])
  })

  it.each([
    ['static/readiness/assessment.json', 'proof-file'],
    ['static/proofs/x.json', 'proof-file'],
    ['static/monitoring/x.rules.yaml', 'rules-yaml'],
  ])('%s that is a folder', async (file, rule) => {
    const root = await makeHandbook()
    mkdirSync(join(root, file), { recursive: true })
    const { problems } = await loadHandbook(root, OPTIONS)
    expect(problems).toContainEqual(expect.objectContaining({ file, line: 1, column: 1, rule, severity: 'error' }))
  })

  it('a rule file that is not there, where handbook.yaml names it', async () => {
    const root = await makeHandbook({
      'handbook.yaml': 'url: https://x.example\nrules:\n  - static/monitoring\n  - gone\n',
    })
    const { problems } = await loadHandbook(root, OPTIONS)
    const place = { file: 'handbook.yaml', line: 4, column: 5, rule: 'handbook-file' }
    expect(problems).toContainEqual(expect.objectContaining(place))
  })

  it('and says nothing of it when only some pages are looked at', async () => {
    const root = await makeHandbook({ 'static/readiness/assessment.json': '{' })
    const { problems, procedures } = await loadHandbook(root, { ...OPTIONS, only: ['runbooks/another.md'] })
    expect(problems).toMatchObject([{ file: 'runbooks/another.md', rule: 'proof-current' }])
    expect(procedures.map(({ path }) => path)).toEqual(['runbooks/another.md'])
  })
})

describe('the catalogue of the assessment', () => {
  const NAMED = `${readFileSync('test/lint/handbook/handbook.yaml', 'utf8')}readiness: catalogue.yaml\n`
  const CATALOGUE =
    'areas:\n  - { id: brew, title: Brewing, priority: high, items: [{ id: brew-1, title: It brews, hours: 2 }] }\n'
  const page = (area: string, item: string) =>
    `---\ntitle: Brewing\narea: ${area}\nitems: { brew-1: It brews }\n---\n\n## Checks\n\n### It brews\n\n\`\`\`bash item=${item}\ntest -e brewed\n\`\`\`\n`
  const load = async (files: Readonly<Record<string, string>>) => {
    const { catalogue, problems } = await loadHandbook(await makeHandbook(files), OPTIONS)
    const about = problems.filter(({ file }) => /catalogue|brew|handbook\.yaml/.test(file))
    return { catalogue, found: about.map(({ file, line, column, rule }) => `${file}:${line}:${column} ${rule}`) }
  }

  it('is what pages are held against', async () => {
    const files = { 'handbook.yaml': NAMED, 'catalogue.yaml': CATALOGUE }
    const good = await load({ ...files, 'docs/brew.md': page('brew', 'brew-1') })
    expect(good).toMatchObject({ catalogue: { areas: [{ id: 'brew' }] }, found: [] })
    expect((await load({ ...files, 'docs/brew.md': page('cook', 'brew-1') })).found).toEqual([
      'docs/brew.md:3:7 known-area',
    ])
  })

  it('is a problem at its place when it is wrong or not there', async () => {
    const wrong = await load({ 'handbook.yaml': NAMED, 'catalogue.yaml': CATALOGUE.replace('hours', 'ours') })
    expect(wrong.catalogue).toBeUndefined()
    expect(wrong.found[0]).toMatch(/^catalogue\.yaml:2:\d\d handbook-file$/)
    const line = NAMED.trimEnd().split('\n').length
    expect((await load({ 'handbook.yaml': NAMED })).found).toEqual([`handbook.yaml:${line}:12 handbook-file`])
  })

  it('may be absent: pages are held against themselves', async () => {
    expect((await load({ 'docs/brew.md': page('brew', 'brew-1') })).found).toEqual([])
    expect((await load({ 'docs/brew.md': page('brew', 'brew-2') })).found).toEqual([
      'docs/brew.md:4:18 item-has-check',
      'docs/brew.md:11:1 check-item',
    ])
  })
})

it.each([
  ['is not there', undefined, 1, /no handbook\.yaml/],
  ['has a wrong key', 'url: https://x.example\nownres: {}\n', 2, /ownres/],
])('says so when handbook.yaml %s', async (_, text, line, message) => {
  const root = text === undefined ? join(await makeHandbook(), 'docs') : await makeHandbook({ 'handbook.yaml': text })
  const { problems, ...rest } = await loadHandbook(root, OPTIONS)
  expect(problems).toMatchObject([{ file: 'handbook.yaml', line, rule: 'handbook-file', hint: expect.any(String) }])
  expect(problems[0]?.message).toMatch(message)
  expect(rest).toMatchObject({ procedures: [], proofs: [], waived: [] })
  expect(rest.handbook).toBeUndefined()
})
