import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { requires } from '../environment/requires.ts'
import { provideLab, readText, tellRun } from './provide-lab.ts'

const PAGE = 'runbooks/uploads-lost.md'
const LIMIT = 240_000

describe.runIf(requires('lost uploads', ['restic', 'psql', 'jq']))('the page about lost uploads', () => {
  const { lab, run, bridgectl } = provideLab()
  afterEach(() => lab().heal())

  const listStates = async () => {
    const rows = Object.values(Object(await bridgectl('uploads', 'list'))).map(Object)
    return rows.map(({ id, state }) => ({ id: String(id), state: String(state) }))
  }

  test('brings back what can be, names what cannot, and does not say that all is well', {
    timeout: LIMIT,
  }, async () => {
    await lab().break('uploads-lost')
    const rows = new Set((await listStates()).map(({ id }) => id))
    // The bytes of all that are lost go, too: the backup has 60 of the 65.
    const folder = join(lab().status().storagePath, 'uploads')
    for (const name of await readdir(folder)) if (!rows.has(name)) await rm(join(folder, name))
    const done = await run(PAGE, { restoreTo: '/tmp' })
    expect(done.ending, tellRun(done)).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining('None is lost'),
    })
    expect(readText(done)).toMatch(/^Lost for good here, ask their senders:(?: [0-9a-f]{32}){5}$/m)
    const back = (await listStates()).filter(({ id }) => !rows.has(id))
    expect(back.map(({ state }) => state)).toEqual(Array.from({ length: 60 }, () => 'delivered'))
  })
})
