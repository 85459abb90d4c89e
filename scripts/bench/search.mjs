// How well and how fast the search finds, by the index of the site that was built last: how many of the searches that nobody may tune it
// with miss their page, how long a search takes, and what is loaded for the first one.
//
//   npm run build && npm run bench -- search
//   npm run bench -- search --json
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { loadSources } from './load-sources.mjs'
import { parseOptions } from './parse-options.mjs'
import { printRows } from './print-rows.mjs'

const { json } = parseOptions({ json: { type: 'boolean', default: false } })
const { openSearch, BLIND_SEARCHES, FROZEN_SEARCHES, SEARCHES } = await loadSources(`
  export { openSearch } from './src/search/index.ts'
  export { BLIND_SEARCHES, FROZEN_SEARCHES, SEARCHES } from './test/site/searches.ts'
`)
const { index } = JSON.parse(readFileSync('build/site-facts.json', 'utf8'))
const text = JSON.stringify(index)

const opening = time(() => openSearch(JSON.parse(text)))
const find = opening.result
const times = []
const share = searches => {
  const missed = searches.filter(([words, wanted]) => {
    const { result, milliseconds } = time(() => find(words))
    times.push(milliseconds)
    const opened = result.hits[0]?.url.split('#')[0].replace(/(.)\/$/, '$1')
    return ![wanted].flat().includes(opened)
  })
  return Math.round((1000 * missed.length) / searches.length) / 10
}
const frozen = share(FROZEN_SEARCHES)
const tuned = share(SEARCHES)
const blind = share(BLIND_SEARCHES)
const sorted = times.toSorted((a, b) => a - b)
printRows(
  [
    {
      name: `searches put aside that miss their page, of ${FROZEN_SEARCHES.length}`,
      value: frozen,
      unit: '%',
      goal: 5,
    },
    { name: `searches it may be tuned with that miss, of ${SEARCHES.length}`, value: tuned, unit: '%', goal: 10 },
    { name: `searches of strangers that miss, of ${BLIND_SEARCHES.length}`, value: blind, unit: '%', goal: 30 },
    {
      name: 'a search, 95th percentile, of a processor',
      value: round(sorted[Math.floor(sorted.length * 0.95)]),
      unit: 'ms',
      goal: 50,
    },
    { name: 'making the index ready, once, of a processor', value: round(opening.milliseconds), unit: 'ms', goal: 250 },
    { name: 'the index, compressed', value: Math.round(gzipSync(text).length / 1000), unit: 'kB', goal: 150 },
  ],
  json,
)

/** In time of a processor, which is the fairer on a machine that does other work: there, the time that passes is mostly that of others. */
function time(work) {
  const begun = process.cpuUsage()
  const result = work()
  const { user, system } = process.cpuUsage(begun)
  return { result, milliseconds: (user + system) / 1000 }
}

function round(milliseconds) {
  return Math.round(milliseconds * 10) / 10
}
