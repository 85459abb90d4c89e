import { changeLines, defectiveRelease } from '../kit/defective-release.ts'

/** Somebody tries keys, and nobody sees it. */
export const unloggedFailures = defectiveRelease({
  name: 'unlogged-failures',
  title: 'Wrong keys are not logged as such',
  summary: 'A release logs a refused key like any other request that it refuses',
  code: changeLines(`line => {
  const { 'event.action': _, 'event.outcome': __, ...rest } = JSON.parse(line)
  return JSON.stringify(rest)
}`),
})
