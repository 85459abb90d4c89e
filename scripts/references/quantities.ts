import { readHandbook } from '../../src/handbook/index.ts'
import { readQuantities, readTextFrom } from '../../src/lint/index.ts'

/** The numbers that pages share, and where each comes from. Throws when their file cannot be read. */
export const quantityEntries = async () => {
  const result = await readHandbook('.')
  if (!('handbook' in result)) throw new Error('handbook.yaml cannot be read')
  const { quantities = {}, problems } = await readQuantities(result.handbook.file, readTextFrom('.'))
  if (problems[0]) throw new Error(problems[0].message)
  const rows = Object.entries(quantities).map(
    ([id, { is, value, decision, objective, measured, configuration, alert }]) => {
      const source =
        (decision && `decided: ${decision}`) ||
        (objective && `objective: ${objective}`) ||
        (measured && `measured: ${measured}`) ||
        (configuration && `configuration: \`${configuration.split('#')[1]}\``) ||
        `alert: \`${alert}\``
      return `| ${is} | ${value} | ${source} | \`${id}\` |`
    },
  )
  return ['| what | value | because | id |', '| --- | --- | --- | --- |', ...rows].join('\n')
}
