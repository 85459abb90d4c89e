import { expect, it } from 'vitest'
import { describeLab } from '../../src/cli/commands/lab/status.ts'
import type { LabStatus } from '../../src/lab-port/index.ts'

const STATUS: LabStatus = {
  state: 'running',
  target: {},
  places: {},
  services: {},
  path: [],
  variables: {},
  secrets: {},
  faults: [],
  processes: [],
}

it('says of a lab that an older build runs that it is older, and how to restart it; of another one nothing', () => {
  const older = describeLab({ faults: [] }, { ...STATUS, older: true })
  expect(older).toContain('This lab is older than the handbook command')
  expect(older).toContain('Restart it: handbook lab down, handbook lab up')
  expect(describeLab({ faults: [] }, STATUS)).not.toContain('older')
})
