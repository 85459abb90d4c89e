import { readHandbook } from '../../src/handbook/index.ts'

/** Who is called, from the handbook file. Throws when it cannot be read. */
export const contacts = async () => {
  const result = await readHandbook('.')
  if (!('handbook' in result)) throw new Error('handbook.yaml cannot be read')
  const rows = Object.values(result.handbook.file.owners).map(
    ({ name, contact, description }) => `| ${name} | ${contact} | ${description ?? ''} |`,
  )
  return ['| whom | where | for |', '| --- | --- | --- |', ...rows].join('\n')
}
