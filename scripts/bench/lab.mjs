// How soon a fresh lab as shipped answers a customer, and how soon Prometheus has looked at it: as a copy of a kept one, and from
// nothing. From the call until the benchmark itself is answered 200, by nginx with TLS. It needs root, as that lab does.
//
//   npm run bench -- lab
//   npm run bench -- lab --rounds 5 --json
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { get } from 'node:https'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseOptions } from './parse-options.mjs'
import { medianOf, printRows } from './print-rows.mjs'

const values = parseOptions({
  rounds: { type: 'string', default: '3' },
  bundles: { type: 'string', default: 'dist' },
  json: { type: 'boolean', default: false },
})
const { lab } = createRequire(import.meta.url)(resolve(values.bundles, 'lab.cjs'))
const root = mkdtempSync(join(tmpdir(), 'handbook-lab-'))
try {
  const [nothing, answered, watched] = [[], [], []]
  for (let round = 0; round < Number(values.rounds); round++) {
    const images = join(root, `images-${round}`)
    nothing.push(await measure({ images, prometheus: true, from: 'nothing' }))
    answered.push(await measure({ images, prometheus: false, from: 'image' }))
    watched.push(await measure({ images, prometheus: true, from: 'image' }))
    rmSync(images, { recursive: true })
  }
  const row = (name, times, goal) => ({ name, value: Math.round(medianOf(times) * 100) / 100, unit: 's', goal })
  printRows(
    [
      row('a lab that is a copy answers a customer', answered, 2),
      row('a lab that is a copy, and Prometheus has looked at it', watched, 12),
      row('a lab from nothing, and Prometheus has looked at it', nothing, 12),
    ],
    values.json,
  )
} finally {
  rmSync(root, { recursive: true, force: true })
}

/** Seconds from the call until a customer is answered by a lab that is as complete as was asked. */
async function measure({ images, prometheus, from }) {
  const directory = join(root, 'lab')
  const begun = performance.now()
  const { ended } = await lab.up({
    directory,
    images,
    prometheus,
    rules: 'static/monitoring',
    timeScale: 60,
    log: () => {},
  })
  try {
    const { profile, started, url, variables } = await lab.status(directory)
    const status = await ask(`${url}/readyz`, readFileSync(variables.CURL_CA_BUNDLE ?? ''))
    const seconds = (performance.now() - begun) / 1000
    if (profile !== 'as-shipped' || started.from !== from || status !== 200)
      throw new Error(`a lab ${profile} from ${started.from} answered ${status}: that is not what is measured`)
    return seconds
  } finally {
    await lab.down(directory)
    await ended
  }
}

/** The status with which an address answers. */
function ask(url, ca) {
  return new Promise((answer, reject) => {
    get(url, { ca, agent: false }, response => answer(response.resume().statusCode)).on('error', reject)
  })
}
