// Warns of suites whose last whole run is not recorded in static/suites, or is older than 30 days. A warning only: a suite takes longer
// than a change should wait. A record that nobody can read is an error.
import { existsSync, readFileSync } from 'node:fs'

const DAYS = 30
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'))
const suites = Object.keys(scripts)
  .flatMap(script => /^test:(\w+)$/.exec(script)?.[1] ?? [])
  .filter(name => scripts[`test:${name}`].includes('run-suite'))

for (const suite of suites) {
  const file = `static/suites/${suite}.json`
  if (!existsSync(file)) {
    warn(suite, 'no whole run of it is recorded')
    continue
  }
  const when = readWhen(file, suite)
  if (when === undefined) {
    console.error(`${file}: error: this is no record of the suite ${suite}: run npm run test:${suite} to write it anew`)
    process.exitCode = 1
  } else {
    const days = Math.floor((Date.now() - when) / 86_400_000)
    if (days > DAYS) warn(suite, `its last whole run is ${days} days old`)
  }
}

function warn(suite, why) {
  console.error(
    `static/suites/${suite}.json: warning: ${why}, and may be ${DAYS} days old at most: npm run test:${suite}`,
  )
}

/** When a record says that all passed, in milliseconds; nothing when it does not say so. */
function readWhen(file, suite) {
  try {
    const record = JSON.parse(readFileSync(file, 'utf8'))
    const when = Date.parse(record.when)
    const whole =
      record.suite === suite && record.passed === true && record.count > 0 && /^[0-9a-f]{40}$/.test(record.commit)
    return whole && !Number.isNaN(when) ? when : undefined
  } catch {
    return undefined
  }
}
