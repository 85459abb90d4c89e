import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { sample, sendByForm } from './support/clients.ts'
import { prepareGround } from './support/ground.ts'

const ground = prepareGround()

it('takes profiles of running programs, which go on, and leaves nothing behind', async () => {
  const deployment = await ground.deploy()
  const folder = dirname(deployment.configPath)
  const output = join(folder, 'api.cpuprofile')
  const taking = deployment.control('profile', 'cpu', 'api', '--for', '1s', '--output', output)
  const sent = await sendByForm(deployment.api.url, sample(1_000_000).bytes)
  expect(sent.status).toBe(201)
  expect(await taking).toMatchObject({ program: 'api', kind: 'cpu', milliseconds: 1000, file: output })
  const cpu: { nodes: { callFrame: { url: string } }[]; samples: number[] } = JSON.parse(await readFile(output, 'utf8'))
  expect(cpu.samples.length).toBeGreaterThan(10)
  expect(cpu.nodes.some(({ callFrame }) => callFrame.url.endsWith('api.cjs'))).toBe(true)

  const memory = await deployment.bridgectl('profile', 'memory', 'worker', '--for', '500ms')
  expect(memory).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/\.heapprofile$/) })
  expect(JSON.parse(await readFile(memory.stdout, 'utf8'))).toMatchObject({ head: { callFrame: {} } })
  expect((await readdir(join(folder, 'state'))).filter(name => name.startsWith('profile-'))).toHaveLength(1)
  expect(await readFile(join(folder, 'state', 'audit.ndjson'), 'utf8')).toContain('profile cpu')
})

it('says that a program does not run, and what it cannot profile', async () => {
  const deployment = await ground.deploy()
  await deployment.worker.end()
  const wrong = await deployment.bridgectl('profile', 'cpu', 'database')
  expect(wrong).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('one of api, worker') })
  const gone = await deployment.bridgectl('profile', 'cpu', 'worker', '--for', '10ms')
  expect(gone).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('worker did not answer') })
  expect(existsSync(join(dirname(deployment.configPath), 'state', 'profile-worker.json'))).toBe(false)
})
