import { type ConfigurationKey, listConfigurationKeys } from '../../src/bridge/index.ts'

/** Every key of the service's configuration, section by section: a key that is not in the schema is in no table. */
export const configurationKeys = async () => {
  const keys = listConfigurationKeys()
  const sections = [...new Set(keys.map(sectionOf))]
  return sections
    .flatMap(section => [titleOf(section), describeTable(keys.filter(key => sectionOf(key) === section))])
    .join('\n\n')
}

function sectionOf({ path }: ConfigurationKey): string {
  return path.length > 1 ? (path[0] ?? '') : ''
}

function titleOf(section: string): string {
  return section === '' ? '### Everywhere' : `### \`${section}\``
}

function describeTable(keys: readonly ConfigurationKey[]): string {
  const rows = keys.map(key =>
    [
      `\`${key.key}\`<br/>\`${key.env}\``,
      key.description,
      `${key.type}${key.secret ? ', secret' : ''}<br/>${describeDefault(key)}`,
      key.reload ? 'yes' : 'no',
    ].join(' | '),
  )
  return [
    '| key and variable | means | type and default | at run time |',
    '| --- | --- | --- | --- |',
    ...rows.map(row => `| ${row} |`),
  ].join('\n')
}

function describeDefault({ required, default: value }: ConfigurationKey): string {
  if (required) return 'must be set'
  return value === undefined ? 'no default' : `\`${String(value)}\``
}
