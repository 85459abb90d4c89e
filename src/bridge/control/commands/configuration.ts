import { hashConfiguration, listEffectiveValues } from '../../configuration/effective-configuration.ts'
import { listConfigurationKeys } from '../../configuration/list-keys.ts'
import { ConfigurationError, loadConfiguration, splitFiles } from '../../configuration/load-configuration.ts'
import { failure } from '../control-error.ts'
import { defineControlCommand } from '../define-control-command.ts'
import { type ControlContext, loadDeployment } from '../deployment.ts'
import { renderTable } from '../table.ts'

/** `bridgectl config show`: never prints a secret. */
export function showConfigurationCommand(context: ControlContext) {
  return defineControlCommand(context, {
    name: 'config show',
    description: 'Show every key with its value and its source; secrets are masked',
    examples: ['config show', 'config show --json | jq -r .hash'],
    args: {},
    async run(args, { stdout, columns }) {
      const { configuration, origins } = await loadDeployment(context, args)
      const keys = listEffectiveValues(configuration).map(({ key, value }) => ({
        key,
        value,
        from: origins.get(key) ?? 'default',
      }))
      const hash = hashConfiguration(configuration)
      if (args.json) return stdout(`${JSON.stringify({ hash, keys }, null, 2)}\n`)
      const table = renderTable(
        [
          { title: 'KEY', value: ({ key }) => key },
          { title: 'VALUE', value: ({ value }) => String(value ?? '-') },
          { title: 'FROM', value: ({ from }) => from, flexible: true },
        ],
        keys,
        columns,
      )
      stdout(`${table}\nhash ${hash}; durations in milliseconds, sizes in bytes\n`)
    },
  })
}

/** `bridgectl config validate`: before a deployment, and before SIGHUP. */
export function validateConfigurationCommand(context: ControlContext) {
  return defineControlCommand(context, {
    name: 'config validate',
    description: 'Check configuration files as the service would read them, with this environment',
    examples: ['config validate new.yaml', 'config validate base.yaml:production.yaml'],
    args: { file: { type: 'positional', required: true, description: 'The file, or several: base.yaml:more.yaml' } },
    async run(args, { stdout, environment }) {
      const problems = await findProblems(splitFiles(args.file), environment)
      if (args.json) stdout(`${JSON.stringify({ valid: problems.length === 0, problems })}\n`)
      else if (problems.length === 0) stdout(`${args.file} is valid\n`)
      if (problems.length > 0) throw failure(`${args.file} is wrong:\n${problems.map(each => `  ${each}`).join('\n')}`)
    },
  })
}

/** `bridgectl config reference`: needs no deployment. */
export function configurationReferenceCommand(context: ControlContext) {
  return defineControlCommand(context, {
    name: 'config reference',
    description: 'List every key with its type, default and environment variable',
    examples: ['config reference', 'config reference --json'],
    args: {},
    async run(args, { stdout }) {
      const keys = listConfigurationKeys().map(({ path: _path, ...key }) => key)
      stdout(args.json ? `${JSON.stringify(keys, null, 2)}\n` : keys.map(describe).join('\n'))
    },
  })
}

function describe(key: Omit<ReturnType<typeof listConfigurationKeys>[number], 'path'>): string {
  const fallback = key.required ? 'required' : `default ${key.default ?? 'none'}`
  const traits = [key.secret ? 'secret' : '', key.reload ? 'read again on SIGHUP' : ''].filter(trait => trait !== '')
  return `${key.key} (${[key.type, fallback, ...traits].join('; ')})\n  ${key.description}\n  ${key.env}\n`
}

async function findProblems(files: readonly string[], environment: NodeJS.ProcessEnv): Promise<readonly string[]> {
  try {
    await loadConfiguration(files, environment)
    return []
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems
    throw error
  }
}
