import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { ProcessRegistry } from '../../../src/lab/processes/process-registry.ts'

it('lets as many faults as there are wait for the end of the lab without a warning of Node', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lab-registry-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const warnings: string[] = []
  const note = ({ name }: Error) => void warnings.push(name)
  process.on('warning', note)
  onTestFinished(() => void process.off('warning', note))
  const self = { pid: process.pid, start: 'boot/1' }
  const { signal } = new ProcessRegistry(join(folder, 'state.json'), self, () => {}).supervision
  for (let count = 0; count < 20; count++) signal.addEventListener('abort', () => {})
  await setImmediate()
  expect(warnings).toEqual([])
})
