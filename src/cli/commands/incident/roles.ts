import { defineChange } from './change-command.ts'

/** `handbook incident role`: hands a role to somebody. */
export const role = defineChange({
  name: 'role',
  description: `Hand a role to somebody, who has it once they accept it. Your own name takes it at once

  handbook incident role commander anna
  handbook incident role talks ben

Roles: commander, who leads; acts, who changes the service; talks, who tells everybody outside.`,
  args: {
    role: { type: 'positional', required: true, description: 'commander, acts or talks' },
    to: { type: 'positional', required: true, description: 'Their user name' },
  },
  read: ({ role, to }) => ({ do: 'offer', role, to }),
  done: 'Written down',
})

/** `handbook incident accept`: takes a role that was handed over. */
export const accept = defineChange({
  name: 'accept',
  description: `Accept a role that was handed to you

  handbook incident accept commander`,
  args: { role: { type: 'positional', required: true, description: 'commander, acts or talks' } },
  read: ({ role }) => ({ do: 'accept', role }),
  done: 'It is yours now',
})
