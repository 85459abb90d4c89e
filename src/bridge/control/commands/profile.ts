import { randomUUID } from 'node:crypto'
import { access, copyFile, rm } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { type ProfileRequest, profiledPrograms, profileFile, profileRequestFile } from '../../profiling/profiling.ts'
import { isMissing } from '../../storage/error-code.ts'
import { giveToFolderOwner, makeFolder } from '../../storage/ownership.ts'
import { replaceFile } from '../../storage/replace-file.ts'
import { failure, wrongUsage } from '../control-error.ts'
import { defineControlCommand, durationOption } from '../define-control-command.ts'
import { type ControlContext, openDeployment } from '../deployment.ts'

const about: Readonly<Record<ProfileRequest['kind'], string>> = {
  cpu: 'Show where the time of a running program goes, without a restart',
  memory: 'Show which functions of a running program allocate, without a restart',
}

/** `bridgectl profile cpu` and `bridgectl profile memory`. */
export function profileCommand(context: ControlContext, kind: ProfileRequest['kind']) {
  return defineControlCommand(context, {
    name: `profile ${kind}`,
    changes: true,
    description: about[kind],
    examples: [`profile ${kind} api --for 10s --output api.${kind}profile`, `profile ${kind} worker`],
    args: {
      program: { type: 'positional', required: true, description: `One of ${profiledPrograms.join(', ')}` },
      for: { type: 'string', valueHint: 'duration', default: '10s', description: 'Length of the profile' },
      output: { type: 'string', valueHint: 'file', description: 'File of the profile; by default in the state folder' },
    },
    async run(args, { stdout }) {
      const program = profiledPrograms.find(known => known === args.program)
      if (program === undefined) throw wrongUsage(`a profile is of one of ${profiledPrograms.join(', ')}`)
      const duration = durationOption('for', args.for)
      if (duration < 1) throw wrongUsage('--for wants a duration above 0')
      const { state } = await openDeployment(context, args)
      const request = { id: randomUUID(), kind, duration }
      makeFolder(state.path)
      const file = await ask(state.path, profileRequestFile(state.path, program), request, args.output)
      if (file === undefined) {
        throw failure(
          `${program} did not answer: it does not run on this machine, or not with this deployment’s state.path`,
        )
      }
      stdout(args.json ? `${JSON.stringify({ program, kind, milliseconds: duration, file })}\n` : `${file}\n`)
    },
  })
}

// Additional time to see the request and to write the answer, in milliseconds.
const patience = 10_000

async function ask(
  statePath: string,
  requestFile: string,
  request: ProfileRequest,
  output: string | undefined,
): Promise<string | undefined> {
  await replaceFile(requestFile, JSON.stringify(request), 0o600)
  const answer = profileFile(statePath, request)
  const deadline = Date.now() + request.duration + patience
  try {
    while (Date.now() < deadline) {
      await wait(100)
      if (await move(answer, output ?? answer)) return output ?? answer
    }
    return undefined
  } finally {
    await rm(requestFile, { force: true })
  }
}

async function move(from: string, to: string): Promise<boolean> {
  if (!(await exists(from))) return false
  if (from === to) return true
  const isNew = !(await exists(to))
  await copyFile(from, to)
  if (isNew) giveToFolderOwner(to)
  await rm(from)
  return true
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path)
    return true
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
}
