// What must not keep a processor long, whatever somebody writes: pages that would take the parser minutes, pages of thousands of lines,
// beginnings of blocks that go on for ever, and ten megabytes of output in which secrets are looked for.
//
//   npm run bench -- reading
//   npm run bench -- reading --json
import { loadSources } from './load-sources.mjs'
import { parseOptions } from './parse-options.mjs'
import { printRows } from './print-rows.mjs'

const values = parseOptions({ json: { type: 'boolean', default: false } })
const { AWKWARD_SECRETS, ENDLESS, endOfImports, LONG_BEGINNINGS, parseProcedure, prepareRedaction, RICH } =
  await loadSources(`
  export { endOfImports } from './src/base/index.ts'
  export { parseProcedure } from './src/procedure/index.ts'
  export { prepareRedaction } from './src/secrets/redaction.ts'
  export { LONG_BEGINNINGS } from './test/base/long-beginnings.ts'
  export { ENDLESS, RICH } from './test/procedure/long-pages.ts'
  export { AWKWARD_SECRETS } from './test/secrets/awkward-secrets.ts'
`)

const chunk = 'an ordinary line of a log, with numbers 12345 and "quotes": /path/to/file?x=1&y=2\n'.repeat(800)
const redactor = prepareRedaction(Object.values(AWKWARD_SECRETS)).streams()
const unit = 'ms of a processor'

printRows(
  [
    { ...slowest('page that is not read', Object.entries(ENDLESS)), unit, goal: 2000 },
    { ...slowest('long page that is read', Object.entries(RICH)), unit, goal: 5000 },
    {
      name: 'beginnings of blocks without an end',
      value: measure(() => LONG_BEGINNINGS.map(endOfImports)),
      unit,
      goal: 200,
    },
    { name: '10 MB searched for secrets', value: measure(searchTenMegabytes), unit, goal: 3000 },
  ],
  values.json,
)

function slowest(what, pages) {
  const times = pages.map(([name, text]) => [name, measure(() => parseProcedure(`# Title\n\n${text}`, 'page.md'))])
  const [name, value] = times.toSorted(([, a], [, b]) => b - a)[0]
  return { name: `the slowest ${what}: ${name}`, value }
}

function searchTenMegabytes() {
  for (let at = 0; at < 160; at++) redactor.push('stdout', chunk)
  redactor.flush()
}

/** Milliseconds of this process's work, however busy the machine is. */
function measure(work) {
  const begun = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(begun)
  return Math.round((user + system) / 1000)
}
