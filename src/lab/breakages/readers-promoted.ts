import { changeKeys, defectiveRelease } from '../kit/defective-release.ts'

/** Two roles that somebody found hard to tell apart. */
export const readersPromoted = defectiveRelease({
  name: 'readers-promoted',
  title: 'Keys that may only read may do everything',
  summary: 'A release takes every key of the role read for one of the role operate',
  code: changeKeys(`key => key.role === 'read' ? { ...key, role: 'operate' } : key`),
})
