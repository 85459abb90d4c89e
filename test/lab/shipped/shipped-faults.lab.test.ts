import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connectLab } from '../../../src/lab/index.ts'
import { findLacking } from '../../../src/lab/shipped/requirements.ts'
import { startApart } from '../../../src/lab/shipped/start-apart.ts'
import { AS_SHIPPED } from '../../../src/lab/status.ts'
import { leaveOut } from '../../environment/requires.ts'

const lacking = findLacking(process.env.PATH)
if (lacking.length > 0) leaveOut('faults of the lab as shipped', lacking.join('; '))

/** The faults that only a lab as shipped can have: of nginx, of accounts, of the administrator, and of PostgreSQL's own disk. */
const ONLY_SHIPPED = [
  'cleaner-locked-out',
  'certificate-expired',
  'certificate-expiring',
  'certificate-not-reloaded',
  'connections-used-up',
  'replication-slot-abandoned',
]

describe.runIf(lacking.length === 0)('a lab as shipped', () => {
  let directory: string
  let ended: Promise<void>

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'lab-shipped-faults-'))
    const options = { directory, bundles: resolve('dist'), rules: resolve('static/monitoring'), profile: AS_SHIPPED }
    ended = (await startApart({ ...options, prometheus: false, log: () => undefined })).ended
  })

  afterAll(async () => {
    await (await connectLab(directory))?.down({ now: true })
    await ended
    await rm(directory, { recursive: true, force: true })
  })

  test.each(ONLY_SHIPPED)('has %s until it is healed, and healing it again changes nothing', async name => {
    const lab = await connectLab(directory)
    if (!lab) throw new Error('no lab runs there')
    await lab.break(name)
    expect((await lab.status()).faults).toEqual([name])
    await lab.heal(name)
    const { faults, processes } = await lab.status()
    expect(faults).toEqual([])
    await lab.heal(name)
    expect((await lab.status()).processes).toEqual(processes)
  })
})
