import { changeLines, defectiveRelease } from '../kit/defective-release.ts'

/** That something went wrong is known; where, is not. */
export const errorsWithoutStack = defectiveRelease({
  name: 'errors-without-stack',
  title: 'Errors are logged without their stack',
  summary: 'A release logs the type and the message of an error, and nothing else of it',
  code: changeLines(`line => {
  const { error, ...rest } = JSON.parse(line)
  return JSON.stringify(error === undefined ? rest : { ...rest, error: { type: error.type, message: error.message } })
}`),
})
