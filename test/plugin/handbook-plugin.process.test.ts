import type { PluginContentLoadedActions } from '@docusaurus/types'
import { describe, expect, it } from 'vitest'
import { HandbookError, handbookPlugin } from '../../src/plugin/index.ts'
import { layHandbook, RUNBOOK } from './temporary-handbook.ts'

const OPTIONS = { mutations: [], faults: ['filling'], today: '2026-11-23', strict: true, color: false }

async function load(root: string, more: Partial<typeof OPTIONS> = {}) {
  const printed: string[] = []
  const plugin = await handbookPlugin({ siteDir: root }, { ...OPTIONS, ...more, print: text => printed.push(text) })
  return { plugin, printed: printed.join('\n') }
}

async function fail(runbook: string): Promise<HandbookError> {
  const root = await layHandbook({ 'runbooks/sample.md': runbook })
  const error: unknown = await load(root).then(
    () => undefined,
    error => error,
  )
  if (!(error instanceof HandbookError)) throw new Error(`no HandbookError but ${String(error)}`)
  return error
}

describe('a build', () => {
  it('passes a page without mistakes, and prints what could be better', async () => {
    const { printed } = await load(await layHandbook())
    expect(printed).toMatch(/^runbooks\/sample\.md:8:\d+ warning proof-current\n/m)
    expect(printed).toContain('1 warning in 1 page')
  })

  it('ends at a misspelt parameter in a ts block, at its own place', async () => {
    const { message } = await fail(RUNBOOK.replace('params.staleAfter', 'params.staleAftr'))
    expect(message).toMatch(/^runbooks\/sample\.md:26:31 error types\n.*staleAftr/m)
    expect(message).toMatch(/^ {2}hint +.*staleAfter/m)
  })

  it('ends at a misspelt variable in a bash block', async () => {
    const { message } = await fail(RUNBOOK.replace('"$STALE_AFTER"', '"$STALE_AFTR"'))
    expect(message).toMatch(/^runbooks\/sample\.md:37:15 error bash-variable\n.*STALE_AFTR/m)
    expect(message).toMatch(/^ {2}hint /m)
  })

  it('ends at a step that undoes one that is not there', async () => {
    const { message, problems } = await fail(RUNBOOK.replace('undoes=shed', 'undoes=shedd'))
    expect(message).toMatch(/^runbooks\/sample\.md:58:1 error undoes-a-step\n.*shedd/m)
    expect(message).toMatch(/^ {2}hint +.*shed/m)
    expect(problems.every(({ file }) => file === 'runbooks/sample.md')).toBe(true)
  })

  it('ends at a suggestion of a step that is not there', async () => {
    const { message } = await fail(RUNBOOK.replace("suggest('purge'", "suggest('purgee'"))
    expect(message).toMatch(/^runbooks\/sample\.md:28:9 error types\n.*purgee/m)
  })

  it('ends at a mistake in handbook.yaml', async () => {
    const root = await layHandbook({ 'handbook.yaml': 'url: https://handbook.example\nownres: {}\n' })
    await expect(load(root)).rejects.toThrow(/^handbook\.yaml:\d+:\d+ error handbook-file\n.*ownres/m)
  })

  it('ends at a mistake in what an assessment left', async () => {
    const root = await layHandbook({ 'static/readiness/assessment.json': '{\n  "score": high\n}\n' })
    await expect(load(root)).rejects.toThrow(/^static\/readiness\/assessment\.json:2:12 error proof-file\n/m)
  })

  it('tells an author of the mistake and not of our code', async () => {
    const { stack } = await fail(RUNBOOK.replace('undoes=shed', 'undoes=shedd'))
    expect(stack).not.toMatch(/^\s+at \S+ \(/m)
  })
})

describe('while somebody writes', () => {
  it('a mistake is printed, and the site stays up', async () => {
    const root = await layHandbook({ 'runbooks/sample.md': RUNBOOK.replace('undoes=shed', 'undoes=shedd') })
    const { printed } = await load(root, { strict: false })
    expect(printed).toContain('undoes-a-step')
  })
})

describe('what the pages are given', () => {
  it('is the procedures that are published, with their alerts, owners and proofs', async () => {
    const { plugin } = await load(await layHandbook())
    await plugin.loadContent?.()
    const procedures = await readCards(plugin, [{ source: '@site/runbooks/sample.md', permalink: '/runbooks/sample' }])
    expect(procedures).toMatchObject([
      {
        id: 'sample',
        permalink: '/runbooks/sample',
        kind: 'runbook',
        alerts: [{ name: 'VolumeFilling', severities: ['critical'], summary: 'The volume fills' }],
        owner: { name: 'Storage', contact: '#storage' },
        meaning: 'The volume of uploads fills.',
        drills: [{ id: 'sample--filling', state: 'not-proven', says: 'not proven' }],
        undrilled: ['usage', 'shed', 'purge', 'it-has-room', 'admit-uploads'],
      },
    ])
  })

  it('leaves out what is not published', async () => {
    const { plugin } = await load(await layHandbook())
    expect(await readCards(plugin, [])).toEqual([])
  })

  it('says when a page has changed since it was proven, and what was measured', async () => {
    const root = await layHandbook({ 'proofs/sample--filling.json': JSON.stringify(PROOF) })
    const { plugin } = await load(root)
    const [sample] = await readCards(plugin, [{ source: '@site/runbooks/sample.md', permalink: '/x' }])
    expect(sample).toMatchObject({
      drills: [{ state: 'changed', says: 'changed since proven 2026-11-22' }],
      undrilled: ['usage', 'shed', 'purge', 'it-has-room', 'admit-uploads'],
    })
    const measures = await readData(plugin, 'measures.json', [])
    expect(measures).toHaveProperty(
      ['sample--filling', 'facts'],
      expect.arrayContaining([
        ['Healed after', '14 s'],
        ['Lost', '0'],
      ]),
    )
    expect(sample).not.toHaveProperty('drills.0.facts')
  })
})

const PROOF = {
  id: 'sample--filling',
  procedure: 'sample',
  proven: true,
  fault: 'filling',
  environment: 'lab',
  timeScale: 60,
  signal: 'alertmanager',
  alert: 'VolumeFilling',
  run: 'a-run',
  outcome: 'healed',
  steps: { run: ['usage', 'purge'], notRun: ['shed'] },
  control: 'ruled-out',
  contentHash: 'of an older page',
  commit: '0123456789abcdef',
  date: '2026-11-22T10:00:00.000Z',
  secondsToFire: 9,
  secondsToHeal: 14,
  secondsToClear: 16,
  workload: { name: 'orders', acknowledged: 60, lost: 0, counts: { shipped: 60 } },
  felt: { failedShare: 0.025, longestGapSeconds: 3 },
}

type Loaded = Awaited<ReturnType<typeof load>>['plugin']

/** The cards of procedures that the plugin gave to the pages. */
async function readCards(plugin: Loaded, docs: { source: string; permalink: string }[]): Promise<unknown[]> {
  const given = await readData(plugin, 'cards.json', docs)
  expect(given).toBeInstanceOf(Array)
  return Array.isArray(given) ? given : []
}

/** Lets the plugin meet the docs plugin's content, and returns the data of that name that it gave to the pages. */
async function readData(
  plugin: Loaded,
  wanted: string,
  docs: { source: string; permalink: string }[],
): Promise<unknown> {
  let given: unknown
  const actions: PluginContentLoadedActions = {
    addRoute: () => {},
    createData: async (name, data) => {
      if (name === wanted) given = JSON.parse(String(data))
      return name
    },
    setGlobalData: () => {},
  }
  const content = { default: { loadedVersions: [{ docs: docs.map(doc => ({ ...doc, frontMatter: {} })) }] } }
  await plugin.allContentLoaded?.({ allContent: { 'docusaurus-plugin-content-docs': content }, actions })
  return given
}
