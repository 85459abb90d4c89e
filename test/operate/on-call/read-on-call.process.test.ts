import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { parseHandbookFile } from '../../../src/environments/index.ts'
import { findCalls, readOnCall } from '../../../src/operate/index.ts'

const NOW = new Date('2026-11-29T20:00:00Z')
const ROTA = `
written: 2026-11-29T18:00:00Z
people:
  - { team: storage, name: Grace, telephone: "+44 20 7946 0002", after: 5 }
  - { team: storage, name: Ada, telephone: "+44 20 7946 0001", from: 2026-11-29T18:00:00Z, until: 2026-11-30T06:00:00Z }
  - { team: storage, name: Tomorrow, telephone: "+44 20 7946 0003", from: 2026-11-30T06:00:00Z }
outside:
  - { name: Downstream, telephone: "+44 20 7946 0004", for: "deliveries are refused" }
`

/** What a handbook with this `onCall` answers. */
async function ask(onCall: string, rota = ROTA) {
  const root = mkdtempSync(join(tmpdir(), 'handbook-rota-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  writeFileSync(join(root, 'rota.yaml'), rota)
  const owners = 'owners: { delivery: { name: Delivery, contact: "#d" }, storage: { name: Storage, contact: "#s" } }'
  const read = parseHandbookFile(`url: https://handbook.example\n${owners}\n${onCall}`)
  if ('problems' in read) throw new Error(JSON.stringify(read.problems))
  const known = await readOnCall({ root, file: read.file }, { env: process.env, now: NOW })
  return findCalls(known, read.file.owners, NOW)
}

it.each(['onCall: { file: rota.yaml }', 'onCall: { command: cat rota.yaml }'])(
  '%s: those whose shift it is, first who is called first, and nobody where there is nobody',
  async onCall => {
    const calls = await ask(onCall)
    expect(calls.people.map(({ team, name, after }) => [team, name, after])).toEqual([
      ['Storage', 'Ada', 0],
      ['Storage', 'Grace', 5],
    ])
    expect(calls.nobody).toEqual(['Delivery'])
    expect(calls.outside).toHaveLength(1)
    expect(calls).toMatchObject({ written: '2026-11-29T18:00:00.000Z', old: false })
  },
)

it('a rota older than it may be is old', async () => {
  expect(await ask('onCall: { file: rota.yaml, validFor: 1h }')).toMatchObject({ state: 'known', old: true })
})

it.each([
  ['onCall: { file: gone.yaml }', ROTA, 'gone.yaml: there is no such file'],
  ['onCall: { file: rota.yaml }', 'people: [{ team: storage }]', 'rota.yaml:1: people › 0 › name'],
  ['onCall: { command: exit 3 }', ROTA, 'onCall.command: ended with exit code 3'],
])('%s is unknown, with its reason', async (onCall, rota, why) => {
  const calls = await ask(onCall, rota)
  expect(calls).toMatchObject({ state: 'unknown', people: [] })
  expect(calls.why).toContain(why)
})

it('a handbook without a rota says that it names none', async () => {
  expect(await ask('')).toMatchObject({ state: 'not-said', people: [] })
})
