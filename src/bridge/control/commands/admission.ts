import {
  type Admission,
  admissionReasons,
  closeAdmission,
  openAdmission,
  readAdmission,
} from '../../admission/admission.ts'
import { wrongUsage } from '../control-error.ts'
import { defineControlCommand, durationOption } from '../define-control-command.ts'
import { type ControlContext, openDeployment } from '../deployment.ts'

/** `bridgectl admission status`. */
export function admissionStatusCommand(context: ControlContext) {
  return defineControlCommand(context, {
    name: 'admission status',
    description: 'Show whether new uploads are admitted',
    examples: ['admission status'],
    args: {},
    async run(args, { stdout }) {
      const { state } = await openDeployment(context, args)
      stdout(render(await readAdmission(state.path), args.json))
    },
  })
}

/** `bridgectl admission close`. */
export function closeCommand(context: ControlContext) {
  return defineControlCommand(context, {
    name: 'admission close',
    changes: true,
    description: 'Refuse new uploads; those begun go on',
    examples: ['admission close', 'admission close --reason maintenance --retry-after 5m'],
    args: {
      reason: {
        type: 'enum',
        options: [...admissionReasons],
        default: 'storage',
        description: 'What clients are told',
      },
      'retry-after': {
        type: 'string',
        valueHint: 'duration',
        default: '30s',
        description: 'When clients should try again',
      },
      note: { type: 'string', valueHint: 'text', description: 'Why, for the next operator; clients do not see it' },
    },
    async run(args, { stdout, now }) {
      const { state } = await openDeployment(context, args)
      const reason = admissionReasons.find(known => known === args.reason)
      if (reason === undefined) throw wrongUsage(`--reason is one of ${admissionReasons.join(', ')}`)
      const retryAfter = Math.max(1, Math.ceil(durationOption('retry-after', args['retry-after']) / 1000))
      await closeAdmission(state.path, {
        open: false,
        reason,
        retryAfter,
        since: now().toISOString(),
        ...(args.note ? { note: args.note } : {}),
      })
      stdout(render(await readAdmission(state.path), args.json))
    },
  })
}

/** `bridgectl admission open`. */
export function openCommand(context: ControlContext) {
  return defineControlCommand(context, {
    name: 'admission open',
    changes: true,
    description: 'Admit new uploads again',
    examples: ['admission open'],
    args: {},
    async run(args, { stdout }) {
      const { state } = await openDeployment(context, args)
      await openAdmission(state.path)
      stdout(render(await readAdmission(state.path), args.json))
    },
  })
}

function render(admission: Admission, json: boolean | undefined): string {
  if (json) return `${JSON.stringify(admission)}\n`
  if (admission.open) return 'admission is open\n'
  const { reason, since, retryAfter, note } = admission
  return `admission is closed (${note === undefined ? reason : `${reason}: ${note}`}) since ${since}; clients are told to wait ${retryAfter} s\n`
}
