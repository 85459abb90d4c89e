import { describe, expect, it } from 'vitest'
import { makeSearchIndex, openSearch, type SearchEntry, type SearchIndex } from '../../src/search/index.ts'

const entry = (url: string, title: string, more: Partial<SearchEntry> = {}): SearchEntry => ({
  url,
  kind: 'guide',
  title,
  text: '',
  ...more,
})

const ENTRIES: readonly SearchEntry[] = [
  entry('/monitoring#WebDiskFilling', 'WebDiskFilling', { page: 'Monitoring', text: 'The disk is filling up' }),
  entry('/write', 'Write a page of the queue', { kind: 'contributing', keywords: ['front matter'] }),
  entry('/disk', 'The disk is filling up', {
    kind: 'runbook',
    alerts: ['WebDiskFilling'],
    keywords: ['507', 'no space left on device'],
    parts: 'Delete stale partials',
  }),
  entry('/queue', 'The queue grows', { kind: 'runbook', alerts: ['WebQueueGrowing'], keywords: ['backlog'] }),
  entry('/help#stuck', 'My file is stuck at 99 %', { kind: 'symptom', page: 'Help' }),
  entry('/roll-back', 'Roll back a release', { text: 'The queue is not touched' }),
  entry('/postmortem', 'Postmortem', { text: 'deliveries that were late' }),
  entry('/closed', 'Admission was left closed', { kind: 'runbook', keywords: ['503', '507'], text: 'Short page' }),
  entry('/postgres', 'The database is down', { kind: 'runbook', alerts: ['WebDatabaseDown'] }),
  entry('/api', 'The API is down', { kind: 'runbook', alerts: ['WebApiDown'], text: 'db' }),
  entry('/recovery', 'Backup and recovery', { text: 'restore drill' }),
  entry('/restore-drill', 'Practice', { text: 'Once a month' }),
]

/** As the browser gets it: as JSON. */
function open(entries = ENTRIES) {
  const index: SearchIndex = JSON.parse(JSON.stringify(makeSearchIndex(entries)))
  return openSearch(index)
}
const find = open()
const first = (typed: string) => find(typed).hits[0]?.url

describe('the first hit', () => {
  it.each([
    ['WebDiskFilling', '/disk'],
    ['webdiskfilling', '/disk'],
    ['[FIRING:1] WebDiskFilling (critical)', '/disk'],
    ['disk filling', '/disk'],
    ['507', '/disk'],
    ['507 insufficient storage', '/disk'],
    ['stale partials', '/disk'],
    ['space left no device on', '/disk'],
    ['grows the queue', '/queue'],
    ['drill restored', '/restore-drill'],
    ['DbDown', '/postgres'],
    ['the db is down since today', '/postgres'],
    ['release after rollback', '/roll-back'],
    ['stuck at 99%', '/help#stuck'],
    ['stuck at 99 %', '/help#stuck'],
    ['rollback', '/roll-back'],
    ['post mortem', '/postmortem'],
    ['delivery late', '/postmortem'],
    ['postmo', '/postmortem'],
    ['how do I write a page', '/write'],
  ])('of %s is %s', (typed, url) => {
    expect(first(typed)).toBe(url)
  })

  it.each([
    ['WebDiskFiling', '/disk'],
    ['WbeQueueGrowing', '/queue'],
    ['qeueu', '/queue'],
    ['baklog', '/queue'],
    ['posmortem', '/postmortem'],
    ['no spcae left', '/disk'],
  ])('of %s, which is misspelt, is %s', (typed, url) => {
    expect(first(typed)).toBe(url)
  })
})

it('an alert that does not exist has the nearest, and the answer says that there is none of this name', () => {
  const { hits, unknownName } = find('WebDiskFull')
  expect(hits[0]?.url).toBe('/disk')
  expect(unknownName).toBe('WebDiskFull')
  expect(find('WebDiskFilling')).not.toHaveProperty('unknownName')
})

describe('a percentage alone', () => {
  it.each(['99%', '99 %', '99 percent', '99 per cent', 'at 99%'])('%s finds what speaks of it', typed => {
    expect(find(typed)).toEqual({ hits: [expect.objectContaining({ url: '/help#stuck' })] })
  })

  it.each(['97%', '97 %', '97,4 %', '12%'])('%s, of which nothing speaks, finds the nearest, and says so', typed => {
    const { hits, note } = find(typed)
    expect(hits.map(({ url }) => url)).toEqual(['/help#stuck'])
    expect(note).toBe(`Nothing was found for ${Number.parseFloat(typed.replace(',', '.'))} %. The nearest is 99 %:`)
  })

  it('finds nothing where no percentage is, and the others where some is', () => {
    const several = [20, 80, 99.9].map(number => entry(`/${number}`, `More than ${number} % are used`))
    const nearest = (typed: string) => open(several)(typed).hits[0]?.url
    expect(['1%', '49%', '51%', '95%', '100%'].map(nearest)).toEqual(['/20', '/20', '/80', '/99.9', '/99.9'])
    expect(open([entry('/queue', 'The queue')])('97%')).toEqual({ hits: [] })
  })
})

it('runbooks come before what only mentions the words, and pages for contributors come last', () => {
  const urls = find('queue').hits.map(({ url }) => url)
  expect(urls[0]).toBe('/queue')
  expect(urls.at(-1)).toBe('/write')
  expect(first('front matter')).toBe('/write')
})

it.each(['', '   ', '%', 'the', '?!*(', 'zzzzzzzz', 'x'.repeat(5000), '\u0000', '[FIRING:1]'])(
  'of %j finds nothing, or something, and never breaks',
  typed => {
    expect(Array.isArray(find(typed).hits)).toBe(true)
  },
)

it('shows no text of the entries, which would make the index large', () => {
  expect(JSON.stringify(find('disk').hits)).not.toContain('stale')
})
