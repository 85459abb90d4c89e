import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { requires } from '../../../environment/requires.ts'
import { readProblem, sendByForm, untilState } from '../../support/clients.ts'
import type { Deployment } from '../../support/deployment.ts'
import { prepareGround } from '../../support/ground.ts'
import { type RealClamd, startRealClamd } from '../../support/real-clamd.ts'
import { scrape } from '../../support/scrape.ts'
import { until } from '../../support/until.ts'

const ground = prepareGround()
const owner = 'address:127.0.0.1'

async function deployWithScanner(
  retainDelivered = '1h',
): Promise<{ readonly deployment: Deployment; readonly clamd: RealClamd }> {
  const clamd = await startRealClamd(ground.get().folder, 'a bad word')
  const deployment = await ground.deploy({
    configuration: { scan: { address: clamd.address, timeout: '5s' }, storage: { retainDelivered } },
  })
  return { deployment, clamd }
}

describe.runIf(requires('uploads and a real malware scanner', ['clamd']))('with a real clamd', () => {
  it('what was taken before the scanner knew it is found when it is scanned again, until its bytes are gone', async () => {
    const { deployment, clamd } = await deployWithScanner('2s')
    const { api, bridgectl, control, storagePath } = deployment
    try {
      await bridgectl('deliveries', 'pause', '--reason', 'the bytes must stay')
      const refused = await sendByForm(api.url, Buffer.from('a bad word, and more'), 'a.bin')
      expect(await readProblem(refused)).toMatchObject({ status: 422, code: 'malware-found' })
      const { id } = Object(await (await sendByForm(api.url, Buffer.from('worse than that'), 'b.bin')).json())
      expect(await control('uploads', 'scan', '--owner', owner)).toMatchObject([{ id, name: 'b.bin', result: 'clean' }])

      await clamd.learn('worse')
      await until('clamd has read its signatures', async () => {
        const scanned = await control('uploads', 'scan', '--owner', owner)
        return Object(scanned)[0].result === 'infected'
      })
      expect((await bridgectl('uploads', 'scan', '--owner', owner)).stdout).toMatch(`Test.worse.UNOFFICIAL  b.bin`)

      await bridgectl('deliveries', 'resume')
      await untilState(api.url, id, 'delivered')
      await until('the bytes are gone', async () => (await readdir(join(storagePath, 'uploads'))).length === 0)
      expect(await control('uploads', 'scan', '--owner', owner)).toMatchObject([{ state: 'delivered', result: 'gone' }])
    } finally {
      await clamd.stop()
    }
  })

  it('a client that sent nothing, and a scanner that does not answer, are errors and no clean uploads', async () => {
    const { deployment, clamd } = await deployWithScanner()
    const { api, bridgectl } = deployment
    await sendByForm(api.url, Buffer.from('hello'), 'a.bin')
    expect(await bridgectl('uploads', 'scan', '--owner', 'key:nobody')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('no acknowledged upload of key:nobody is known'),
    })
    await clamd.stop()
    expect(await bridgectl('uploads', 'scan', '--owner', owner)).toMatchObject({ exitCode: 1, stdout: '' })
    expect((await bridgectl('uploads', 'scan')).exitCode).toBe(2)
  })

  it('the API tells whether the scanner answers, and nothing where none is set', async () => {
    const up = 'upload_bridge_scanner_up'
    const { deployment, clamd } = await deployWithScanner()
    expect((await scrape(deployment.api.url)).get(up)).toBe(1)
    clamd.freeze()
    expect((await scrape(deployment.api.url)).get(up)).toBe(0)
    await clamd.stop()
    expect((await scrape(deployment.api.url)).get(up)).toBe(0)
    const without = await ground.deploy()
    expect((await scrape(without.api.url)).has(up)).toBe(false)
  })
})
