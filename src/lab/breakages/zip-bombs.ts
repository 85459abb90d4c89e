import { editedConfiguration } from '../kit/edited-configuration.ts'

/** Somebody's archive of log files was refused. */
export const zipBombs = editedConfiguration({
  name: 'zip-bombs',
  title: 'Archives may unpack to anything',
  summary: 'limits.archive.ratio is 100000 in the configuration: a ZIP may unpack to that many times its size',
  set: { 'limits.archive.ratio': 100_000 },
})
