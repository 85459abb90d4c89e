import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { query } from '../../src/lab/postgres/postgres.ts'
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
    // Eleven are a customer's: invoice-1, and invoice-10 to invoice-19.
    const { databaseUrl } = lab().status()
    await query(
      databaseUrl,
      `create function own() returns trigger language plpgsql as $$ begin
         if new.name ~ '^invoice-1\\d?\\.bin$' then new.owner := 'customer-7'; end if; return new; end $$;
       create trigger own before insert on upload_bridge.uploads for each row execute function own()`,
    )
    await lab().break('uploads-lost')
    const rows = new Set((await listStates()).map(({ id }) => id))
    // Nobody else's are brought back for one customer.
    const nobody = await run(PAGE, { restoreTo: '/tmp', client: 'somebody-else' })
    expect(readText(nobody)).toContain('0 of them are those of somebody-else. The 65 others are left as they are')
    expect(nobody.ending, tellRun(nobody)).toMatchObject({ outcome: expect.not.stringMatching(/healed|ruled-out/) })
    expect((await listStates()).filter(({ id }) => !rows.has(id))).toEqual([])
    const customers = await run(PAGE, { restoreTo: '/tmp', client: 'customer-7' })
    expect(customers.ending.outcome, tellRun(customers)).toBe('healed')
    // The canary is one more.
    const theirs = (await listStates()).filter(({ id }) => !rows.has(id))
    expect(theirs.map(({ state }) => state)).toEqual(Array.from({ length: 11 + 1 }, () => 'delivered'))
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
    expect(back.map(({ state }) => state)).toEqual(Array.from({ length: 60 + 1 }, () => 'delivered'))
  })
})
