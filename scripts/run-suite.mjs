// Runs the tests of a suite, which take too long for every change, and records in static/suites/NAME.json that all of them passed, when,
// and for which commit. Nothing is recorded of a part of a suite, of one that failed or left something out, or of files that no commit has.
//
//   npm run test:drills
//   npm run test:chaos -- test/scripts/bench/kill.chaos.test.ts
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const [name = '', ...words] = process.argv.slice(2)
const folder = mkdtempSync(join(tmpdir(), 'handbook-suite-'))
try {
  const outputFile = join(folder, 'results.json')
  const vitest = resolve('node_modules/vitest/vitest.mjs')
  const before = readCommit()
  const { status } = spawnSync(
    process.execPath,
    [vitest, 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${outputFile}`, ...words],
    // As in continuous integration, a test that is left out is a failure.
    { stdio: 'inherit', env: { ...process.env, TEST_SUITE: name, CI: 'true' } },
  )
  process.exitCode = status ?? 1
  if (status === 0) record(JSON.parse(readFileSync(outputFile, 'utf8')), before)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function record({ numTotalTests, numPassedTests, startTime }, commit) {
  const why = whyNot(numTotalTests, numPassedTests, commit)
  if (why !== undefined) {
    console.error(`suite ${name}: not recorded, because ${why}`)
    return
  }
  const seconds = Math.round((Date.now() - startTime) / 1000)
  const entry = {
    suite: name,
    when: new Date(startTime).toISOString(),
    commit,
    passed: true,
    count: numPassedTests,
    seconds,
  }
  mkdirSync('static/suites', { recursive: true })
  writeFileSync(`static/suites/${name}.json`, `${JSON.stringify(entry, null, 2)}\n`)
  console.log(`suite ${name}: ${numPassedTests} tests passed in ${seconds} s; recorded in static/suites/${name}.json`)
}

function whyNot(total, passed, commit) {
  if (words.length > 0) return 'only a part of it ran'
  if (total === 0 || passed !== total) return `${total - passed} of ${total} tests did not run`
  if (commit === undefined || commit !== readCommit()) return 'files differ from the commit'
  return undefined
}

/** The commit that is checked out, when no file differs from it but the records themselves. */
function readCommit() {
  const git = (...args) => spawnSync('git', args, { encoding: 'utf8' })
  const changed = git('status', '--porcelain', '--', '.', ':!static/suites')
  const head = git('rev-parse', 'HEAD')
  return changed.status === 0 && changed.stdout === '' && head.status === 0 ? head.stdout.trim() : undefined
}
