import { expect, test } from 'vitest'
import { readSettings } from '../../../src/lab/deployment/read-settings.ts'
import { readLabStatus } from '../../../src/lab-port/index.ts'
import { provideLab } from '../../guides/provide-lab.ts'

const { lab } = provideLab()

const look = async () => {
  const status = readLabStatus(lab().status())
  if (!status) throw new Error('the lab is down')
  return readSettings(status)
}

test('every part of what operators set is read, and a defective release shows until it is healed', async () => {
  const before = await look()
  expect(before).toMatchObject({ 'deliveries paused': 'false', 'admission open': 'true', 'log.level': '"info"' })
  for (const kind of ['index ', 'key ', 'connections of role ', 'beside the uploads: '])
    expect(Object.keys(before).filter(name => name.startsWith(kind))).not.toEqual([])
  await lab().break('bad-deployment')
  expect((await look()).release).not.toBe(before.release)
  await lab().heal()
  expect(await look()).toEqual(before)
})

test('what cannot be read is no setting', async () => {
  const status = readLabStatus(lab().status())
  if (!status) throw new Error('the lab is down')
  const target = { ...status.target, databaseAdministratorFile: '/nowhere' }
  await expect(readSettings({ ...status, target })).rejects.toThrow('cannot be read: roles of the database')
})
