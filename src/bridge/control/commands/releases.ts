import { activateRelease, readReleases } from '../../releases/releases.ts'
import { failure } from '../control-error.ts'
import { defineControlCommand } from '../define-control-command.ts'
import { type ControlContext, openDeployment } from '../deployment.ts'

/** `bridgectl releases list`. */
export function listReleasesCommand(context: ControlContext) {
  return defineControlCommand(context, {
    name: 'releases list',
    description: 'List installed releases; * marks the current one',
    examples: ['releases list', 'releases list --json | jq -r .current'],
    args: {},
    async run(args, { stdout }) {
      const { releases } = await openDeployment(context, args)
      const { installed, current, previous } = await readReleases(releases.path)
      if (args.json)
        return stdout(`${JSON.stringify({ installed, current: current ?? null, previous: previous ?? null })}\n`)
      for (const version of installed) {
        const mark = version === current ? '*' : ' '
        stdout(`${mark} ${version}${version === previous ? '  (previous)' : ''}\n`)
      }
    },
  })
}

/** `bridgectl releases current`. */
export function currentCommand(context: ControlContext) {
  return linkCommand(context, 'current', 'Print the current release')
}

/** `bridgectl releases previous`. */
export function previousCommand(context: ControlContext) {
  return linkCommand(context, 'previous', 'Print the release that was current before')
}

/** `bridgectl releases activate`. */
export function activateCommand(context: ControlContext) {
  return defineControlCommand(context, {
    name: 'releases activate',
    changes: true,
    description: 'Make an installed release the current one, for the next restart',
    examples: ['releases activate 1.4.2', 'releases activate previous'],
    args: {
      version: { type: 'positional', required: true, description: 'An installed version, or `previous`' },
    },
    async run(args, { stdout }) {
      const { releases } = await openDeployment(context, args)
      const { installed, current, previous } = await readReleases(releases.path)
      const version = args.version === 'previous' ? previous : args.version
      if (version === undefined) throw failure('there is no previous release')
      if (!installed.includes(version)) throw failure(`release ${version} is not installed in ${releases.path}`)
      await activateRelease(releases.path, version)
      const result = { current: version, previous: (version === current ? previous : current) ?? null }
      stdout(args.json ? `${JSON.stringify(result)}\n` : `${version} is current; restart the services to run it\n`)
    },
  })
}

function linkCommand(context: ControlContext, link: 'current' | 'previous', description: string) {
  return defineControlCommand(context, {
    name: `releases ${link}`,
    description,
    examples: [`releases ${link}`],
    args: {},
    async run(args, { stdout }) {
      const { releases } = await openDeployment(context, args)
      const version = (await readReleases(releases.path))[link]
      if (version === undefined) throw failure(`there is no ${link} release in ${releases.path}`)
      stdout(args.json ? `${JSON.stringify({ [link]: version })}\n` : `${version}\n`)
    },
  })
}
